// Executes one program in a process of its own and follows it to its end, whatever it does:
// forwards its events and its output, keeps it within its limits, and ends what it leaves behind.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "harness/host/program.h"
#include "harness/host/runtime.h"
#include "harness/host/wire.h"

namespace pep554::host {

// The host's side of the connection to the engine.
struct Engine {
  int in = -1;
  FrameReader reader;
  FrameWriter writer;
};

// Sends "begin", "event", "output" and "end" for the program `id`; only "end" ("not_run") when
// there was no process to be had. When the engine goes away meanwhile, the program is ended, and
// the reader or the writer says so.
void supervise(const nlohmann::json& id, const Program& program, const Runtime& runtime,
               Engine& engine);

// The message "end" of a program that never ran.
nlohmann::json not_run(const nlohmann::json& id, const std::string& why);

} // namespace pep554::host
