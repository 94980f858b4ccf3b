// A running host: started from a command, it executes one program at a time, and is stopped with
// all processes that it started. One thread at a time may use an object.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

#include <nlohmann/json_fwd.hpp>

#include "harness/engine/child_process.h"
#include "harness/engine/cpu_aware_deadline.h"
#include "harness/engine/history.h"
#include "harness/engine/program.h"
#include "harness/engine/wire.h"

namespace pep554 {

// The message `hello` of a host that has started its target.
struct Hello {
  std::string plugin;  // name of the plugin
  std::string version; // of the plugin
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<std::string> extensions;
  std::string unsupported_reason; // why the target has no module to judge; mostly empty
  bool fresh = false;    // it can execute a program in a process whose runtime was started there
  std::string temporary; // its folder for temporary files; empty: it has none

  std::string fact(std::string_view name) const; // empty when it does not say
};

// Reads that message. Throws nlohmann::json::exception.
Hello hello_from(const nlohmann::json& message);

// How the process of a program gets its runtime.
enum class StartMode {
  fork,  // forked from the host's
  spawn, // started there; only by hosts that support it
};

class HostProcess {
public:
  // Starts `command` (a launcher's words, if any, the host, its plugin, its options) and waits for
  // its `hello`. The error says in one line why the target did not start. `stop` is a descriptor
  // that ends all waiting when it is readable (-1: there is none). Never null.
  static Result<std::unique_ptr<HostProcess>> start(const std::vector<std::string>& command,
                                                    std::chrono::milliseconds startup_timeout,
                                                    int stop = -1);
  ~HostProcess(); // asks the host to leave, then kills its process group

  HostProcess(const HostProcess&) = delete;
  HostProcess& operator=(const HostProcess&) = delete;

  const Hello& hello() const { return hello_; }
  // False once the host has exited or no longer answers; it can then only be destroyed.
  bool alive() const { return alive_; }

  // Executes a program, and ends the host with it where all of its processes together exceed the
  // limit of memory. Always answers: a host that exits, sends malformed data or exceeds the
  // program's deadline by more than a grace period is killed, and the ending is `host_fault`, or
  // `lost` where another process ended it. Nothing when `stop` ended the waiting; the object
  // can then only be destroyed.
  std::optional<History> run(const Program& program, StartMode start_mode = StartMode::fork);

private:
  HostProcess() = default;
  using Clock = ChildProcess::Clock;

  // The next message, or nothing at `until`, at the end of the stream, on a broken frame, or when
  // `stop` is given.
  std::optional<std::string> receive(Clock::time_point until);
  std::optional<std::string> receive(CpuAwareDeadline& deadline);
  CpuAwareDeadline resume();
  void lose(History& history, const std::string& fault);
  void end(); // of the process, and what it left
  bool exceeds_memory();
  std::string missing_hello(const std::string& program, std::chrono::milliseconds startup_timeout,
                            bool has_sent);

  std::unique_ptr<ChildProcess> process_;
  // Of the program under way; 0: it is not limited. The host's own memory is not the program's.
  std::uint64_t memory_limit_ = 0;
  std::uint64_t host_memory_ = 0;
  bool memory_exceeded_ = false;
  Clock::time_point next_look_;
  int stop_ = -1;
  bool alive_ = false;
  bool stopped_ = false;
  std::int64_t next_id_ = 1;
  FrameReader frames_;
  Hello hello_;
};

} // namespace pep554
