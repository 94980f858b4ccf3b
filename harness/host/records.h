// Reads the records of a program's event channel. Any code of the program may write there, so only
// the expected fields are copied, after a check of their types.
#pragma once

#include <string_view>
#include <variant>

#include <nlohmann/json.hpp>

#include "harness/host/program.h"

namespace pep554::host {

struct Malformed {};
struct Done {};     // every lane came to the end of its last step
struct Starting {}; // a fresh process is about to start its runtime
struct Started {};  // ... and has
struct Note {
  std::string text;
};
struct EventRecord {
  nlohmann::json event; // the fields of the message "event" but for msg and id
};
using Record = std::variant<Malformed, Done, Starting, Started, Note, EventRecord>;

Record read_record(std::string_view bytes, const Program& program);

} // namespace pep554::host
