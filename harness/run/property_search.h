// Property-based testing of a target: executes stored failures, then generated examples of every
// property, judges their histories, and shrinks failures. One report for each kind of failure.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cases/properties/property.h"
#include "harness/engine/scheduler.h"
#include "harness/run/counterexample.h"
#include "harness/run/store.h"

namespace pep554 {

struct PropertySearchOptions {
  std::uint64_t seed = 0;
  std::uint64_t from = 0;     // the number of the first example
  std::uint64_t examples = 0; // at most
  bool first = false;         // stop after the first failure
  // The timeout per program. The first attempt gets a fifth; a program that exceeds it is run again
  // with the full deadline, unless its kind of failure is known.
  std::chrono::milliseconds deadline{10'000};
  std::chrono::milliseconds searching{0};       // no example is begun after that; 0: no end
  std::chrono::milliseconds shrinking{30'000};  // for each signature
  size_t most_kinds = 20;                       // signatures; more are counted, and not shrunk
  std::uint64_t until = ~std::uint64_t{0};      // the number behind the last example
  std::optional<std::vector<std::string>> only; // names of properties; nothing: all
};

// A stored failure, which is executed before any example.
struct KnownCase {
  std::vector<Case> cases; // one, or two that are compared
  std::string label;       // where it is stored
};

class PropertySearch {
public:
  // Each is called by one thread at a time.
  struct Listener {
    std::function<void(const KnownCase&, const std::optional<Failure>&)> known =
        [](const KnownCase&, const std::optional<Failure>&) {};
    std::function<void(std::uint64_t done)> example = [](std::uint64_t) {};
    std::function<void(const std::string& signature, std::uint64_t example,
                       const properties::Property&)>
        found = [](const std::string&, std::uint64_t, const properties::Property&) {};
    std::function<void(const std::string& signature)> shrinking = [](const std::string&) {};
    std::function<void(const Counterexample&)> shrunk = [](const Counterexample&) {};
    std::function<void(const Execution&)> executed = [](const Execution&) {}; // of an example
  };

  struct Tally { // of a property
    std::uint64_t examples = 0;
    std::uint64_t failures = 0;
    std::uint64_t not_judged = 0;
  };

  struct Outcome {
    std::vector<Counterexample> counterexamples; // in the order of their first examples
    std::map<std::string, Tally> tallies;        // by property
    std::uint64_t examples = 0;                  // that were executed
    std::uint64_t next = 0; // where to go on: of the numbers before it, every example was executed
    std::uint64_t unsupported =
        0; // of these, examples with an operation that the target does not support
    std::uint64_t unobtained = 0; // ... and those that were blocked or not run
    std::string why_unobtained;   // one of these
    size_t known_failures = 0;    // of the known cases
    size_t known_not_judged = 0;
    size_t kinds = 0;                    // signatures
    std::vector<std::string> not_shrunk; // of these, those that were too many

    std::uint64_t judged() const { return examples - unsupported - unobtained; }
  };

  // The scheduler has been started; it, the properties and the known cases outlive this. Every
  // program judges `clauses`.
  PropertySearch(Scheduler& scheduler, const std::vector<properties::Property>& properties,
                 const std::vector<KnownCase>& known, std::vector<std::string> clauses,
                 const Baseline& baseline, PropertySearchOptions options, Listener listener);

  // Before run(): an example that was executed in an earlier part of the run, and is not again.
  void add_former(const Execution& execution);

  // Once. When the scheduler is stopped meanwhile, the failures so far, as far as they are shrunk.
  Outcome run();

private:
  // One execution, of one of the programs of a known case or an example.
  struct WorkItem {
    std::uint64_t number = 0; // of the known case or the example
    bool known = false;
    size_t program = 0;
  };
  using Owner = std::pair<bool, std::uint64_t>; // known, and number
  struct Kind {                                 // failures with the same signature
    std::uint64_t count = 0;
    std::set<const properties::Property*> properties;
    std::vector<Counterexample> candidates; // the first few
  };

  Example example(std::uint64_t number) const;
  std::optional<Program> next(size_t index);
  Program quick(const Case& one) const;
  std::vector<Case> cases_of(const WorkItem& item) const;
  std::chrono::milliseconds quick() const { return options_.deadline / 5; }
  void take(const WorkItem& item, const History& history);
  void take_known(const KnownCase& known, const std::vector<History>& histories);
  void take_example(std::uint64_t number, std::vector<History> histories);
  void judge_example(std::uint64_t number, const Example& one, JudgedHistories execution);
  bool is_selected(const properties::Property& property) const;
  std::optional<JudgedHistories> retry_with_full_deadline(const Example& one,
                                                          JudgedHistories timed_out);
  void is_judged(std::uint64_t number);
  void count_missing(const JudgedHistories& execution, Tally& tally);
  void note(JudgedHistories execution, std::uint64_t number, const Example& one);
  void shrink(const std::string& signature, Kind& kind);
  void report(Counterexample one, const Kind& kind);

  Scheduler& scheduler_;
  const std::vector<properties::Property>& properties_;
  const std::vector<KnownCase>& known_;
  const std::vector<std::string> clauses_;
  const PropertySearchOptions options_;
  const Listener listener_;
  const Baseline& baseline_;
  std::chrono::steady_clock::time_point until_;

  std::mutex making_;
  std::vector<WorkItem> items_; // by index
  std::vector<WorkItem> more_;  // of what has begun
  size_t known_begun_ = 0;
  std::uint64_t numbers_ = 0;         // of examples, that were looked at
  std::uint64_t begun_ = 0;           // of these, those that are executed
  std::set<std::uint64_t> under_way_; // of these, those that have not been judged
  std::set<std::uint64_t> former_;    // that were executed in an earlier part of the run
  bool enough_ = false;               // nothing more is begun

  std::map<Owner, std::map<size_t, History>> partial_; // by program
  std::map<std::string, Kind> kinds_;                  // by signature
  std::map<std::string, std::string> known_shapes_;    // of known cases that fail: their labels
  std::set<std::string> reported_;                     // shrunk failures
  std::set<std::string> reported_kinds_;
  Outcome outcome_;
};

} // namespace pep554
