#include "cases/step_reader.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "spec/toml_reader.h"

namespace pep554 {
namespace {

constexpr std::array categories{"not-found",     "busy",        "bad-argument",
                                "script-failed", "unsupported", "other"};

class StepReader {
public:
  StepReader(const toml::table& table, const std::set<std::string>& names,
             const std::string& display_path, Diagnostics& diagnostics)
      : reader_(table, display_path, diagnostics), names_(names), display_path_(display_path),
        diagnostics_(diagnostics) {}

  TableStep read() {
    TableStep read;
    const std::string name = reader_.required("do");
    const OpInfo* operation = find_operation(name);
    if (operation == nullptr) {
      if (!name.empty())
        reader_.report("do", fmt::format("\"{}\": expected an operation: {}", name, all_names()));
      return read;
    }
    read.step.op = operation->op;
    read_operands(*operation, read.step);
    read.expectation = read_expectation(*operation);
    reader_.finish();
    return read;
  }

private:
  static std::string all_names() {
    std::vector<std::string_view> all;
    for (const OpInfo& operation : operations())
      all.push_back(operation.name);
    return fmt::format("{}", fmt::join(all, ", "));
  }

  void read_operands(const OpInfo& operation, Step& step) {
    const bool construct = operation.op == Op::construct;
    if (operation.wants_on || construct)
      step.on = reader_.text("on").value_or("");
    if (operation.may_bind)
      step.as = reader_.text("as").value_or("");
    const std::string_view key = text_key(operation.op);
    const auto text = key.empty() ? std::nullopt : reader_.text(key);
    step.text = text.value_or("");
    if (operation.wants_on && step.on.empty())
      reader_.report("on", fmt::format("{}: expected \"on\" = a handle", operation.name));
    if (operation.wants_text && !text)
      reader_.report(key, fmt::format("{}: expected \"{}\" = a string", operation.name, key));
    if (construct && step.on.empty() == step.text.empty())
      reader_.report("id", "construct: expected either \"on\" = a handle, whose id is taken, or "
                           "\"id\" = a literal");
    if (key == "gate")
      check_gate(step.text);
    check_name("on", step.on);
  }

  // The macros $open and $wait take no other names.
  void check_gate(const std::string& gate) {
    const auto ok = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
    };
    if (gate.empty() || !std::ranges::all_of(gate, ok))
      reader_.report("gate", fmt::format("\"{}\": expected a gate's name: letters, digits, '_', "
                                         "'-' and '.'",
                                         gate));
  }

  void check_name(std::string_view key, const std::string& name) {
    if (!name.empty() && !names_.contains(name))
      reader_.report(key, unbound(name));
  }

  std::string unbound(const std::string& name) const {
    return fmt::format("no step binds \"{}\": expected one of: {}", name,
                       names_.empty() ? "(none is bound)"
                                      : fmt::format("{}", fmt::join(names_, ", ")));
  }

  std::optional<Expectation> read_expectation(const OpInfo& operation) {
    const toml::node* node = reader_.node("expect");
    if (node == nullptr)
      return std::nullopt;
    if (const auto* table = node->as_table())
      return read_table(*table, operation);
    Expectation expectation;
    const auto* word = node->as_string();
    if (word == nullptr || !set_outcome(word->get(), expectation))
      reader_.report("expect", "expected \"ok\", \"raises\", \"any\" or a table");
    return expectation;
  }

  static bool set_outcome(const std::string& word, Expectation& expectation) {
    if (word == "ok")
      expectation.outcome = Expectation::Outcome::ok;
    else if (word == "raises")
      expectation.outcome = Expectation::Outcome::raises;
    else if (word == "any")
      expectation.outcome = Expectation::Outcome::any;
    else
      return false;
    return true;
  }

  std::optional<Expectation> read_table(const toml::table& table, const OpInfo& operation) {
    TableReader reader(table, display_path_, diagnostics_);
    Expectation expectation;
    if (const auto raises = reader.boolean("raises"); raises && *raises)
      expectation.outcome = Expectation::Outcome::raises;
    expectation.category = reader.text("category");
    check_category(reader, expectation);
    if (operation.op == Op::is_running)
      expectation.truth = reader.boolean("is");
    if (operation.op == Op::enumerate) {
      expectation.exactly = handles(reader, "exactly");
      expectation.contains = handles(reader, "contains").value_or(std::vector<std::string>{});
      expectation.excludes = handles(reader, "excludes").value_or(std::vector<std::string>{});
    }
    if (operation.may_bind || operation.op == Op::read_id) {
      expectation.same = reader.text("same");
      if (expectation.same && !names_.contains(*expectation.same))
        reader.report("same", unbound(*expectation.same));
      expectation.differs = handles(reader, "differs").value_or(std::vector<std::string>{});
    }
    if (operation.op == Op::run || operation.op == Op::eval)
      expectation.emits = reader.texts("emits");
    expectation.during = reader.texts("during").value_or(std::vector<std::string>{});
    reader.finish();
    if (expectation == Expectation{} && table.empty())
      reader_.report("expect", "an empty table expects nothing: expected \"ok\", or keys");
    return expectation;
  }

  static void check_category(TableReader& reader, const Expectation& expectation) {
    if (!expectation.category)
      return;
    if (std::ranges::find(categories, *expectation.category) == categories.end())
      reader.report("category", fmt::format("\"{}\": expected one of {}", *expectation.category,
                                            fmt::join(categories, ", ")));
    else if (expectation.outcome != Expectation::Outcome::raises)
      reader.report("category", "a category needs \"raises\" = true beside it");
  }

  std::optional<std::vector<std::string>> handles(TableReader& reader, std::string_view key) {
    auto texts = reader.texts(key);
    for (const std::string& name : texts.value_or(std::vector<std::string>{}))
      if (!names_.contains(name))
        reader.report(key, unbound(name));
    return texts;
  }

  TableReader reader_;
  const std::set<std::string>& names_;
  const std::string& display_path_;
  Diagnostics& diagnostics_;
};

} // namespace

std::string_view text_key(Op op) {
  switch (op) {
  case Op::run:
  case Op::eval:
    return "code";
  case Op::open:
  case Op::wait:
    return "gate";
  case Op::write_id:
    return "value";
  case Op::construct:
    return "id";
  default:
    return {};
  }
}

TableStep read_step(const toml::table& table, const std::set<std::string>& names,
                    const std::string& display_path, Diagnostics& diagnostics) {
  return StepReader(table, names, display_path, diagnostics).read();
}

} // namespace pep554
