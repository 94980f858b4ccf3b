// The verdicts of a case and of a clause, their names, and how several add up.
// A result that was not obtained is never a pass: each way of not having one has its own name.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace pep554 {

enum class Verdict {
  pass,           // every judged step answered as its clauses say
  observed,       // an open question: the outcome is recorded, nothing is claimed
  fail,           // an answer disagrees with a clause
  crash,          // the process ended by a signal, or by itself before the program's end
  hang,           // no answer at the deadline; the process group was killed
  limit_exceeded, // output, events, memory or processes; the process group was killed
  leak,           // memory, descriptors, threads, processes or files grew with each repetition
  flaky,          // the verdict differs over repeats
  broken_at_exit, // every answer was right, but the process could not finalize
  host_fault,  // the host violated its protocol or died by itself: nothing is known of the target
  unsupported, // the target does not have a feature that the case needs
  blocked,     // a step that only prepares the case failed: nothing could be judged
  not_run,     // the program was not executed
};

inline constexpr std::array all_verdicts{
    Verdict::pass,           Verdict::observed,       Verdict::fail,        Verdict::crash,
    Verdict::hang,           Verdict::limit_exceeded, Verdict::leak,        Verdict::flaky,
    Verdict::broken_at_exit, Verdict::host_fault,     Verdict::unsupported, Verdict::blocked,
    Verdict::not_run};

// The name used in results, on pages and on the terminal, e.g. "broken-at-exit". Static storage.
std::string_view to_string(Verdict verdict);
std::optional<Verdict> verdict_from(std::string_view name);

// True for the verdicts that say the target is at fault (fail, crash, hang, limit-exceeded, leak,
// flaky, broken-at-exit); false for passes and for results that were not obtained.
bool is_failure(Verdict verdict);

// The clause that the end of a process with this verdict violates, whatever its case is about;
// empty when none. Static storage.
std::string_view violated_by_the_end(Verdict end);

// True for the failures that are against no sentence of the text: leak and flaky.
bool is_unsound(Verdict verdict);

// The worse of two: a failure is worse than a missing result, which is worse than a pass, which is
// worse than an observation.
Verdict worse(Verdict left, Verdict right);

} // namespace pep554
