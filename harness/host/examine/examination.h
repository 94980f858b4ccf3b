// `pep554-host --examine PLUGIN.so [key=value ...]`: checks a plugin against the ABI. README.md
// beside this file has the messages and the checks.
#pragma once

#include "harness/host/examine/instrumented_plugin.h"
#include "harness/host/wire.h"

namespace pep554::host {

// Examines and reports; the process itself never loads the plugin. Returns the exit code of the
// host: 0 when the plugin loads and starts, 1 when not, whatever the checks find.
int examine(ExamConfig config, FrameWriter& writer);

} // namespace pep554::host
