#include "harness/gate/diff_report.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "harness/gate/gate.h"
#include "reports/summary.h"
#include "spec/readable.h"

namespace pep554::gate {
namespace {

using nlohmann::ordered_json;

constexpr size_t longest_reason = 300;

std::string result_in_words(const CaseResult* result) {
  if (result == nullptr)
    return "absent";
  return is_good(*result) ? std::string(to_string(result->verdict))
                          : on_one_line(signature_in(*result), longest_reason);
}

double milliseconds(const CaseResult& result) {
  return static_cast<double>(result.microseconds) / 1000;
}

// "pass -> fail run ValueError"
std::string transition(const Change& change) {
  if (change.kind == Kind::slower)
    return fmt::format("{:.0f} ms -> {:.0f} ms", milliseconds(*change.before),
                       milliseconds(*change.after));
  return fmt::format("{} -> {}", result_in_words(change.before), result_in_words(change.after));
}

// What a reader has to know of the state after the change.
std::string reason(const Change& change) {
  if (change.kind == Kind::slower || change.after == nullptr)
    return {};
  if (change.kind == Kind::other_evidence && is_good(*change.after))
    return "the observed answer is another one";
  return on_one_line(change.after->reason, longest_reason);
}

std::map<Kind, size_t> counts_of(const std::vector<Change>& changes) {
  std::map<Kind, size_t> counts;
  for (const Change& one : changes)
    ++counts[one.kind];
  return counts;
}

std::string summary(const std::vector<Change>& changes) {
  std::string text;
  for (const auto& [kind, count] : counts_of(changes))
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, to_string(kind));
  return text.empty() ? "no differences" : text;
}

// A name and, where only a part was run, which.
std::string title(const RunResult& run) {
  std::string text = on_one_line(run.target.name);
  if (const std::string self = self_description(run); !self.empty())
    text += fmt::format(" ({})", on_one_line(self));
  if (!run.filter.empty())
    text += fmt::format(", only {}", on_one_line(run.filter));
  if (run.unreached > 0)
    text += ", interrupted";
  return text;
}

// Text for a cell of a table.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : on_one_line(text)) {
    if (std::string_view("\\`*_{}[]<>|#~&@").find(c) != std::string_view::npos)
      out += '\\';
    out += c;
  }
  return out;
}

ordered_json json_of(const CaseResult* result) {
  if (result == nullptr)
    return nullptr;
  return {{"verdict", to_string(result->verdict)},
          {"signature", valid_utf8(result->signature)},
          {"reason", valid_utf8(result->reason)},
          {"duration_us", result->microseconds}};
}

ordered_json json_of(const RunResult& run) {
  return {{"target", valid_utf8(run.target.name)}, {"version", valid_utf8(run.version)},
          {"started", valid_utf8(run.started)},    {"conformant", run.conformant},
          {"filter", valid_utf8(run.filter)},      {"cases", run.cases.size()}};
}

} // namespace

std::string diff_text(const std::vector<Change>& changes, const RunResult& before,
                      const RunResult& after) {
  std::string text;
  for (const Change& one : changes) {
    const std::string why = reason(one);
    text += fmt::format("{:<14} {}: {}{}{}\n", to_string(one.kind), on_one_line(one.id),
                        transition(one), why.empty() ? "" : ": ", why);
  }
  return text + fmt::format("{} -> {}: {}\n", title(before), title(after), summary(changes));
}

std::string diff_markdown(const std::vector<Change>& changes, const RunResult& before,
                          const RunResult& after) {
  std::string text = fmt::format("### pep554: {}\n\n{} → {}\n", summary(changes),
                                 cell(title(before)), cell(title(after)));
  if (changes.empty())
    return text;
  text += "\n| change | case | before → after | reason |\n| --- | --- | --- | --- |\n";
  for (const Change& one : changes)
    text += fmt::format("| {} | {} | {} | {} |\n", to_string(one.kind), cell(one.id),
                        cell(transition(one)), cell(reason(one)));
  return text;
}

nlohmann::ordered_json diff_json(const std::vector<Change>& changes, const RunResult& before,
                                 const RunResult& after) {
  auto counts = ordered_json::object();
  for (const auto& [kind, count] : counts_of(changes))
    counts[std::string(to_string(kind))] = count;
  auto list = ordered_json::array();
  for (const Change& one : changes)
    list.push_back({{"kind", to_string(one.kind)},
                    {"id", valid_utf8(one.id)},
                    {"before", json_of(one.before)},
                    {"after", json_of(one.after)}});
  return {{"schema", 1},
          {"worse", std::ranges::any_of(changes, is_worse)},
          {"before", json_of(before)},
          {"after", json_of(after)},
          {"counts", counts},
          {"changes", list}};
}

} // namespace pep554::gate
