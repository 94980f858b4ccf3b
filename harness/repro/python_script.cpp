#include <algorithm>
#include <cassert>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/repro/header.h"
#include "harness/repro/python_steps.h"
#include "harness/repro/reproduced.h"
#include "harness/repro/script.h"
#include "harness/repro/text.h"

namespace pep554::repro {
namespace {

// No more than two empty lines, and one at the end.
std::string tidy(std::string text) {
  for (size_t at = text.find("\n\n\n\n"); at != std::string::npos; at = text.find("\n\n\n\n"))
    text.erase(at, 1);
  while (text.ends_with("\n\n"))
    text.pop_back();
  return text;
}

class Script {
public:
  Script(const Subject& subject, const ScriptOptions& options)
      : subject_(subject), program_(subject.subject.program), options_(options),
        module_api_(*find_module_api(options.adapter)), steps_(subject, module_api_),
        shim_(shim(module_api_, program_)) {}

  std::string text() {
    const bool once = program_.repeat > 1;
    std::string body = once ? repeated() : threads("");
    if (!once)
      body += lane(0, "");
    if (!once)
      body += join("") + steps_.last("");
    return tidy("#!/usr/bin/env python3\n" + about() + imports() + "\n" + shim_text() + helpers()) +
           "\n" + body + termination();
  }

private:
  bool several() const { return program_.lanes.size() > 1; }
  bool leaks() const { return program_.repeat > 1; }
  bool judges() const { return steps_.needs().checks || leaks(); }
  bool has_deadline() const {
    return several() || subject_.result == nullptr || is_verdict(subject_, Verdict::hang) ||
           (subject_.history != nullptr &&
            subject_.history->termination.kind == Termination::Kind::deadline);
  }

  std::string about() const {
    std::string runs = options_.command.empty() ? "python3 repro.py" : options_.command;
    if (options_.command.empty() && module_api_.adapter.empty())
      runs = "PYTHONPATH=FOLDER_OF_THE_MODULE " + runs;
    return header(subject_, runs, "# ");
  }

  std::string imports() const {
    const Needs& needs = steps_.needs();
    std::string all;
    const auto import = [&all](const char* module, bool needed) {
      all += needed ? fmt::format("import {}\n", module) : "";
    };
    import("ast", needs.emissions);
    import("faulthandler", has_deadline());
    import("os", true);
    import("re", code_has_gates());
    import("select", needs.emissions);
    import("shutil", !shim_.empty());
    import("statistics", leaks());
    import("sys", true);
    import("tempfile", !shim_.empty());
    import("threading", several() || asks_thread());
    import("traceback", needs.checks);
    return all;
  }

  std::string shim_text() const {
    std::string all;
    if (!shim_.empty())
      all += fmt::format(
          "# Code in the interpreters imports the draft's names: a module on the path of all.\n"
          "SHIM = {}\n"
          "if \"PEP554_SHIM\" not in os.environ:\n"
          "    folder = tempfile.mkdtemp()\n"
          "    with open(os.path.join(folder, \"interpreters.py\"), \"w\") as file:\n"
          "        file.write(SHIM)\n"
          "    path = os.pathsep.join(filter(None, [folder, os.environ.get(\"PYTHONPATH\")]))\n"
          "    os.environ.update(PYTHONPATH=path, PEP554_SHIM=folder)\n"
          "    child = os.fork()\n"
          "    if child == 0:\n"
          "        os.execv(sys.executable, [sys.executable, *sys.argv])\n"
          "    try:\n"
          "        ended = os.waitpid(child, 0)[1]\n"
          "    finally:\n"
          "        shutil.rmtree(folder, ignore_errors=True)\n"
          "    if os.WIFSIGNALED(ended):\n"
          "        os.kill(os.getpid(), os.WTERMSIG(ended))\n"
          "    os._exit(os.WEXITSTATUS(ended))\n\n",
          python_literal(shim_));
    return all;
  }

  bool code_has_gates() const {
    return std::ranges::any_of(program_.lanes, [](const auto& lane) {
      return std::ranges::any_of(lane, [](const Step& step) {
        return (step.op == Op::run || step.op == Op::eval) && !gates_in(step.text).empty();
      });
    });
  }

  bool asks_thread() const {
    const auto asks = [](const auto& expectation) {
      return expectation && expectation->emits &&
             std::ranges::any_of(*expectation->emits, [](const std::string& text) {
               return text.find("{lane.thread}") != std::string::npos;
             });
    };
    return std::ranges::any_of(subject_.subject.expectations,
                               [&](const auto& lane) { return std::ranges::any_of(lane, asks); });
  }

