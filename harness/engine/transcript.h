// Puts the messages of a host about one program together to its history, and holds the host to
// PROTOCOL.md: each message is of this program, and all of them have a limit.
#pragma once

#include <cstddef>
#include <cstdint>

#include <nlohmann/json_fwd.hpp>

#include "harness/engine/history.h"
#include "harness/engine/program.h"

namespace pep554 {

class Transcript {
public:
  // A host stops a program that has sent 64 MiB of events. These are more than the messages about
  // them need: each character that JSON escapes is three times as long as in $emit's records.
  static constexpr size_t max_event_bytes = size_t{256} << 20U;
  static constexpr size_t max_events = size_t{2} << 20U;
  static constexpr size_t max_trace_bytes = size_t{256} << 10U;

  // The program was requested under this id, and is borrowed.
  Transcript(const Program& program, std::int64_t id) : program_(program), id_(id) {}

  // Adds a message of `bytes`; true when it was the last. Throws nlohmann::json::exception, whose
  // message_of() says what is wrong with it.
  bool add(const nlohmann::json& message, size_t bytes);

  History& history() { return history_; }
  bool host_leaves() const { return leaves_; } // it could not end all of the program's processes

private:
  void add_event(const nlohmann::json& message, size_t bytes);
  void add_output(const nlohmann::json& message);

  const Program& program_;
  const std::int64_t id_;
  bool leaves_ = false;
  size_t event_bytes_ = 0;
  History history_;
};

} // namespace pep554
