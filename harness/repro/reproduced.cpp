#include "harness/repro/reproduced.h"

#include <algorithm>
#include <array>
#include <csignal>

#include <fmt/format.h>
#include <string.h> // NOLINT: sigabbrev_np is glibc's

namespace pep554::repro {
namespace {

bool says(const ScriptTermination& termination, std::string_view word) {
  return termination.output.starts_with(word) ||
         termination.output.find("\n" + std::string(word)) != std::string::npos;
}

bool is_late(const ScriptTermination& termination) {
  return termination.deadline ||
         (termination.status == 1 &&
          (says(termination, "Timeout (") || says(termination, "reproduced: no answer in time")));
}

// By which a process ends that its own memory errors and checks end: by which of them is chance.
bool is_of_a_crash(std::optional<int> signal) {
  constexpr std::array crashes{SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
  return signal && std::ranges::find(crashes, *signal) != crashes.end();
}

bool is_alike(const ExpectedExit& expected, const ScriptTermination& termination) {
  return termination.signal == expected.signal ||
         (is_of_a_crash(expected.signal) && is_of_a_crash(termination.signal));
}

std::optional<int> signal_of(const Termination& termination) {
  return termination.kind == Termination::Kind::signaled ? std::optional(termination.code)
                                                         : std::nullopt;
}

} // namespace

std::string signal_name(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", signal);
}

ExpectedExit expected_exit_of(const CaseResult& result, const Termination& termination) {
  using Kind = ExpectedExit::Kind;
  switch (result.verdict) {
  case Verdict::crash:
    if (termination.kind == Termination::Kind::exited)
      return {Kind::early_exit, termination.code};
    return {Kind::signal, 0, signal_of(termination)};
  case Verdict::hang:
    return {Kind::timeout};
  case Verdict::broken_at_exit:
    if (termination.kind == Termination::Kind::deadline)
      return {Kind::timeout};
    return {Kind::wrong_end, good_end, signal_of(termination)};
  case Verdict::fail:
  case Verdict::leak:
    return {Kind::exit_1};
  default:
    return {Kind::not_possible};
  }
}

bool is_reproduced(const ExpectedExit& expected, const ScriptTermination& termination) {
  using Kind = ExpectedExit::Kind;
  const bool over = says(termination, "not reproduced:");
  switch (expected.kind) {
  case Kind::exit_1:
    return termination.status == 1 && says(termination, "reproduced:") && !is_late(termination);
  case Kind::timeout:
    return is_late(termination);
  case Kind::signal:
    return termination.signal && !over && (!expected.signal || is_alike(expected, termination));
  case Kind::early_exit:
    return termination.status == expected.status && !over && !is_late(termination) &&
           !says(termination, "reproduced:") && !says(termination, "not tried:") &&
           !says(termination, "Traceback");
  case Kind::wrong_end:
    if (!over || is_late(termination))
      return false;
    return expected.signal ? termination.signal && is_alike(expected, termination)
                           : termination.status && termination.status != expected.status;
  case Kind::not_possible:
    return false;
  }
  return false;
}

std::string describe(const ScriptTermination& termination, const ExpectedExit& expected) {
  if (termination.deadline)
    return "did not end";
  if (termination.signal) {
    const std::string name = signal_name(*termination.signal);
    if (!expected.signal || termination.signal == expected.signal)
      return "ended by " + name;
    const std::string seen = signal_name(*expected.signal);
    return is_alike(expected, termination)
               ? fmt::format("by another signal ({}, where {} was seen)", name, seen)
               : fmt::format("ended by {}, where {} was seen", name, seen);
  }
  std::string line = termination.output;
  while (line.ends_with('\n'))
    line.pop_back();
  line = line.substr(line.rfind('\n') + 1);
  return fmt::format("status {}{}{}", termination.status.value_or(-1), line.empty() ? "" : ": ",
                     line);
}

} // namespace pep554::repro