  std::string helpers() const {
    std::string all;
    const Needs& needs = steps_.needs();
    if (judges())
      all += reproduced();
    all += "\n\ndef unexpected(kind, error, trace, thread=None):\n"
           "    sys.__excepthook__(kind, error, trace)\n"
           "    print(\"not tried: a preparing step failed\", flush=True)\n"
           "    os._exit(2)\n\n\n"
           "sys.excepthook = unexpected\n";
    if (several())
      all += "threading.excepthook = lambda problem: unexpected(*problem)\n";
    // A module that cannot be imported shows nothing.
    all += "\n" + std::string(module_api_.import) + "\n\n";
    if (needs.runs && !module_api_.runs_by.empty())
      all += "\n\n" + std::string(module_api_.runs_by) + "\n";
    // Code in the main interpreter is executed in the namespace of the program: a thread that it
    // leaves keeps every object of the program at the exit.
    if (needs.names)
      all += module_api_.adapter.empty() ? "names = {\"interpreters\": interpreters}\n"
             : shim_.empty()             ? "names = {}\n"
                             : "names = {\"interpreters\": __import__(\"interpreters\")}\n";
    else if (needs.evals && !module_api_.adapter.empty() && !shim_.empty())
      all += "interpreters = __import__(\"interpreters\")\n";
    if (!needs.gates.empty() && !leaks())
      all += make_gates("");
    if (needs.emissions)
      all += "emitted, emit_to = os.pipe()\n";
    if (!needs.gates.empty())
      all += gate_functions();
    if (needs.code_macros)
      all += code_function();
    if (needs.emissions)
      all += emissions();
    if (leaks())
      all += held();
    if (has_deadline())
      all += fmt::format("# A hang prints its stacks and exits with 1.\n"
                         "faulthandler.dump_traceback_later({}, exit=True)\n",
                         seconds());
    return all;
  }

  long seconds() const {
    return std::max(1L, static_cast<long>(program_.limits.deadline.count() + 999) / 1000);
  }

  std::string reproduced() const {
    std::string all = "\n\ndef reproduced(step, expected, got):\n";
    if (steps_.needs().checks)
      all += "    if isinstance(got, BaseException):\n"
             "        got = \"\".join(traceback.format_exception_only(type(got), got)).strip()\n";
    return all +
           "    print(f\"reproduced: {step}: expected: {expected}; got: {got}\", flush=True)\n"
           "    os._exit(1)\n";
  }

  std::string make_gates(const std::string& margin) const {
    std::vector<std::string> names;
    for (const std::string& gate : steps_.needs().gates)
      names.push_back(python_word(gate));
    return fmt::format("{}gates = {{name: os.pipe() for name in [{}]}}\n", margin,
                       fmt::join(names, ", "));
  }

  static std::string gate_functions() {
    return "\n\ndef open_gate(name):\n"
           "    os.write(gates[name][1], b\"!\")\n\n\n"
           "def wait_gate(name):  # writes the byte back for the next lane\n"
           "    os.write(gates[name][1], os.read(gates[name][0], 1))\n\n\n";
  }

  // The expansions of macros have no quotes and no backslashes, so they fit into literals.
  std::string code_function() const {
    const bool emissions = steps_.needs().emissions;
    std::string all = emissions ? "\n\ndef code(text, step):\n" : "\n\ndef code(text):\n";
    all += "    # The pipes are the process's: code in every interpreter can write to them. What "
           "stands\n    # for $emit(), $open() and $wait() has no quotes, so that code may have it "
           "in a string.\n";
    all += "    posix = f\"__import__(bytes({list(b'posix')}).decode())\"\n";
    if (emissions)
      all += "    line = f\"ascii(({step}, str(value)[:1500])).encode() + bytes([10])\"\n"
             "    text = text.replace(\"$emit(\", f\"(lambda value: {posix}.write({emit_to}, "
             "{line}))(\")\n";
    if (code_has_gates())
      all +=
          "\n    def gate(macro):\n"
          "        reading, writing = gates[macro[2]]\n"
          "        if macro[1] == \"open\":\n"
          "            return f\"{posix}.write({writing}, bytes([33]))\"\n"
          "        return f\"(lambda os: os.write({writing}, os.read({reading}, 1)))({posix})\"\n\n"
          "    text = re.sub(r\"\\$(open|wait)\\(\\\\*['\\\"]([\\w.-]+)\\\\*['\\\"]\\)\", gate, "
          "text)\n";
    return all + "    return text\n\n\n";
  }

  static std::string emissions() {
    return "\n\ndef emissions(step=None, buffer=bytearray()):\n"
           "    \"\"\"What code has emitted up to now; that of one step.\"\"\"\n"
           "    while select.select([emitted], [], [], 0)[0]:\n"
           "        buffer += os.read(emitted, 65536)\n"
           "    lines = map(ast.literal_eval, buffer.decode().splitlines())\n"
           "    return [text for at, text in lines if step in (None, at)]\n\n\n";
  }

