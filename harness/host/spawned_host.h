// Executes a program in a process that starts its own runtime: the host forks, and the child execs
// a new host for this one program.
#pragma once

#include <string>
#include <vector>

#include "harness/host/child.h"
#include "harness/host/descriptor.h"
#include "harness/host/runtime.h"

namespace pep554::host {

// The command that started this host, its launcher's words included.
class SpawnCommand {
public:
  // `own` is what main got: the last words of what the kernel knows of.
  explicit SpawnCommand(const std::vector<std::string>& own);

  // Replaces this process, within the limits of the program. The new host reads the program from
  // the file `document`, from its beginning. Returns only on failure: why.
  std::string replace_process(const ChildSetup& setup, const Program& program, int document) const;

private:
  std::vector<std::string> launcher_; // and the host's own name
  std::vector<std::string> arguments_;
};

// The first argument of such a host begins with it.
inline constexpr const char* spawn_option = "--program=";

// A note of the program's process for people, as an event.
void send_note(const EventChannel& events, const std::string& what);

// A file that holds `text`. Throws std::system_error.
Descriptor file_with(const std::string& text);

// Called in the new host: starts the plugin, executes the program, and exits. `word` is its first
// argument.
[[noreturn]] void run_spawned(const std::string& word, const std::string& plugin,
                              const Options& options);

} // namespace pep554::host
