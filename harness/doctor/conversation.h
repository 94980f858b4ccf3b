// A process that should speak the host protocol, as the doctor talks to it: whatever it says or
// does not say is seen as it is, message by message. HostProcess, which runs programs, is more
// forgiving.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include "harness/engine/child_process.h"
#include "harness/engine/wire.h"

namespace pep554 {

class Conversation {
public:
  enum class State {
    talking,
    silent,  // it said nothing within the time that it was given
    ended,   // its output is closed
    rubbish, // what it said is no frame, or no JSON object
  };

  // Null when the program cannot be started; `error` then says why in one line.
  static std::unique_ptr<Conversation> start(const std::vector<std::string>& command,
                                             std::string& error);
  ~Conversation(); // kills its process group, and that of the program it said is under way
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  // False when the other side is gone.
  bool send(const nlohmann::json& message);
  // Bytes as they are, for frames that are wrong.
  bool send_bytes(const std::string& bytes);
  // The next message. Nothing when there is none; state() then says why.
  std::optional<nlohmann::json> receive(std::chrono::milliseconds patience);
  State state() const { return state_; }

  // Closes its input.
  void hang_up();
  // Its exit status, 128 and the number of the signal that ended it, or nothing within the time.
  std::optional<int> wait(std::chrono::milliseconds patience);

  pid_t pid() const { return process_->pid(); }
  std::string last_words(); // the last line of its standard error; may be empty

private:
  explicit Conversation(std::unique_ptr<ChildProcess> process) : process_(std::move(process)) {}

  std::unique_ptr<ChildProcess> process_;
  pid_t program_ = -1; // the last that it said is under way
  State state_ = State::talking;
  FrameReader frames_;
};

} // namespace pep554