  static std::string held() {
    return "\n\ndef held():\n"
           "    \"\"\"KiB of memory that are no file's, open descriptors, threads.\"\"\"\n"
           "    with open(\"/proc/self/status\") as file:\n"
           "        status = dict(line.split(\":\", 1) for line in file)\n"
           "    return (int(status[\"RssAnon\"].split()[0]), len(os.listdir(\"/proc/self/fd\")),\n"
           "            int(status[\"Threads\"]))\n\n\n";
  }

  std::string globals(size_t lane, const std::string& margin) const {
    std::set<std::string> names = steps_.globals(lane);
    if (leaks() && lane == 0 && !steps_.needs().gates.empty())
      names.insert("gates");
    return names.empty() ? "" : fmt::format("{}global {}\n", margin, fmt::join(names, ", "));
  }

  std::string lane(size_t lane, const std::string& margin) { return steps_.lane(lane, margin); }

  std::string functions() {
    std::string all;
    for (size_t lane = 1; lane < program_.lanes.size(); ++lane) {
      const std::string lines = steps_.lane(lane, "    ");
      all += fmt::format("\ndef lane_{}():\n{}{}\n", lane, globals(lane, "    "),
                         lines.empty() ? "    pass\n" : lines);
    }
    return all;
  }

  std::string start(const std::string& margin) const {
    std::vector<std::string> names;
    for (size_t lane = 1; lane < program_.lanes.size(); ++lane)
      names.push_back(fmt::format("lane_{}", lane));
    return fmt::format("{0}threads = [threading.Thread(target=lane) for lane in [{1}]]\n"
                       "{0}for thread in threads:\n{0}    thread.start()\n",
                       margin, fmt::join(names, ", "));
  }

  std::string threads(const std::string& margin) {
    return several() ? functions() + "\n" + start(margin) : "";
  }

  std::string join(const std::string& margin) const {
    return several() ? fmt::format("{0}for thread in threads:\n{0}    thread.join()\n", margin)
                     : "";
  }

  std::string repeated() {
    const unsigned times = program_.repeat;
    std::string all = several() ? functions() + "\n" : "";
    std::string once = globals(0, "    ");
    if (!steps_.needs().gates.empty())
      once += make_gates("    ");
    if (several())
      once += start("    ");
    once += lane(0, "    ");
    once += join("    ") + steps_.last("    ");
    if (!steps_.needs().gates.empty())
      once += "    for gate in gates.values():\n        os.close(gate[0])\n        "
              "os.close(gate[1])\n";
    all += "\ndef once():\n" + once + "\n\n";
    const double least = std::max(4.0, 1024.0 * 8 / 7 / times * 4 / 3);
    all += fmt::format(
        "after = []\nfor _ in range({}):\n    once()\n    after.append(held())\n"
        "after = after[len(after) // 8:]\n"
        "for what, least, series in zip([\"KiB of memory\", \"descriptors\", \"threads\"],\n"
        "                               [{:.0f}, 0.25, 0.25], zip(*after)):\n"
        "    size = len(series) // 4\n"
        "    quarters = [statistics.median(series[at * size:(at + 1) * size]) for at in range(4)]\n"
        "    steps = [after - before for before, after in zip(quarters, quarters[1:])]\n"
        "    each = sum(steps) / 3 / size\n"
        "    if each >= least and min(steps) >= sum(steps) / 6:\n"
        "        reproduced(\"repeated\", \"no growth\", f\"{{each:.2f}} {{what}} more "
        "each "
        "time\")\n",
        times, least);
    return all;
  }

  std::string termination() const {
    const bool finalizes = program_.finish == Finish::finalize;
    std::string all = finalizes ? "\n# The process now ends, and that must go well too.\n" : "\n";
    all += fmt::format("print(\"not reproduced: {}\", flush=True)\n",
                       finalizes ? "every step answered as expected; now the runtime is finalized"
                                 : "every step answered as expected");
    if (!finalizes)
      all += "os._exit(0)\n";
    else if (checks_exit(subject_))
      all += fmt::format("raise SystemExit({})\n", good_end);
    return all;
  }

  const Subject subject_;
  const Program& program_;
  const ScriptOptions options_;
  const ModuleApi& module_api_;
  PythonSteps steps_;
  const std::string shim_;
};

} // namespace

std::string python_script(const Subject& subject, const ScriptOptions& options) {
  assert(find_module_api(options.adapter) != nullptr);
  return Script(subject, options).text();
}

} // namespace pep554::repro
