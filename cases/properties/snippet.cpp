#include "cases/properties/snippet.h"

#include <algorithm>

#include <fmt/format.h>

namespace pep554::properties {
namespace {

// Each makes it hard, in its own way, to report the exception's message or cause.
constexpr std::array<std::string_view, 9> raising{
    "raise ValueError('on purpose')\n",
    "raise KeyboardInterrupt\n",
    "class E(Exception):\n    def __str__(self): raise TypeError('no words')\nraise E\n",
    "class E(Exception):\n    def __repr__(self): return 7\n    __str__ = __repr__\nraise E\n",
    "class E(BaseException): pass\nraise E('\\ud800', '\\x00')\n",
    "e = ValueError('cyclic')\ne.__cause__ = KeyError('other')\ne.__cause__.__context__ = e\nraise "
    "e\n",
    "raise ValueError('x' * 100000)\n",
    "def f(n): return f(n + 1) + 1\nf(0)\n",
    "raise GeneratorExit\n",
};

constexpr std::array<std::string_view, 4> leaving{
    "raise SystemExit\n",
    "import sys\nsys.exit(3)\n",
    "raise SystemExit('a word')\n",
    "import sys\nsys.exit(object())\n",
};

constexpr std::array<std::string_view, 5> uncompilable{"def\n", "  x = 1\ny = 2\n", "x = (\n",
                                                       "'''never closed\n", "return 1\n"};

constexpr std::array<std::string_view, 7> odd{
    "# nothing but a comment\n",
    "\n\n\f\n",
    "x = 1\r\ny = 2\r\n",
    "\xc3\xa4\xc3\xb6\xc3\xbc = '\xe4\xba\x8b\xf0\x9f\x90\x8d'\n",
    "if True: pass; x = \\\n 1\n",
    "lambda: (yield)\n",
    "class A:\n\tdef f(self):\n\t\t'''doc'''\n",
};

constexpr std::array<std::string_view, 6> pure{"json",   "colorsys", "textwrap",
                                               "bisect", "string",   "collections"};
constexpr std::array<std::string_view, 6> extensions{"math",  "_struct", "array",
                                                     "_json", "_random", "_heapq"};

constexpr std::array<std::string_view, 7> nobodies{
    "987654321", "9223372036854775807", "-1", "9223372036854775808", "'x'", "987654321.5", "()"};
constexpr std::array<std::string_view, 4> uses{".destroy()", ".is_running()", ".id", ".id = 7"};

// Emits whether `call` did not fail.
std::string attempted(std::string_view call, std::string_view done) {
  return fmt::format("try:\n    {0}\n    {1} = True\nexcept Exception:\n    {1} = False\n"
                     "$emit({1})\n",
                     call, done);
}

// `body` is the function `work`, which a thread executes; the lock is given back as the thread
// begins, when it stays, or ends. It is an argument: the name may be another's before it is looked
// up. Some versions refuse threads.
std::string thread(std::string_view body, bool blocking) {
  std::string code = "import _thread\ndone = _thread.allocate_lock()\ndone.acquire()\n";
  if (!blocking)
    code += "import time\ncount = getattr(_thread, '_count', int)\nbefore = count()\n";
  code += body;
  code += "try:\n    _thread.start_new_thread(work, ())\n    done.acquire()\n";
  // A thread that has given the lock back has not quite ended yet, and must not be there any more
  // when the next step needs an interpreter without threads.
  if (!blocking)
    code += "    for wait in range(1000):\n        if count() <= before: break\n"
            "        time.sleep(0.001)\n";
  return code + "except RuntimeError:\n    pass\n";
}

std::string nested(const std::vector<Snippet>& inside) {
  return fmt::format("import interpreters\n"
                     "inner = interpreters.create()\n"
                     "try:\n    inner.run({})\nfinally:\n    inner.destroy()\n",
                     literal(source_of(inside)));
}

std::string source_of(const Snippet& snippet) {
  const unsigned n = snippet.which;
  switch (snippet.kind) {
  case SnippetKind::set_sys:
    return fmt::format("import sys\nsys.pep554_{0} = 'sys-{0}'\n", n);
  case SnippetKind::get_sys:
    return fmt::format("import sys\n$emit(getattr(sys, 'pep554_{}', 'absent'))\n", n);
  case SnippetKind::set_builtin:
    return fmt::format("import builtins\nbuiltins.pep554_{0} = 'builtin-{0}'\n", n);
  case SnippetKind::get_builtin:
    return fmt::format("import builtins\n$emit(getattr(builtins, 'pep554_{}', 'absent'))\n", n);
  case SnippetKind::add_module:
    return fmt::format("import sys\nsys.modules['pep554_m{}'] = type(sys)('m')\n", n);
  case SnippetKind::has_module:
    return fmt::format("import sys\n$emit('pep554_m{}' in sys.modules)\n", n);
  case SnippetKind::add_path:
    return fmt::format("import sys\nsys.path.append('/pep554/{}')\n", n);
  case SnippetKind::has_path:
    return fmt::format("import sys\n$emit('/pep554/{}' in sys.path)\n", n);
  case SnippetKind::bind_name:
    return fmt::format("pep554_name{0} = 'name-{0}'\n", n);
  case SnippetKind::get_name:
    return fmt::format("$emit(globals().get('pep554_name{}', 'absent'))\n", n);
  case SnippetKind::emit_current:
    return "import interpreters\n$emit(interpreters.get_current().id)\n";
  case SnippetKind::emit_main:
    return "import interpreters\n$emit(interpreters.get_main().id)\n";
  case SnippetKind::emit_count:
    return "import interpreters\n$emit(len(interpreters.enumerate()))\n";
  case SnippetKind::emit_self_running:
    return "import interpreters\n$emit(bool(interpreters.get_current().is_running()))\n";
  case SnippetKind::live_and_die:
    return "import interpreters\nborn = interpreters.create()\nborn.run('x = 1')\n"
           "$emit(bool(born.is_running()))\nborn.destroy()\n";
  case SnippetKind::run_all_others:
    return "import interpreters\n"
           "self = interpreters.get_current().id\nmain = interpreters.get_main().id\n"
           "for other in interpreters.enumerate():\n"
           "    if other.id != self and other.id != main:\n        other.run('x = 1')\n";
  case SnippetKind::destroy_all_others:
    return "import interpreters\n"
           "self = interpreters.get_current().id\nmain = interpreters.get_main().id\n"
           "for other in interpreters.enumerate():\n"
           "    if other.id != self and other.id != main:\n        other.destroy()\n";
  case SnippetKind::nest:
    return nested(snippet.inside);
  case SnippetKind::emit_running:
    return "import interpreters\nmain = interpreters.get_main().id\n"
           "$emit(sum([bool(one.is_running())\n"
           "           for one in interpreters.enumerate() if one.id != main]))\n";
  case SnippetKind::change_list:
    return "import interpreters\nlisted = interpreters.enumerate()\ncount = len(listed)\n"
           "del listed[:]\n$emit(len(interpreters.enumerate()) == count)\n";
  case SnippetKind::write_id:
    return fmt::format("import interpreters\none = interpreters.{}()\nbefore = one.id\n",
                       n == 0 ? "get_current" : "get_main") +
           attempted("one.id = 7", "written") + "$emit(one.id == before)\n";
  case SnippetKind::construct_self:
    return "import interpreters\nself = interpreters.get_current()\n"
           "same = interpreters.Interpreter(self.id)\n"
           "$emit(same.id == self.id)\n$emit(bool(same.is_running()))\n";
  case SnippetKind::run_destroyed:
    return "import interpreters\ngone = interpreters.create()\ngone.destroy()\n" +
           attempted("gone.run('x = 1')", "ran_destroyed");
  case SnippetKind::run_invalid_id:
    return "import interpreters\n" +
           attempted(fmt::format("interpreters.Interpreter({}).run('x = 1')", nobodies.at(n)),
                     "ran_nobody");
  case SnippetKind::use_invalid_id:
    return fmt::format("import interpreters\ntry:\n    interpreters.Interpreter({}){}\n"
                       "except Exception:\n    pass\n",
                       nobodies.front(), uses.at(n));
  case SnippetKind::emit_thread:
    return "import _thread\n$emit(_thread.get_native_id())\n";
  case SnippetKind::finished_thread:
    return thread("def work(done=done):\n    done.release()\n", false);
  case SnippetKind::querying_thread:
    return "import interpreters\n" +
           thread("def work(done=done):\n    try:\n        interpreters.enumerate()\n"
                  "        interpreters.get_current()\n    finally:\n        done.release()\n",
                  false);
  case SnippetKind::lingering_thread:
    return thread("never = _thread.allocate_lock()\nnever.acquire()\n"
                  "def work(done=done, never=never):\n    done.release()\n    never.acquire()\n",
                  true);
  case SnippetKind::hold_descriptors:
    return "import posix, sys\n"
           "sys.pep554_held = [posix.open('/dev/null', 0) for _ in range(3)]\n";
  case SnippetKind::allocate:
    return fmt::format("import sys\nsys.pep554_room = bytearray({} << 20)\n", 1U << n);
  case SnippetKind::recurse:
    return "def down(n): return down(n + 1)\n"
           "try:\n    down(0)\nexcept RecursionError:\n    pass\n";
  case SnippetKind::print:
    return n == 0   ? "print('a line')\n"
           : n == 1 ? "print('no end', end='')\n"
                    : "import sys\nprint('x' * 5000, file=sys.stderr)\n";
  case SnippetKind::import_pure:
    return fmt::format("import {}\n", pure.at(n));
  case SnippetKind::import_extension: // which not every interpreter may load
    return fmt::format("try:\n    import {}\nexcept ImportError:\n    pass\n", extensions.at(n));
  case SnippetKind::at_exit:
    return fmt::format("import atexit\natexit.register(lambda: $emit('bye-{}'))\n", n);
  case SnippetKind::at_exit_raises:
    return "import atexit\natexit.register(lambda: 1 / 0)\n";
  case SnippetKind::finalizer:
    return "import sys\nclass Last:\n    def __del__(self): len(sys.modules)\n"
           "last = Last()\nlast.self = last\nsys.pep554_last = last\n";
  case SnippetKind::raise:
    return std::string(raising.at(n));
  case SnippetKind::leave:
    return std::string(leaving.at(n));
  case SnippetKind::bad_syntax:
    return std::string(uncompilable.at(n));
  case SnippetKind::odd_source:
    return std::string(odd.at(n));
  }
  return {};
}

} // namespace

const std::array<SnippetInfo, snippet_kind_count>& snippet_kinds() {
  static constexpr std::array<SnippetInfo, snippet_kind_count> all{{
      {SnippetKind::set_sys, "set-sys", 3, false},
      {SnippetKind::get_sys, "get-sys", 3, false},
      {SnippetKind::set_builtin, "set-builtin", 3, false},
      {SnippetKind::get_builtin, "get-builtin", 3, false},
      {SnippetKind::add_module, "add-module", 3, false},
      {SnippetKind::has_module, "has-module", 3, false},
      {SnippetKind::add_path, "add-path", 3, false},
      {SnippetKind::has_path, "has-path", 3, false},
      {SnippetKind::bind_name, "bind-name", 3, false},
      {SnippetKind::get_name, "get-name", 3, false},
      {SnippetKind::emit_current, "emit-current", 1, false, true},
      {SnippetKind::emit_main, "emit-main", 1, false, true},
      {SnippetKind::emit_count, "emit-count", 1, false, true},
      {SnippetKind::emit_self_running, "emit-self-running", 1, false, true},
      {SnippetKind::live_and_die, "live-and-die", 1, false, true},
      {SnippetKind::run_all_others, "run-all-others", 1, false, true, true},
      {SnippetKind::destroy_all_others, "destroy-all-others", 1, false, true, true},
      {SnippetKind::nest, "nest", 1, false, true},
      {SnippetKind::emit_running, "emit-running", 1, false, true},
      {SnippetKind::change_list, "change-list", 1, false, true},
      {SnippetKind::write_id, "write-id", 2, false, true},
      {SnippetKind::construct_self, "construct-self", 1, false, true},
      {SnippetKind::run_destroyed, "run-destroyed", 1, false, true},
      {SnippetKind::run_invalid_id, "run-invalid-id", nobodies.size(), false, true},
      {SnippetKind::use_invalid_id, "use-invalid-id", uses.size(), false, true},
      {SnippetKind::emit_thread, "emit-thread", 1, false},
      {SnippetKind::finished_thread, "finished-thread", 1, false},
      {SnippetKind::querying_thread, "querying-thread", 1, false, true},
      {SnippetKind::lingering_thread, "lingering-thread", 1, false},
      {SnippetKind::hold_descriptors, "hold-descriptors", 1, false},
      {SnippetKind::allocate, "allocate", 4, false},
      {SnippetKind::recurse, "recurse", 1, false},
      {SnippetKind::print, "print", 3, false},
      {SnippetKind::import_pure, "import-pure", pure.size(), false},
      {SnippetKind::import_extension, "import-extension", extensions.size(), false},
      {SnippetKind::at_exit, "at-exit", 3, false},
      {SnippetKind::at_exit_raises, "at-exit-raises", 1, false},
      {SnippetKind::finalizer, "finalizer", 1, false},
      {SnippetKind::raise, "raise", raising.size(), true},
      {SnippetKind::leave, "leave", leaving.size(), true},
      {SnippetKind::bad_syntax, "bad-syntax", uncompilable.size(), true},
      {SnippetKind::odd_source, "odd-source", odd.size(), false},
  }};
  return all;
}

const SnippetInfo& info(SnippetKind kind) {
  return snippet_kinds()[static_cast<size_t>(kind)];
}

const SnippetInfo* find_snippet_kind(std::string_view name) {
  const auto* found = std::ranges::find(snippet_kinds(), name, &SnippetInfo::name);
  return found == snippet_kinds().end() ? nullptr : found;
}

std::string_view invalid_id(unsigned which) {
  return nobodies.at(which);
}

std::string source_of(const std::vector<Snippet>& code) {
  std::string source;
  for (const Snippet& snippet : code)
    source += source_of(snippet);
  return source;
}

std::string literal(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\n')
      quoted += "\\n";
    else if (c == '\r')
      quoted += "\\r";
    else if (c == '\f')
      quoted += "\\f";
    else if (c == '\t')
      quoted += "\\t";
    else if (c == '\'' || c == '\\')
      (quoted += '\\') += c;
    else
      quoted += c;
  }
  return quoted + "'";
}

} // namespace pep554::properties
