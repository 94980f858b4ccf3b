// A running pep554-host as the engine sees it: started from a command, asked to execute one program
// at a time, ended with everything that it started. One thread at a time may use an object.
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

#include "harness/engine/child_process.h"
#include "harness/engine/history.h"
#include "harness/engine/patience.h"
#include "harness/engine/program.h"
#include "harness/engine/wire.h"

namespace pep554 {

// What a host said when it had started its target.
struct Hello {
  std::string plugin;  // name of the plugin
  std::string version; // of the plugin
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<std::string> extensions;
  std::string lacks;     // why there is nothing to judge, as the host says it; mostly empty
  bool fresh = false;    // it can execute a program in a process whose runtime was started there
  std::string temporary; // its folder for temporary files; empty: it has none

  std::string fact(std::string_view name) const; // empty when it does not say
};

// How the process of a program comes to its runtime.
enum class Birth {
  forked, // with the host's
  fresh,  // it starts its own; only of hosts that say that they can
};

class HostProcess {
public:
  // Starts `command` (a launcher's words, if any, the host, its plugin, its options) and waits for
  // its greeting. Null when the target did not start; `error` then says why in one line. `stop` is
  // a descriptor that ends all waiting when it is readable (-1: there is none).
  static std::unique_ptr<HostProcess> start(const std::vector<std::string>& command,
                                            std::chrono::milliseconds patience, std::string& error,
                                            int stop = -1);
  ~HostProcess(); // asks the host to leave, then kills its process group

  HostProcess(const HostProcess&) = delete;
  HostProcess& operator=(const HostProcess&) = delete;

  const Hello& hello() const { return hello_; }
  // False once the host has gone or no longer answers; it can then only be destroyed.
  bool alive() const { return alive_; }

  // Executes a program. Always answers: a host that goes away, talks rubbish or outlives the
  // program's deadline by more than a grace period is killed, and the ending says "lost". Nothing
  // when `stop` ended the waiting; the object can then only be destroyed.
  std::optional<History> run(const Program& program, Birth birth = Birth::forked);

private:
  HostProcess() = default;
  using Clock = ChildProcess::Clock;

  // The next message, or nothing at `until`, at the end of the stream, or on rubbish.
  std::string receive(Clock::time_point until);
  std::string receive(Patience& patience);
  std::string insist();
  void end(); // of the process, and what it left
  std::string no_greeting(const std::string& program, std::chrono::milliseconds patience,
                          bool spoke);

  std::unique_ptr<ChildProcess> process_;
  pid_t program_pid_ = -1; // of the program under way, for cleaning up after a lost host
  int stop_ = -1;
  bool alive_ = false;
  bool stopped_ = false;
  std::int64_t next_id_ = 1;
  FrameReader frames_;
  Hello hello_;
};

} // namespace pep554
