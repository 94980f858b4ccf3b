// Executes one program in a process of its own and follows it to its end, whatever it does:
// forwards its events and its output, keeps it within its limits, and ends what it leaves behind.
#pragma once

#include <memory>

#include <nlohmann/json_fwd.hpp>

#include "harness/host/descriptor.h"
#include "harness/host/events.h"
#include "harness/host/program.h"
#include "harness/host/runtime.h"
#include "harness/host/spawn.h"
#include "harness/host/spawned_host.h"
#include "harness/host/temporary.h"
#include "harness/host/wire.h"

namespace pep554::host {

// The host's side of the connection to the engine.
struct Engine {
  int in = -1;
  FrameReader reader;
  FrameWriter writer;
};

// State of the host that all programs share.
struct HostContext {
  TemporaryFolder& folder; // emptied after each program
  const SpawnCommand& fresh;
  Ends traces; // of the pipe for the traces of programs
  // A buffer for one record. Reused: an allocation for each program would write to memory after
  // each fork, and so copy a page.
  std::unique_ptr<char[]> record = std::make_unique_for_overwrite<char[]>(max_record);
};

// One request "run".
struct Request {
  const nlohmann::json& id;
  const Program& program;
  const Inheritance& inheritance;
};

// Sends "begin", "event", "output", "trace" and "end"; only "end" ("not_run") when there was no
// process to be had. When the engine goes away meanwhile, the program is ended, and the reader or
// the writer says so. False when processes of the program are left, because they start others
// faster than they can be killed: the host has told the engine that it leaves, and should.
bool supervise(const Request& request, const Runtime& runtime, const HostContext& context,
               Engine& engine);

// The message "end" of a program that never ran.
nlohmann::json not_run(const nlohmann::json& id, const std::string& why);

} // namespace pep554::host
