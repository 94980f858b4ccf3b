#include "harness/repro/module_api.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "harness/repro/script.h"

namespace pep554::repro {
namespace {

constexpr std::array<ModuleApi, 5> dialects{{
    {
        .adapter = "",
        .import = "import interpreters",
        .enumerate = "interpreters.enumerate()",
        .ids = "[str(one.id) for one in interpreters.enumerate()]",
        .get_current = "interpreters.get_current()",
        .get_main = "interpreters.get_main()",
        .create = "interpreters.create()",
        .construct = "interpreters.Interpreter({})",
        .id = "{}.id",
        .text_id = "str({}.id)",
        .write_id = "{}.id = {}",
        .is_running = "{}.is_running()",
        .destroy = "{}.destroy()",
        .run = "{}.run({})",
        .runs_by = "",
        .shim_head = "",
    },
    {
        .adapter = "concurrent",
        .import = "from concurrent import interpreters",
        .enumerate = "interpreters.list_all()",
        .ids = "[str(one.id) for one in interpreters.list_all()]",
        .get_current = "interpreters.get_current()",
        .get_main = "interpreters.get_main()",
        .create = "interpreters.create()",
        .construct = "interpreters.Interpreter({})",
        .id = "{}.id",
        .text_id = "str({}.id)",
        .write_id = "{}.id = {}",
        .is_running = "{}.is_running()",
        .destroy = "{}.close()",
        .run = "{}.exec({})",
        .runs_by = "",
        .shim_head = "import concurrent.interpreters as high\n",
    },
    {
        .adapter = "interpreters",
        .import = "import _interpreters",
        .enumerate = "_interpreters.list_all()",
        .ids = "[str(id) for id, *_ in _interpreters.list_all()]",
        .get_current = "_interpreters.get_current()[0]",
        .get_main = "_interpreters.get_main()[0]",
        .create = "_interpreters.create()",
        .construct = "{}",
        .id = "{}",
        .text_id = "str({})",
        .write_id = "",
        .is_running = "_interpreters.is_running({})",
        .destroy = "_interpreters.destroy({})",
        .run = "run({}, {})",
        .runs_by = "def run(id, code):\n"
                   "    failure = _interpreters.run_string(id, code)\n"
                   "    if failure is not None:\n"
                   "        raise RuntimeError(failure.formatted)\n",
        .shim_head = "import _interpreters as low\n",
    },
    {
        .adapter = "xxsubinterpreters",
        .import = "import _xxsubinterpreters",
        .enumerate = "_xxsubinterpreters.list_all()",
        .ids = "[str(id) for id in _xxsubinterpreters.list_all()]",
        .get_current = "_xxsubinterpreters.get_current()",
        .get_main = "_xxsubinterpreters.get_main()",
        .create = "_xxsubinterpreters.create()",
        .construct = "{}",
        .id = "int({})",
        .text_id = "str({})",
        .write_id = "",
        .is_running = "_xxsubinterpreters.is_running({})",
        .destroy = "_xxsubinterpreters.destroy({})",
        .run = "_xxsubinterpreters.run_string({}, {})",
        .runs_by = "",
        .shim_head = "import _xxsubinterpreters as low\n",
    },
    {
        .adapter = "testsupport",
        .import = "from test.support import interpreters",
        .enumerate = "interpreters.list_all()",
        .ids = "[str(one.id) for one in interpreters.list_all()]",
        .get_current = "interpreters.get_current()",
        .get_main = "interpreters.get_main()",
        .create = "interpreters.create()",
        .construct = "interpreters.Interpreter({})",
        .id = "{}.id",
        .text_id = "str({}.id)",
        .write_id = "{}.id = {}",
        .is_running = "{}.is_running()",
        .destroy = "{}.close()",
        .run = "run({}, {})",
        .runs_by = "# It is exec from 3.13 on, and run before.\n"
                   "run = getattr(interpreters.Interpreter, \"exec\", None) or "
                   "interpreters.Interpreter.run\n",
        .shim_head = "import test.support.interpreters as high\n",
    },
}};

// The code of all interpreters that imports the module, concatenated.
std::string code_that_imports(const Program& program) {
  std::string all;
  bool imports = false;
  for (const auto& lane : program.lanes)
    for (const Step& step : lane)
      if (step.op == Op::run || step.op == Op::eval) {
        all += step.text + "\n";
        imports =
            imports || step.op == Op::eval || step.text.find("interpreters") != std::string::npos;
      }
  return imports && all.find("interpreters") != std::string::npos ? all : "";
}

struct Line {
  std::string_view name; // needed when the code has this word
  std::string_view text;
};

std::string used(const std::vector<Line>& lines, const std::string& code) {
  std::string text;
  for (const Line& line : lines)
    if (code.find(line.name) != std::string::npos)
      text += line.text;
  return text;
}

// The low-level module under the draft's name, where code asks for it and it has another.
std::string low_level(std::string_view module, const std::string& code) {
  return code.find("import _interpreters") == std::string::npos
             ? ""
             : fmt::format("import sys\nsys.modules[\"_interpreters\"] = {}\n", module);
}

std::string high_shim(const ModuleApi& module_api, const std::string& code) {
  std::string text(module_api.shim_head);
  if (module_api.adapter == "testsupport")
    text += low_level("high._interpreters", code);
  text += used({{"enumerate", "enumerate = high.list_all\n"},
                {"get_current", "get_current = high.get_current\n"},
                {"get_main", "get_main = high.get_main\n"},
                {"create", "create = high.create\n"}},
               code);
  text += "Interpreter = high.Interpreter\n";
  const bool exec = module_api.adapter == "concurrent";
  text += used({{"destroy", "Interpreter.destroy = Interpreter.close\n"},
                {"run", exec ? "Interpreter.run = Interpreter.exec\n"
                             : "Interpreter.run = getattr(Interpreter, \"exec\", None) or "
                               "Interpreter.run\n"}},
               code);
  return text;
}

std::string low_shim(const ModuleApi& module_api, const std::string& code) {
  const bool pairs = module_api.adapter == "interpreters";
  std::string text(module_api.shim_head);
  if (!pairs)
    text += low_level("low", code);
  text +=
      used({{"enumerate", pairs ? "def enumerate(): return [Interpreter(id) for id, *_ in "
                                  "low.list_all()]\n"
                                : "def enumerate(): return [Interpreter(id) for id in "
                                  "low.list_all()]\n"},
            {"get_current", pairs ? "def get_current(): return Interpreter(low.get_current()[0])\n"
                                  : "def get_current(): return Interpreter(low.get_current())\n"},
            {"get_main", pairs ? "def get_main(): return Interpreter(low.get_main()[0])\n"
                               : "def get_main(): return Interpreter(low.get_main())\n"},
            {"create", "def create(): return Interpreter(low.create())\n"}},
           code);
  text += "class Interpreter:\n    def __init__(self, id): self.id = id\n";
  text += used({{"is_running", "    def is_running(self): return low.is_running(self.id)\n"},
                {"destroy", "    def destroy(self): return low.destroy(self.id)\n"},
                {"run", pairs ? "    def run(self, code):\n"
                                "        failure = low.run_string(self.id, code)\n"
                                "        if failure is not None: raise "
                                "RuntimeError(failure.formatted)\n"
                              : "    def run(self, code): return low.run_string(self.id, code)\n"}},
               code);
  return text;
}

} // namespace

const ModuleApi* find_module_api(std::string_view adapter) {
  const auto* found = std::ranges::find(dialects, adapter, &ModuleApi::adapter);
  return found == dialects.end() ? nullptr : found;
}

const std::vector<std::string_view>& adapters() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const ModuleApi& one : dialects)
      if (!one.adapter.empty())
        all.push_back(one.adapter);
    return all;
  }();
  return names;
}

std::string shim(const ModuleApi& module_api, const Program& program) {
  const std::string code = code_that_imports(program);
  if (code.empty() || module_api.adapter.empty())
    return "";
  const bool low =
      module_api.adapter == "interpreters" || module_api.adapter == "xxsubinterpreters";
  return low ? low_shim(module_api, code) : high_shim(module_api, code);
}

} // namespace pep554::repro
