// The result of one check of the doctor: of the plugin, from the host's examination, or of the
// protocol.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/engine/host_process.h"

namespace pep554 {

enum class Level { ok, note, error };
std::string to_string(Level level);

struct Finding {
  std::string layer; // "abi" or "protocol"
  std::string check; // stable id, e.g. "error-record.filled"
  Level level = Level::ok;
  std::string title;  // the property that is checked
  std::string seen;   // the observation that contradicts it; empty when level is ok
  std::string rule;   // the words of the header or of PROTOCOL.md that require it; may be empty
  std::string advice; // what to do
};

struct Diagnosis {
  std::vector<Finding> findings;
  bool started = false;
  std::string reason;      // why it did not start, in one line
  std::string description; // of what was examined, e.g. "cpython 0.1.0"
  Hello hello;             // of the host, where the protocol was examined and the host said it well
};

nlohmann::json to_json(const Finding& finding);
// Reads a message "check" of harness/host/examine. Throws nlohmann::json::exception.
Finding finding_from(const nlohmann::json& message);

} // namespace pep554
