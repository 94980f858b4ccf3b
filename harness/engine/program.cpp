#include "harness/engine/program.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "spec/readable.h"

namespace pep554 {
namespace {

// The first line of code as a Python string literal, cut to about `width` characters, and the
// number of the lines behind it. The quotes are those that need no backslash; a backslash makes it
// r''.
std::string literal(std::string_view code, size_t width) {
  while (code.starts_with('\n'))
    code.remove_prefix(1);
  while (code.ends_with('\n'))
    code.remove_suffix(1);
  const std::string_view line = code.substr(0, code.find('\n'));
  const auto has = [line](char c) { return line.find(c) != std::string_view::npos; };
  const char quote = has('\'') && !has('"') ? '"' : '\'';
  const bool control =
      std::ranges::any_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  const bool raw = has('\\') && !has(quote) && !control && !line.ends_with('\\');
  std::string text = raw ? "r" : "";
  text += quote;
  bool cut = false;
  for (const char c : line) {
    cut = text.size() > width && (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (cut)
      break;
    if (!raw && (c == quote || c == '\\'))
      text += {'\\', c};
    else if (static_cast<unsigned char>(c) < 0x20)
      text += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    else
      text += c;
  }
  text += cut ? "..." : "";
  text += quote;
  const auto more = std::ranges::count(code, '\n');
  return more == 0 ? text : fmt::format("{} + {} line{}", text, more, more == 1 ? "" : "s");
}

std::string call(const Step& step, size_t width) {
  switch (step.op) {
  case Op::enumerate:
  case Op::get_current:
  case Op::get_main:
  case Op::create:
    return fmt::format("interpreters.{}()", info(step.op).name);
  case Op::construct:
    return fmt::format("interpreters.Interpreter({})",
                       step.on.empty() ? step.text : step.on + ".id");
  case Op::read_id:
    return step.on + ".id";
  case Op::write_id:
    return fmt::format("{}.id = {}", step.on, step.text);
  case Op::is_running:
  case Op::destroy:
    return fmt::format("{}.{}()", step.on, info(step.op).name);
  case Op::run:
    return fmt::format("{}.run({})", step.on, literal(step.text, width));
  case Op::release:
    return "del " + step.on;
  case Op::eval:
    return fmt::format("exec({})", literal(step.text, width));
  case Op::open:
    return fmt::format("# open gate {}", step.text);
  case Op::wait:
    return fmt::format("# wait for gate {}", step.text);
  }
  return {};
}

nlohmann::json to_json(const Step& step) {
  nlohmann::json object{{"op", info(step.op).name}};
  if (!step.on.empty())
    object["on"] = step.on;
  if (!step.as.empty())
    object["as"] = step.as;
  if (!step.text.empty())
    object["text"] = step.text;
  return object;
}

} // namespace

const std::array<OpInfo, 14>& operations() {
  static constexpr std::array<OpInfo, 14> all{{
      {Op::enumerate, "enumerate", false, false, false},
      {Op::get_current, "get_current", false, false, true},
      {Op::get_main, "get_main", false, false, true},
      {Op::create, "create", false, false, true},
      {Op::construct, "construct", false, false, true},
      {Op::read_id, "read_id", true, false, false},
      {Op::write_id, "write_id", true, true, false},
      {Op::is_running, "is_running", true, false, false},
      {Op::destroy, "destroy", true, false, false},
      {Op::run, "run", true, true, false},
      {Op::release, "release", true, false, false},
      {Op::eval, "eval", false, true, false},
      {Op::open, "open", false, true, false},
      {Op::wait, "wait", false, true, false},
  }};
  return all;
}

const OpInfo& info(Op op) {
  return operations()[static_cast<size_t>(op)];
}

const OpInfo* find_operation(std::string_view name) {
  const auto* found = std::ranges::find(operations(), name, &OpInfo::name);
  return found == operations().end() ? nullptr : &*found;
}

nlohmann::json to_json(const Program& program) {
  auto lanes = nlohmann::json::array();
  for (const auto& lane : program.lanes) {
    auto steps = nlohmann::json::array();
    for (const Step& step : lane)
      steps.push_back(to_json(step));
    lanes.push_back(std::move(steps));
  }
  return {{"lanes", std::move(lanes)},
          {"finish", program.finish == Finish::finalize ? "finalize" : "quit"},
          {"repeat", program.repeat},
          {"deadline_ms", program.limits.deadline.count()},
          {"output_bytes", program.limits.output_bytes},
          {"memory_bytes", program.limits.memory_bytes},
          {"open_files", program.limits.open_files},
          {"processes", program.limits.processes}};
}

std::string render(const Step& step, size_t width) {
  const std::string expression = call(step, width);
  return on_one_line(step.as.empty() ? expression : fmt::format("{} = {}", step.as, expression));
}

} // namespace pep554
