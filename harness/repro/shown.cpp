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

// With which Python gives up; empty when it does not.
std::string fatal_in(std::string_view text) {
  const size_t from = text.find("Fatal Python error: ");
  if (from == std::string_view::npos)
    return {};
  text.remove_prefix(from);
  return std::string(text.substr(0, text.find('\n')));
}

bool has_same_words(const Shows& shows, const ScriptEnding& ending) {
  return !shows.fatal.empty() && fatal_in(ending.output) == shows.fatal;
}

bool is_same_signal(const Shows& shows, const ScriptEnding& ending) {
  return ending.signal == shows.signal || has_same_words(shows, ending);
}

std::optional<int> signal_of(const Ending& ending) {
  return ending.how == Ending::How::signaled ? std::optional(ending.code) : std::nullopt;
}

} // namespace

std::string signal_name(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", signal);
}

Shows how_shown(const CaseResult& result, const Ending& ending, std::string_view said) {
  using How = Shows::How;
  switch (result.verdict) {
  case Verdict::crash:
    if (ending.how == Ending::How::exited)
      return {How::left, ending.code};
    return {How::died, 0, signal_of(ending), fatal_in(said)};
  case Verdict::hang:
    return {How::late};
  case Verdict::broken_at_exit:
    if (ending.how == Ending::How::deadline)
      return {How::late};
    return {How::ended, good_end, signal_of(ending), fatal_in(said)};
  case Verdict::fail:
  case Verdict::leak:
    return {How::told};
  default:
    return {How::never};
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
    return ending.signal && !over && (!shows.signal || is_same_signal(shows, ending));
  case How::left:
    return ending.status == shows.status && !over && !is_late(ending) && !says(ending, "shown:") &&
           !says(ending, "not tried:") && !says(ending, "Traceback");
  case How::ended:
    if (!over || is_late(ending))
      return false;
    return shows.signal ? ending.signal && is_same_signal(shows, ending)
                        : ending.status && ending.status != shows.status;
  case How::never:
    return false;
  }
  return false;
}

std::string describe(const ScriptEnding& ending, const Shows& shows) {
  if (ending.deadline)
    return "did not end";
  if (ending.signal) {
    std::string words = "ended by " + signal_name(*ending.signal);
    if (shows.signal && ending.signal != shows.signal)
      words += fmt::format(", where {} was seen{}", signal_name(*shows.signal),
                           has_same_words(shows, ending) ? ", after the same words: " + shows.fatal
                                                         : "");
    return words;
  }
  std::string line = ending.output;
  while (line.ends_with('\n'))
    line.pop_back();
  line = line.substr(line.rfind('\n') + 1);
  return fmt::format("status {}{}{}", ending.status.value_or(-1), line.empty() ? "" : ": ", line);
}

} // namespace pep554::repro
