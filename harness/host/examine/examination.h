// `pep554-host --examine PLUGIN.so [key=value ...]`: holds a plugin against the ABI, and tells what
// is to be mended. README.md beside this file has the messages and the checks.
#pragma once

#include "harness/host/examine/patient.h"
#include "harness/host/wire.h"

namespace pep554::host {

// Examines and reports; the process itself never loads the plugin. Returns the exit code of the
// host: 0 when the plugin loads and starts, 1 when not, whatever is to be mended.
int examine(Bench bench, FrameWriter& writer);

} // namespace pep554::host
