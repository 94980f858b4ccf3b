// Reads the records of a program's event channel. Any code of the program may write there, so a
// record is believed only as far as it has the expected shape, and is put together anew.
#pragma once

#include <string_view>
#include <variant>

#include <nlohmann/json.hpp>

#include "harness/host/program.h"

namespace pep554::host {

struct Rubbish {};
struct Done {};     // every lane came to the end of its last step
struct Starting {}; // a fresh process starts its runtime
struct Started {};  // ... and has
struct Note {
  std::string text;
};
struct EventRecord {
  nlohmann::json event; // the fields of the message "event" but for msg and id
};
using Record = std::variant<Rubbish, Done, Starting, Started, Note, EventRecord>;

Record read_record(std::string_view bytes, const Program& program);

} // namespace pep554::host
