#include "harness/engine/termination.h"

#include <csignal>
#include <cstring>

#include <fmt/format.h>

namespace pep554 {
namespace {

// Whether it made progress: one that computes may only be slow, one that waits is stuck.
std::string activity(const Termination& termination) {
  if (!termination.cpu_microseconds || !termination.idle_microseconds)
    return {};
  const double idle = static_cast<double>(*termination.idle_microseconds) / 1e6;
  const double computed = static_cast<double>(*termination.cpu_microseconds) / 1e6;
  return idle < 0.2
             ? fmt::format("; it was busy to the end, with {:.2f} s of processor time", computed)
             : fmt::format("; it was idle for {:.1f} s, with {:.2f} s of processor time", idle,
                           computed);
}

std::string describe_limit(const Termination& termination, const Limits& limits) {
  if (termination.limit == "memory")
    return fmt::format("it reached the limit of {} MiB of memory", limits.memory_bytes >> 20U);
  if (termination.limit == "processes")
    return fmt::format("more than {} processes, killed", limits.processes);
  if (termination.limit == "events")
    return "more than 64 MiB of events, killed";
  return fmt::format("more than {} bytes of output, killed", limits.output_bytes);
}

} // namespace

Verdict verdict_of(const Termination& termination) {
  switch (termination.kind) {
  case Termination::Kind::deadline:
    return Verdict::hang;
  case Termination::Kind::limit_exceeded:
    return Verdict::limit_exceeded;
  case Termination::Kind::host_fault:
    return Verdict::host_fault;
  default:
    return Verdict::crash;
  }
}

std::string name_of_signal(int number) {
  const char* name = ::sigabbrev_np(number);
  return name == nullptr ? fmt::format("signal {}", number) : fmt::format("SIG{}", name);
}

std::string describe(const Termination& termination, const Limits& limits) {
  switch (termination.kind) {
  case Termination::Kind::signaled:
    return "the process was ended by " + name_of_signal(termination.code);
  case Termination::Kind::deadline:
    return fmt::format("still running at the deadline of {} ms, killed{}", limits.deadline.count(),
                       activity(termination));
  case Termination::Kind::limit_exceeded:
    return describe_limit(termination, limits);
  case Termination::Kind::lost:
    return "the host process died while running it" +
           (termination.note.empty() ? "" : ": " + termination.note);
  case Termination::Kind::host_fault:
    return "the host is at fault: " + termination.note;
  case Termination::Kind::exited:
  case Termination::Kind::not_run:
    return fmt::format("the process exited with status {}", termination.code);
  }
  return {};
}

std::string tail(const std::string& text) {
  size_t from = text.size() > 4096 ? text.size() - 4096 : 0;
  size_t lines = 0;
  for (size_t at = text.size(); at > from; --at)
    if (text[at - 1] == '\n' && at != text.size() && ++lines == 20)
      from = at;
  while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0U) == 0x80U)
    ++from; // not in the middle of a character
  return text.substr(from);
}

} // namespace pep554
