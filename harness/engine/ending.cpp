#include "harness/engine/ending.h"

#include <csignal>
#include <cstring>

#include <fmt/format.h>

namespace pep554 {
namespace {

std::string signal_name(int number) {
  const char* name = ::sigabbrev_np(number);
  return name == nullptr ? fmt::format("signal {}", number) : fmt::format("SIG{}", name);
}

// Whether it made progress: one that computes may only be slow, one that waits is stuck.
std::string activity(const Ending& ending) {
  if (!ending.cpu_microseconds || !ending.idle_microseconds)
    return {};
  const double idle = static_cast<double>(*ending.idle_microseconds) / 1e6;
  const double computed = static_cast<double>(*ending.cpu_microseconds) / 1e6;
  return idle < 0.2
             ? fmt::format("; it was at work to the end, and had computed for {:.2f} s", computed)
             : fmt::format("; it had done nothing for {:.1f} s, and computed for {:.2f} s", idle,
                           computed);
}

std::string flood(const Ending& ending, const Limits& limits) {
  if (ending.limit == "memory")
    return fmt::format("it used up the {} MiB of memory that it may have",
                       limits.memory_bytes >> 20U);
  if (ending.limit == "processes")
    return fmt::format("more than {} processes, killed", limits.processes);
  if (ending.limit == "events")
    return "more than 64 MiB of events, killed";
  return fmt::format("more than {} bytes of output, killed", limits.output_bytes);
}

} // namespace

Verdict verdict_of(const Ending& ending) {
  switch (ending.how) {
  case Ending::How::deadline:
    return Verdict::hang;
  case Ending::How::flooded:
    return Verdict::flood;
  default:
    return Verdict::crash;
  }
}

std::string describe(const Ending& ending, const Limits& limits) {
  switch (ending.how) {
  case Ending::How::signaled:
    return "the process was ended by " + signal_name(ending.code);
  case Ending::How::deadline:
    return fmt::format("still under way at the deadline of {} ms, killed{}",
                       limits.deadline.count(), activity(ending));
  case Ending::How::flooded:
    return flood(ending, limits);
  case Ending::How::lost:
    return "the host went away with it" + (ending.note.empty() ? "" : ": " + ending.note);
  case Ending::How::exited:
  case Ending::How::not_run:
    return fmt::format("the process left by itself with exit status {}", ending.code);
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
