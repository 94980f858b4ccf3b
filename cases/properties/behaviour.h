// Small things that code does, from which the code of generated programs is put together. Each is a
// few lines of Python whose effect on its interpreter is known; what it emits follows from what was
// done before (oracle.h). The code uses the module `interpreters` and the standard library.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace pep554::properties {

enum class Deed {
  // What an interpreter remembers, in slot `which`: an attribute of sys or builtins, a module, an
  // entry of sys.path, a global name. Asking emits the value, or "absent".
  set_sys,
  get_sys,
  set_builtin,
  get_builtin,
  add_module,
  has_module,
  add_path,
  has_path,
  bind_name,
  get_name,
  // The module, from inside.
  emit_current,
  emit_main,
  emit_count,
  emit_self_running,
  live_and_die,       // creates an interpreter, runs code there, destroys it
  run_all_others,     // runs code in every other interpreter but the main one
  destroy_all_others, // destroys every other interpreter but the main one
  nest,               // creates an interpreter that executes `inside`, and destroys it
  emit_running,       // how many are running, the main one not counted
  change_list,        // and emits whether a later one names as many interpreters
  write_id,           // of its own interpreter or the main one; emits whether it was done
  construct_self,     // from its own id; emits whether that is the same one, and running
  run_destroyed,      // creates, destroys, runs code there; emits whether it was done
  run_nobody,         // by an id that no interpreter has; emits whether it was done
  use_nobody,         // destroys, asks or changes it
  // The thread and the process.
  emit_thread,
  thread_that_ends,
  thread_that_asks,  // uses the module, and ends
  thread_that_stays, // outlives the call
  hold_descriptors,
  allocate,
  recurse,
  print,
  import_pure,
  import_extension,
  at_exit, // emits "bye-WHICH" when the interpreter is finalized
  at_exit_raises,
  finalizer, // a cycle with __del__
  // How the code ends. Nothing after it is executed.
  raise,
  leave,
  bad_syntax, // not even what is before it
  odd_source, // unusual, and valid
};

struct DeedInfo {
  Deed deed;
  std::string_view name;    // as in properties.toml and statistics
  unsigned variants;        // `which` is below this
  bool ends;                // nothing after it is executed
  bool uses_module = false; // imports interpreters
  bool to_others = false;   // runs or destroys every other interpreter
};

inline constexpr size_t deed_count = 42;
const std::array<DeedInfo, deed_count>& deeds(); // in the order of the enumeration
const DeedInfo& info(Deed deed);
const DeedInfo* find_deed(std::string_view name); // null when there is none

struct Behaviour {
  Deed deed = Deed::print;
  unsigned which = 0;                 // a slot, or a variant
  std::vector<Behaviour> inside = {}; // of nest

  bool operator==(const Behaviour&) const = default;
};

// What run_nobody takes for an id, in this variant, as Python has it.
std::string_view nobody(unsigned which);

// The Python source, with the macros of cases/README.md.
std::string source_of(const std::vector<Behaviour>& code);

// A str literal of Python, on one line.
std::string literal(std::string_view text);

} // namespace pep554::properties
