#include "harness/engine/transcript.h"

#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pep554 {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& what) {
  throw json::other_error::create(594, what, nullptr);
}

} // namespace

bool Transcript::add(const json& message, size_t bytes) {
  const auto kind = message.at("msg").get<std::string>();
  if (message.at("id") != id_)
    refuse(fmt::format("a message \"{}\" has the id {} instead of {}", kind,
                       message.at("id").dump().substr(0, 40), id_));
  if (kind == "event") {
    add_event(message, bytes);
  } else if (kind == "output") {
    add_output(message);
  } else if (kind == "trace") {
    history_.trace += message.at("text").get<std::string>();
    if (history_.trace.size() > max_trace_bytes)
      refuse(fmt::format("more than {} bytes of trace", max_trace_bytes));
  } else if (kind == "end") {
    history_.termination = termination_from(message);
    if (history_.termination.kind == Termination::Kind::lost ||
        history_.termination.kind == Termination::Kind::host_fault)
      refuse("\"how\" of \"end\" is for the engine alone");
    history_.microseconds = microseconds_from(message);
    leaves_ = message.value("leaves", false);
    return true;
  }
  return false;
}

void Transcript::add_event(const json& message, size_t bytes) {
  event_bytes_ += bytes;
  if (event_bytes_ > max_event_bytes || history_.events.size() >= max_events)
    refuse(fmt::format("more than {} bytes or {} events", max_event_bytes, max_events));
  Event event = event_from(message);
  if (const auto fitting = fits(event, program_); !fitting)
    refuse(fmt::format("an event of {}", fitting.error().message));
  history_.events.push_back(std::move(event));
}

// Each byte of output may become a replacement character, of three bytes.
void Transcript::add_output(const json& message) {
  constexpr size_t slack = size_t{64} << 10U;
  const auto text = message.at("text").get<std::string>();
  (message.at("fd").get<int>() == 2 ? history_.err : history_.out) += text;
  if ((history_.out.size() + history_.err.size()) / 3 > program_.limits.output_bytes + slack)
    refuse(fmt::format("more than {} bytes of output, which is the limit",
                       program_.limits.output_bytes));
}

} // namespace pep554
