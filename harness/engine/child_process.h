// A program with pipes to its three standard streams, in a process group of its own: a terminal's
// Ctrl-C reaches only pep554, which stops its children in order. The caller defines the protocol.
// One thread at a time may use an object.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "harness/engine/wire.h"
#include "spec/result.h"

namespace pep554 {

// From here on, every process is started through this program, pep554-jail (harness/jail/), which
// keeps it apart and ends all that it leaves. Before the first is started; empty: not any more.
void start_through(std::string jail);

// How a process ended.
struct ProcessEnd {
  int number = 0;         // its exit status, or the signal that ended it
  bool by_signal = false; // not: an exit with 128 and more, which shells say of others
};

class ChildProcess {
public:
  using Clock = std::chrono::steady_clock;

  enum class ReadResult {
    data,        // bytes of either stream
    timeout,     // nothing came until then
    end_of_file, // of its standard output
    stopped,     // `stop` became readable first
  };

  // Starts `command`, whose first word is looked for on the PATH. In a jail it may also write in
  // the folder `writable`. Never null.
  static Result<std::unique_ptr<ChildProcess>> start(const std::vector<std::string>& command,
                                                     const std::string& writable = {});
  ~ChildProcess(); // as end()

  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; } // -1 once it was waited for

  // Both end at once when the descriptor `stop` is readable (-1: there is none).
  //
  // False on a timeout, or when the process has closed its input.
  bool write(std::string_view bytes, Clock::time_point until, int stop = -1);
  // Waits for output of either stream, and feeds standard output to `frames`.
  ReadResult read(FrameReader& frames, Clock::time_point until, int stop = -1);
  void close_input();

  // How it ended, or nothing until then.
  std::optional<ProcessEnd> status(Clock::time_point until) const;
  // Its exit status, or 128 and the signal, as a shell has it; and then end().
  std::optional<int> wait(Clock::time_point until);
  // Kills it, with its process group and everything in its jail. It is dead when this returns, and
  // so are the orphans of this process (orphans.h).
  void end();

  // Makes it go on where it was stopped.
  void resume();
  // What its descendants hold, in bytes (memory_of in harness/isolation/memory.h); in a jail, it is
  // one of them.
  std::uint64_t memory(std::uint64_t enough = 0) const;

  const std::string& stderr_tail(); // the last of what it wrote to its standard error, up to now
  std::string last_stderr_line();   // ... of that the last line that says something; may be empty
  // Why it refused, and the last lines of its standard error that do not repeat that; one line.
  std::string with_stderr(const std::string& reason);

private:
  ChildProcess() = default;
  void take_stderr();
  pid_t command_pid() const; // inside a jail the command is not the child; -1: it is gone

  pid_t pid_ = -1;
  int in_ = -1; // our ends
  int out_ = -1;
  int err_ = -1;
  int life_ = -1; // the jail ends when this is closed; -1: there is no jail
  std::string stderr_tail_;
};

} // namespace pep554
