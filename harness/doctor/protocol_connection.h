// A connection to a process that should speak the host protocol. It gives every message unchecked,
// and says why there is none; HostProcess, which runs programs, is more forgiving.
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

class ProtocolConnection {
public:
  using Clock = ChildProcess::Clock;

  enum class State {
    open,
    late,      // the time is over, whatever arrives
    ended,     // its output is closed
    malformed, // what it sent is no frame, or no JSON object
  };

  // Never null.
  static Result<std::unique_ptr<ProtocolConnection>> start(const std::vector<std::string>& command);
  ~ProtocolConnection(); // kills its process group, and that of the program that it is running
  ProtocolConnection(const ProtocolConnection&) = delete;
  ProtocolConnection& operator=(const ProtocolConnection&) = delete;

  // False when the process has closed its input.
  bool send(const nlohmann::json& message);
  // Bytes as they are, for frames that are wrong.
  bool send_bytes(const std::string& bytes);
  // The next message. Nothing when there is none until then; state() says why.
  std::optional<nlohmann::json> receive(Clock::time_point until);
  std::optional<nlohmann::json> receive(std::chrono::milliseconds timeout) {
    return receive(Clock::now() + timeout);
  }
  State state() const { return state_; }

  // Closes its input.
  void close_input();
  // Its exit status, 128 and the number of the signal that ended it, or nothing within the time.
  std::optional<int> wait(std::chrono::milliseconds timeout);

  pid_t pid() const { return process_->pid(); }
  std::string last_stderr_line(); // the last line of its standard error; may be empty
  std::string with_stderr(const std::string& reason) { return process_->with_stderr(reason); }

private:
  explicit ProtocolConnection(std::unique_ptr<ChildProcess> process)
      : process_(std::move(process)) {}

  std::optional<nlohmann::json> take(const std::string& body);

  std::unique_ptr<ChildProcess> process_;
  State state_ = State::open;
  FrameReader frames_;
};

} // namespace pep554
