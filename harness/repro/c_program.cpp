#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/repro/c_checks.h"
#include "harness/repro/c_runtime.h"
#include "harness/repro/header.h"
#include "harness/repro/reproduced.h"
#include "harness/repro/script.h"
#include "harness/repro/text.h"
#include "spec/readable.h"

namespace pep554::repro {
namespace {

// Reserved descriptors: the pipe for emissions, and two for each gate.
constexpr int emit_descriptor = 500;

class CProgram {
public:
  CProgram(const Subject& subject, const std::string& on_plugin)
      : subject_(subject), program_(subject.subject.program),
        run_(on_plugin.empty() ? "./repro PLUGIN.so [key=value ...]" : on_plugin) {
    for (const auto& lane : program_.lanes)
      for (const Step& step : lane)
        look(step);
  }

  std::string text() {
    std::string lanes;
    for (size_t lane = 0; lane < program_.lanes.size(); ++lane)
      lanes += function(lane);
    std::string all =
        header(subject_,
               "cc -I FOLDER_OF_pep554_plugin.h repro.c -ldl -pthread -o repro && " + run_, "// ");
    all += c::includes;
    all += macros() + handles();
    all += c::basics;
    if (uses_.contains(Op::eval))
      all += "\nstatic const pep554_eval_t* evaluation;\n";
    all += helpers() + lanes + main();
    return all;
  }

private:
  void look(const Step& step) {
    uses_.insert(step.op);
    for (const std::string& name : {step.on, step.as})
      if (!name.empty())
        handles_.insert(name);
    const bool code = step.op == Op::run || step.op == Op::eval;
    emissions_ = emissions_ || (code && emits(step.text));
    std::set<std::string> gates = code ? gates_in(step.text) : std::set<std::string>{};
    if (step.op == Op::open || step.op == Op::wait)
      gates.insert(step.text);
    for (const std::string& gate : gates)
      gates_.emplace(gate, emit_descriptor + 2 * (static_cast<int>(gates_.size()) + 1));
  }

  bool several() const { return program_.lanes.size() > 1; }
  bool uses(Op op) const { return uses_.contains(op); }
  bool answers_one() const {
    return std::ranges::any_of(uses_, [](Op op) { return info(op).may_bind; });
  }

  // A macro is an expression without a quote: it may stand in a string of the code.
  std::string macros() const {
    std::string all;
    const bool waits = !gates_.empty();
    if (emissions_ || waits)
      all += c::posix_macro;
    if (emissions_)
      all += fmt::format(c::emit_macro, emit_descriptor + 1);
    if (has_macro(CodePart::Kind::open))
      all += c::open_macro;
    if (has_macro(CodePart::Kind::wait))
      all += c::wait_macro;
    return all;
  }

  bool has_macro(CodePart::Kind kind) const {
    return std::ranges::any_of(program_.lanes, [kind](const auto& lane) {
      return std::ranges::any_of(lane, [kind](const Step& step) {
        const auto parts = split_macros(step.text);
        return (step.op == Op::run || step.op == Op::eval) &&
               std::ranges::any_of(parts,
                                   [kind](const CodePart& part) { return part.kind == kind; });
      });
    });
  }

  std::string handles() const {
    std::string all = "\nstatic const pep554_plugin_t* api;\nstatic pep554_runtime_t* runtime;\n";
    for (const std::string& handle : handles_)
      all += fmt::format("static pep554_interpreter_t* {0}; // {1}\nstatic char {0}_id[64];\n",
                         c_variable(handle), on_one_line(handle, 40));
    return all;
  }

  std::string helpers() const {
    std::string all;
    if (answers_one() || uses(Op::read_id) || uses(Op::enumerate))
      all += c::read_id;
    if (answers_one())
      all += c::one;
    if (uses(Op::enumerate))
      all += c::enumerate;
    if (checks_.lists())
      all += c::count;
    if (checks_.emissions())
      all += c::emissions;
    if (checks_.fills())
      all += c::filled;
    all += checks_.variables();
    if (!gates_.empty())
      all += c::gate;
    return all;
  }

  // The code as literals, one for each line, with the macros between them.
  std::string code(const Step& step, size_t number) const {
    std::string all;
    for (const CodePart& part : split_macros(step.text)) {
      if (part.kind == CodePart::Kind::emit)
        all += fmt::format("EMIT({}) ", number);
      else if (part.kind == CodePart::Kind::open)
        all += fmt::format("OPEN({}) ", gates_.at(part.text) + 1);
      else if (part.kind == CodePart::Kind::wait)
        all += fmt::format("WAIT({}, {}) ", gates_.at(part.text), gates_.at(part.text) + 1);
      else
        all += lines(part.text);
    }
    while (all.ends_with(' ') || all.ends_with('\n'))
      all.pop_back();
    return all.empty() ? "\"\"" : all;
  }

  static std::string lines(std::string_view text) {
    std::string all;
    while (!text.empty()) {
      const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
      all += c_literal(text.substr(0, end)) + (text[end - 1] == '\n' ? "\n      " : " ");
      text.remove_prefix(end);
    }
    return all;
  }

