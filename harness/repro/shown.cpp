#include "harness/repro/shown.h"

#include <fmt/format.h>
#include <string.h> // NOLINT: sigabbrev_np is glibc's

namespace pep554::repro {
namespace {

bool says(const ScriptEnding& ending, std::string_view word) {
  return ending.output.starts_with(word) ||
         ending.output.find("\n" + std::string(word)) != std::string::npos;
}

bool is_late(const ScriptEnding& ending) {
  return ending.deadline || (ending.status == 1 && (says(ending, "Timeout (") ||
                                                    says(ending, "shown: no answer in time")));
}

} // namespace

Shows how_shown(const CaseResult& result, const Ending& ending) {
  using How = Shows::How;
  switch (result.verdict) {
  case Verdict::crash:
    if (ending.how == Ending::How::exited)
      return {How::left, ending.code,
              fmt::format("ends with status {} before its last line", ending.code)};
    return {How::died, 0, "ends by a signal"};
  case Verdict::hang:
    return {How::late, 0, "ends with status 1 at its deadline"};
  case Verdict::broken_at_exit:
    if (ending.how == Ending::How::deadline)
      return {How::late, 0, "ends with status 1 at its deadline"};
    return {
        How::ended, good_end,
        fmt::format("says its last line, and then ends by a signal or with another status than {}",
                    good_end)};
  case Verdict::fail:
  case Verdict::leak:
    return {How::told, 0, "ends with status 1 and says what was wrong"};
  default:
    return {How::never, 0, "no script shows it"};
  }
}

bool is_shown(const Shows& shows, const ScriptEnding& ending) {
  using How = Shows::How;
  const bool over = says(ending, "not shown:");
  switch (shows.how) {
  case How::told:
    return ending.status == 1 && says(ending, "shown:") && !is_late(ending);
  case How::late:
    return is_late(ending);
  case How::died:
    return ending.signal.has_value() && !over;
  case How::left:
    return ending.status == shows.status && !over && !is_late(ending) && !says(ending, "shown:") &&
           !says(ending, "not tried:") && !says(ending, "Traceback");
  case How::ended:
    return over && !is_late(ending) && (ending.signal || ending.status != shows.status);
  case How::never:
    return false;
  }
  return false;
}

std::string describe(const ScriptEnding& ending) {
  if (ending.deadline)
    return "did not end";
  if (ending.signal) {
    const char* name = ::sigabbrev_np(*ending.signal);
    return name != nullptr ? fmt::format("ended by SIG{}", name)
                           : fmt::format("ended by signal {}", *ending.signal);
  }
  std::string line = ending.output;
  while (line.ends_with('\n'))
    line.pop_back();
  line = line.substr(line.rfind('\n') + 1);
  return fmt::format("status {}{}{}", ending.status.value_or(-1), line.empty() ? "" : ": ", line);
}

} // namespace pep554::repro
