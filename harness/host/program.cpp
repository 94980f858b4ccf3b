#include "harness/host/program.h"

#include <array>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>

namespace pep554::host {
namespace {

struct OpRule {
  std::string_view name;
  Op op;
  bool wants_on;
};

constexpr std::array<OpRule, 14> rules{{
    {"enumerate", Op::enumerate, false},
    {"get_current", Op::get_current, false},
    {"get_main", Op::get_main, false},
    {"create", Op::create, false},
    {"construct", Op::construct, false},
    {"read_id", Op::read_id, true},
    {"write_id", Op::write_id, true},
    {"is_running", Op::is_running, true},
    {"destroy", Op::destroy, true},
    {"run", Op::run, true},
    {"release", Op::release, true},
    {"eval", Op::eval, false},
    {"open", Op::open, false},
    {"wait", Op::wait, false},
}};

const OpRule* find_rule(std::string_view name) {
  for (const OpRule& rule : rules)
    if (rule.name == name)
      return &rule;
  return nullptr;
}

Step step_from(const nlohmann::json& document) {
  const std::string name = document.at("op");
  const OpRule* rule = find_rule(name);
  if (rule == nullptr)
    throw std::invalid_argument("no operation is named \"" + name + "\"");
  Step step{rule->op, document.value("on", ""), document.value("as", ""),
            document.value("text", "")};
  if (rule->wants_on && step.on.empty())
    throw std::invalid_argument("operation \"" + name + "\" needs \"on\"");
  return step;
}

const nlohmann::json& checked_array(const nlohmann::json& value, const char* what) {
  if (!value.is_array())
    throw std::invalid_argument(std::string(what) + " is not an array");
  return value;
}

// Clocks that count nanoseconds must be able to add it.
constexpr std::uint64_t longest_deadline_ms = std::uint64_t{365} * 24 * 60 * 60 * 1000;

std::uint64_t number_from(const nlohmann::json& document, const char* name, std::uint64_t absent) {
  const nlohmann::json value = document.value(name, nlohmann::json(absent));
  if (!value.is_number_unsigned())
    throw std::invalid_argument(std::string("\"") + name + "\" is not a whole number from 0 on");
  return value;
}

std::chrono::milliseconds deadline_from(const nlohmann::json& document,
                                        std::chrono::milliseconds absent) {
  const std::uint64_t count =
      number_from(document, "deadline_ms", static_cast<std::uint64_t>(absent.count()));
  if (count > longest_deadline_ms)
    throw std::invalid_argument("\"deadline_ms\" is more than " +
                                std::to_string(longest_deadline_ms) + ", which is a year");
  return std::chrono::milliseconds(count);
}

bool finalize_from(const std::string& finish) {
  if (finish != "quit" && finish != "finalize")
    throw std::invalid_argument(R"("finish" is neither "quit" nor "finalize")");
  return finish == "finalize";
}

} // namespace

std::optional<Op> find_op(std::string_view name) {
  const OpRule* rule = find_rule(name);
  return rule != nullptr ? std::optional(rule->op) : std::nullopt;
}

Program program_from(const nlohmann::json& document) {
  Program program;
  for (const nlohmann::json& steps : checked_array(document.at("lanes"), "\"lanes\"")) {
    std::vector<Step> lane;
    for (const nlohmann::json& step : checked_array(steps, "a lane"))
      lane.push_back(step_from(step));
    program.lanes.push_back(std::move(lane));
  }
  program.finalize = finalize_from(document.value("finish", "quit"));
  program.deadline = deadline_from(document, program.deadline);
  program.output_bytes = number_from(document, "output_bytes", program.output_bytes);
  program.memory_bytes = number_from(document, "memory_bytes", program.memory_bytes);
  program.open_files = number_from(document, "open_files", program.open_files);
  program.processes = number_from(document, "processes", program.processes);
  program.repeat = number_from(document, "repeat", program.repeat);
  return program;
}

} // namespace pep554::host