  std::string call(const Step& step, size_t number) const {
    const std::string on = step.on.empty() ? "" : c_variable(step.on);
    const auto one = [&](const std::string& slot) {
      const std::string to =
          step.as.empty() ? "NULL, NULL" : fmt::format("&{0}, {0}_id", c_variable(step.as));
      return fmt::format("    pep554_interpreter_t* made = NULL;\n"
                         "    status = api->{}&made, &error);\n"
                         "    status = one(status, made, {}, &error);\n",
                         slot, to);
    };
    switch (step.op) {
    case Op::enumerate:
      return "    status = list(&error);\n";
    case Op::get_current:
    case Op::get_main:
    case Op::create:
      return one(fmt::format("{}(runtime, ", info(step.op).name));
    case Op::construct:
      return one(fmt::format("construct(runtime, {}, ",
                             step.on.empty() ? c_literal(step.text) : on + "_id"));
    case Op::read_id:
      return fmt::format("    char got[64] = \"\";\n    status = read_id({}, got, &error);\n", on);
    case Op::write_id:
      return fmt::format("    status = api->write_id(runtime, {}, {}, &error);\n", on,
                         c_literal(step.text));
    case Op::is_running:
      return fmt::format("    int32_t running = -1;\n    status = api->is_running(runtime, {}, "
                         "&running, &error);\n",
                         on);
    case Op::destroy:
      return fmt::format("    status = api->destroy(runtime, {}, &error);\n", on);
    case Op::run:
      return fmt::format("    static const char code[] =\n      {};\n"
                         "    status = api->run(runtime, {}, code, sizeof code - 1, &error);\n",
                         code(step, number), on);
    case Op::eval:
      return fmt::format("    static const char code[] =\n      {};\n"
                         "    status = evaluation->eval(runtime, code, sizeof code - 1, &error);\n",
                         code(step, number));
    default:
      return {};
    }
  }

  std::string block(size_t lane, size_t at) const {
    const Step& step = program_.lanes[lane][at];
    if (step.op == Op::open || step.op == Op::wait)
      return fmt::format("  {}({}); // {}\n", step.op == Op::open ? "open_gate" : "wait_gate",
                         step.op == Op::open ? gates_.at(step.text) + 1 : gates_.at(step.text),
                         on_one_line(step.text, 40));
    if (step.op == Op::release)
      return fmt::format("  api->release(runtime, {0});\n  {0} = NULL;\n", c_variable(step.on));
    const std::string what = c_literal(on_one_line(render(step, 60), 100));
    return "  {\n    pep554_error_t error = {.size = sizeof error};\n    pep554_status_t status = "
           "PEP554_FAILED;\n" +
           std::string(checks_.listens(lane, at) ? "    skip();\n" : "") +
           call(step, step_number(program_, lane, at)) +
           fmt::format("    answered({}, status, &error);\n", what) +
           checks_.after(lane, at, what) + "  }\n";
  }

  std::string function(size_t lane) const {
    std::string all =
        lane == 0 ? "\nstatic void lane_0(void) {\n"
                  : fmt::format("\nstatic void* lane_{}(void* none) {{\n{}", lane, c::attach);
    for (size_t at = 0; at < program_.lanes[lane].size(); ++at)
      all += block(lane, at);
    return all + (lane == 0 ? "}\n" : c::detach);
  }

  std::string once() const {
    std::string all;
    const size_t others = program_.lanes.size() - std::min<size_t>(1, program_.lanes.size());
    if (others > 0)
      all += fmt::format("  pthread_t threads[{}];\n", others);
    for (const auto& [gate, reading] : gates_)
      all += fmt::format("  make_pipe({}); // {}\n", reading, on_one_line(gate, 40));
    for (size_t lane = 1; lane < program_.lanes.size(); ++lane)
      all += fmt::format("  pthread_create(&threads[{}], NULL, lane_{}, NULL);\n", lane - 1, lane);
    all += program_.lanes.empty() ? "" : "  lane_0();\n";
    for (size_t lane = 1; lane < program_.lanes.size(); ++lane)
      all += fmt::format("  pthread_join(threads[{}], NULL);\n", lane - 1);
    all += checks_.last();
    return all;
  }

  std::string main() const {
    std::string all = program_.repeat > 1 ? c::held : "";
    all += "\nstatic void once(void) {\n" + once() + "}\n";
    all += "\nint main(int argc, char** argv) {\n";
    if (emissions_)
      all += fmt::format("  make_pipe({});\n", emit_descriptor);
    all += "  start(argc, argv);\n";
    if (uses(Op::eval))
      all += "  evaluation = api->get_extension(PEP554_EXT_EVAL);\n"
             "  if (evaluation == NULL)\n    not_tried(\"the plugin lacks \" PEP554_EXT_EVAL);\n";
    if (several())
      all += "  if (api->get_extension(PEP554_EXT_THREAD) == NULL)\n"
             "    not_tried(\"the plugin lacks \" PEP554_EXT_THREAD);\n";
    all += fmt::format("  signal(SIGALRM, too_late);\n  alarm({});\n",
                       std::max<long>(1, (program_.limits.deadline.count() + 999) / 1000));
    all += program_.repeat > 1 ? fmt::format(c::repeated, program_.repeat) : "  once();\n";
    const bool finalizes = program_.finish == Finish::finalize;
    if (checks_exit(subject_))
      return all +
             "  puts(\"not reproduced: every step answered as expected; now the runtime is "
             "finalized\");\n  "
             "fflush(NULL);\n" +
             c::finalize + fmt::format("  return {};\n}}\n", good_end);
    if (finalizes)
      all += c::finalize;
    return all +
           "  puts(\"not reproduced: every step answered as expected\");\n  fflush(NULL);\n  " +
           (finalizes ? "return 0;\n}\n" : "_exit(0);\n}\n");
  }

  const Subject subject_;
  const Program& program_;
  const std::string run_;
  std::set<Op> uses_;
  std::set<std::string> handles_;
  std::map<std::string, int> gates_; // the end to read
  bool emissions_ = false;
  CChecks checks_{subject_, handles_};
};

} // namespace

std::string c_program(const Subject& subject, const std::string& on_plugin) {
  return CProgram(subject, on_plugin).text();
}

} // namespace pep554::repro
