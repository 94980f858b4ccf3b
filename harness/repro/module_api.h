// The calls of a module: of the draft's own, or of one that an adapter covers. A script calls the
// module directly; only code that imports `interpreters` needs the draft's names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/engine/program.h"

namespace pep554::repro {

struct ModuleApi {
  std::string_view adapter; // "" of the draft's own
  std::string_view import;  // the statement
  // Calls; {} is the interpreter, the code or the id.
  std::string_view enumerate;
  std::string_view ids; // ... as a list of texts of ids
  std::string_view get_current;
  std::string_view get_main;
  std::string_view create;
  std::string_view construct;
  std::string_view id;       // what construct takes
  std::string_view text_id;  // a str that names the interpreter
  std::string_view write_id; // a statement; "" when there is no such attribute
  std::string_view is_running;
  std::string_view destroy;
  std::string_view run;       // {0} the interpreter, {1} the code
  std::string_view runs_by;   // lines that the script needs before it runs code; may be ""
  std::string_view shim_head; // imports, for the shim's functions
};

// Null when there is no such adapter.
const ModuleApi* find_module_api(std::string_view adapter);

// The draft's names over the module, as far as the program's code uses them, as the source of a
// module `interpreters`; "" when no code imports it, or it is the draft's own.
std::string shim(const ModuleApi& module_api, const Program& program);

} // namespace pep554::repro
