#include "cases/table_writer.h"

#include <sstream>
#include <string_view>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "cases/step_reader.h"

namespace pep554 {
namespace {

std::string quoted(const std::string& text) {
  std::ostringstream out;
  out << toml::toml_formatter(toml::value<std::string>(text), toml::format_flags::none);
  return out.str();
}

std::string quoted(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts)
    all += (all.empty() ? "" : ", ") + quoted(text);
  return "[" + all + "]";
}

// The members of an inline table.
class Members {
public:
  void add(std::string_view key, const std::string& value) {
    text_ += fmt::format("{}{} = {}", text_.empty() ? "" : ", ", key, value);
  }
  void add_text(std::string_view key, const std::string& value) {
    if (!value.empty())
      add(key, quoted(value));
  }
  void add_list(std::string_view key, const std::vector<std::string>& values) {
    if (!values.empty())
      add(key, quoted(values));
  }
  std::string table() const { return "{ " + text_ + " }"; }

private:
  std::string text_;
};

std::string text_of(const Expectation& expectation) {
  using Outcome = Expectation::Outcome;
  Expectation plain;
  plain.outcome = expectation.outcome;
  if (expectation == plain)
    return expectation.outcome == Outcome::ok       ? "\"ok\""
           : expectation.outcome == Outcome::raises ? "\"raises\""
                                                    : "\"any\"";
  Members members;
  if (expectation.outcome == Outcome::raises)
    members.add("raises", "true");
  if (expectation.category)
    members.add_text("category", *expectation.category);
  if (expectation.truth)
    members.add("is", *expectation.truth ? "true" : "false");
  if (expectation.same)
    members.add_text("same", *expectation.same);
  members.add_list("differs", expectation.differs);
  if (expectation.exactly)
    members.add("exactly", quoted(*expectation.exactly));
  members.add_list("contains", expectation.contains);
  members.add_list("excludes", expectation.excludes);
  if (expectation.emits)
    members.add("emits", quoted(*expectation.emits));
  members.add_list("during", expectation.during);
  return members.table();
}

std::string text_of(const Step& step, const std::optional<Expectation>& expectation) {
  Members members;
  members.add_text("do", std::string(info(step.op).name));
  members.add_text("on", step.on);
  members.add_text("as", step.as);
  const bool has_text = info(step.op).wants_text || (step.op == Op::construct && step.on.empty());
  if (has_text)
    members.add(text_key(step.op), quoted(step.text));
  if (expectation)
    members.add("expect", text_of(*expectation));
  return members.table();
}

std::string lane_text(const Case& one, size_t lane, std::string_view indent) {
  std::string text;
  const auto& steps = one.program.lanes[lane];
  for (size_t i = 0; i < steps.size(); ++i) {
    const bool known = lane < one.expectations.size() && i < one.expectations[lane].size();
    text += fmt::format("{}  {},\n", indent,
                        text_of(steps[i], known ? one.expectations[lane][i] : std::nullopt));
  }
  return text;
}

std::string limits_text(const Program& program) {
  const Limits defaults;
  const Limits& limits = program.limits;
  std::string text;
  const auto add = [&text](std::string_view key, auto value, auto other) {
    if (value != other)
      text += fmt::format("{} = {}\n", key, value);
  };
  add("repeat", program.repeat, 1U);
  add("deadline_ms", limits.deadline.count(), defaults.deadline.count());
  add("output_bytes", limits.output_bytes, defaults.output_bytes);
  add("memory_bytes", limits.memory_bytes, defaults.memory_bytes);
  add("open_files", limits.open_files, defaults.open_files);
  add("processes", limits.processes, defaults.processes);
  return text;
}

std::string row_text(const Case& one) {
  std::string text = "\n[[case]]\n";
  text += fmt::format("name = {}\n", quoted(one.id.substr(one.id.find('.') + 1)));
  text += fmt::format("title = {}\nclauses = {}\n", quoted(one.title), quoted(one.clauses));
  if (!one.property.empty())
    text += fmt::format("property = {}\n", quoted(one.property));
  if (one.program.finish == Finish::finalize)
    text += "finish = \"finalize\"\n";
  text += limits_text(one.program);
  if (one.program.lanes.size() == 1)
    return text + "steps = [\n" + lane_text(one, 0, "") + "]\n";
  text += "lanes = [\n";
  for (size_t lane = 0; lane < one.program.lanes.size(); ++lane)
    text += "  [\n" + lane_text(one, lane, "  ") + "  ],\n";
  return text + "]\n";
}

} // namespace

std::string table_text(const std::string& about, const std::vector<Case>& cases) {
  std::string text = fmt::format("about = {}\n", quoted(about));
  for (const Case& one : cases)
    text += row_text(one);
  return text;
}

} // namespace pep554
