// The conversation with the engine: hello, then programs one after another until it has enough.
#pragma once

#include "harness/host/runtime.h"
#include "harness/host/supervisor.h"

namespace pep554::host {

enum ExitCode { exit_ok = 0, exit_refused = 1, exit_usage = 2, exit_protocol = 3 };

// Takes standard input and output for the protocol: moves them to high descriptors, and puts
// /dev/null and standard error in their places, so that nothing a plugin does can disturb it.
Engine take_standard_streams();

// Throws std::system_error when there is no pipe to be had.
Ends make_trace_pipe();

// Loads and starts the plugin, and sends `hello` or `refused`. Throws Refusal after `refused`.
Runtime introduce(const std::string& plugin, const Options& options, const HostContext& context,
                  Engine& engine);

// Until "quit" or the end of the stream. Returns the exit code of the host.
int serve(const Runtime& runtime, const HostContext& context, Engine& engine);

} // namespace pep554::host
