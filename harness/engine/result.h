// The results of a run: the verdict of each case and of each clause. Reports write them to files.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/engine/expectation.h"
#include "harness/engine/verdict.h"
#include "spec/clauses.h"

namespace pep554 {

struct StepResult {
  enum class State {
    prepared,    // answered, nothing to judge
    agreed,      // answered as expected
    observed,    // answered; the question is open, so nothing is claimed
    disagreed,   // answered otherwise: `got` against `expected`
    no_answer,   // entered, never answered
    not_reached, // never entered
  };
  size_t lane = 0;
  std::string text;     // the step, as Python
  std::string code;     // the whole code of run and eval, else empty
  std::string expected; // in words; empty for a step that only prepares
  std::string got;      // in words; empty when there was no answer
  State state = State::not_reached;
};

enum class AttemptMode {
  first, // beside other programs
  alone, // a retry, with no other program beside it
  fresh, // as alone, in a process that starts a new runtime instead of forking
};

// One of several executions of a case.
struct Attempt {
  AttemptMode mode = AttemptMode::first;
  Verdict verdict = Verdict::not_run;
  std::string reason;
};

// Of a property: what was generated for it.
struct PropertyResult {
  std::uint64_t seed = 0;
  std::uint64_t examples = 0;           // that were executed
  std::uint64_t judged = 0;             // of these, those with a result
  std::uint64_t failed = 0;             // of these, those that failed
  std::optional<std::uint64_t> example; // number of the failed example whose result this is
  std::string finding; // folder of that failure, relative to the report's; empty: not shrunk
  std::string alone;   // how its script ended without pep554; empty: there is none
  bool operator==(const PropertyResult&) const = default;
};

struct CaseResult {
  std::string id; // of the case; or of a property, "property.NAME"
  std::string title;
  Source where;                     // file relative to the root of the project
  std::vector<std::string> clauses; // that it cites, and the one that its process's end violates
  Verdict verdict = Verdict::not_run;
  std::string reason;    // one sentence: what decided the verdict; empty for a pass
  std::string signature; // the kind of failure, equal in every run (signature.h); empty for a pass
  std::vector<StepResult> steps;
  std::string output_tail; // last lines of stdout and stderr when the case did not pass
  std::string trace; // stack traces of its threads when the process crashed or hung; may be empty
  std::vector<Attempt> attempts; // all of them, in order, where there were several; else empty
  std::string replay;            // the command that runs this case alone
  std::int64_t microseconds = 0;
  std::optional<PropertyResult> property = {};
};

struct ClauseResult {
  std::string id;
  ClauseKind kind = ClauseKind::stated;
  std::string quote; // verbatim; empty for a clause that only follows from others
  std::string summary;
  std::string reasoning; // of an implied clause
  std::vector<std::string> follows_from;
  Verdict verdict = Verdict::not_run;
  std::vector<std::string> cases;
};

struct TargetResult {
  std::string name;                                       // as given to --target
  std::vector<std::pair<std::string, std::string>> facts; // as the plugin describes itself
  std::string unsupported_reason; // one line when it has no subinterpreters at all, so that nothing
                                  // was asked
};

// The reason of a case that was not begun, since the run was interrupted.
inline constexpr std::string_view interrupted_reason = "the run was interrupted before";

struct RunResult {
  std::string version; // of pep554
  std::string commit;  // that it was built from; see harness/build_info/
  std::string text_sha256;
  TargetResult target;
  std::string cases_sha256; // of all cases of the tables, whether selected or not
  std::string filter;       // the filters, separated by spaces; empty: everything
  std::string shard;        // "I/N": one of N parts of the selection; empty: all of it
  std::string isolation;    // what kept judged code apart, and what is missing of it; for people
  std::string started;      // UTC, ISO 8601, seconds
  std::int64_t milliseconds = 0;
  unsigned jobs = 0;
  size_t unreached = 0;    // selected items that were not begun, since the run was interrupted or a
                           // shard is missing; among `cases` as not-run
  bool conformant = false; // every stated and implied clause was judged, and passed
  bool sound = false;      // no item, whatever it is about, leaks or has results that differ
  std::string claim;       // the sentence that a reader may quote
  std::vector<CaseResult> cases;     // sorted by id
  std::vector<ClauseResult> clauses; // in the order of the text

  std::map<Verdict, size_t> counts() const; // of cases; verdicts that did not occur are absent
};

std::string_view to_string(StepResult::State state); // "prepared", "agreed", ... "no-answer"
std::string_view to_string(AttemptMode mode);        // its name here
std::optional<AttemptMode> mode_from(std::string_view name);

} // namespace pep554
