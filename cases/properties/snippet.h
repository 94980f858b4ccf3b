// Snippets: the parts of the code of generated programs. Each is a few lines of Python with a known
// effect on its interpreter; its emissions follow from earlier snippets (oracle.h). The code uses
// the module `interpreters` and the standard library.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace pep554::properties {

enum class SnippetKind {
  // State of an interpreter, in slot `which`: an attribute of sys or builtins, a module, an entry
  // of
  // sys.path, a global name. Reading emits the value, or "absent".
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
  run_invalid_id,     // by an id of no interpreter; emits whether it was done
  use_invalid_id,     // destroys, asks or changes it
  // The thread and the process.
  emit_thread,
  finished_thread,
  querying_thread,  // uses the module, and ends
  lingering_thread, // outlives the call
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

struct SnippetInfo {
  SnippetKind kind;
  std::string_view name;    // as in properties.toml and statistics
  unsigned variants;        // `which` is below this
  bool ends;                // nothing after it is executed
  bool uses_module = false; // imports interpreters
  bool to_others = false;   // runs or destroys every other interpreter
};

inline constexpr size_t snippet_kind_count = 42;
const std::array<SnippetInfo, snippet_kind_count>&
snippet_kinds(); // in the order of the enumeration
const SnippetInfo& info(SnippetKind kind);
const SnippetInfo* find_snippet_kind(std::string_view name); // null when there is none

struct Snippet {
  SnippetKind kind = SnippetKind::print;
  unsigned which = 0;               // a slot, or a variant
  std::vector<Snippet> inside = {}; // of nest

  bool operator==(const Snippet&) const = default;
};

// The id of run_invalid_id in this variant, as a Python expression.
std::string_view invalid_id(unsigned which);

// The Python source, with the macros of cases/README.md.
std::string source_of(const std::vector<Snippet>& code);

// A str literal of Python, on one line.
std::string literal(std::string_view text);

} // namespace pep554::properties
