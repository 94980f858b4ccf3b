// The output of a property search: progress, failures and their folders, a summary.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "harness/cli/progress.h"
#include "harness/cli/throttle.h"
#include "harness/run/plain_python.h"
#include "harness/run/property_search.h"

namespace pep554 {

class SearchReport {
public:
  struct About {
    std::string target; // its name
    std::uint64_t seed = 0;
    std::uint64_t examples = 0;        // that were asked for; 0: as many as there is time for
    std::filesystem::path failures;    // the folder
    std::optional<PlainPython> python; // by which scripts are executed
    std::string on_plugin;             // how programs in C are run, for their headers
  };

  // Borrowed: the clauses outlive this.
  SearchReport(About about, const ClauseSet& clauses, Progress::Style style)
      : about_(std::move(about)), clauses_(clauses), style_(style), throttle_(about_.examples) {}

  PropertySearch::Listener listener();
  void conclude(const PropertySearch::Outcome& outcome,
                const std::vector<properties::Property>& properties);
  // An error names the first thing that could not be written.
  const Result<>& written() const { return written_; }

private:
  void known(const KnownCase& known, const std::optional<Failure>& failure);
  void example(std::uint64_t done);
  void found(const std::string& signature, std::uint64_t example,
             const properties::Property& property);
  void shrinking(const std::string& signature);
  void shrunk(const Counterexample& one);
  void show(const Counterexample& one);
  void reproduce(const Counterexample& one, const std::filesystem::path& folder);
  static void print_missing(const PropertySearch::Outcome& outcome,
                            const std::vector<properties::Property>& properties);
  AsIs fresh_line() const;

  const About about_;
  const ClauseSet& clauses_;
  const Progress::Style style_;
  Throttle throttle_;
  std::uint64_t done_ = 0;
  size_t kinds_ = 0;
  Result<> written_;
};

} // namespace pep554
