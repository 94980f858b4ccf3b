#include "reports/tap.h"

#include <ostream>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "reports/summary.h"
#include "spec/readable.h"

namespace pep554 {
namespace {

constexpr size_t longest_name = 400;   // bytes of a description or a comment
constexpr size_t longest_text = 65536; // bytes of a text in a block

// Text behind a test point, where '#' would begin a directive.
std::string tap_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : on_one_line(text, longest_name)) {
    if (c == '#' || c == '\\')
      escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// A double-quoted text of YAML. Of what JSON escapes, readable text has only quotes, backslashes,
// tabs and line feeds, and these YAML escapes alike.
std::string yaml_quoted(std::string_view text) {
  std::string cut = readable(text);
  if (cut.size() > longest_text)
    cut = valid_utf8(cut.substr(0, longest_text)) + "...";
  return nlohmann::json(cut).dump();
}

std::string yaml_entry(std::string_view key, std::string_view text) {
  return text.empty() ? "" : fmt::format("  {}: {}\n", key, yaml_quoted(text));
}

// A line for each.
std::string steps_of(const CaseResult& result) {
  std::string lines;
  for (const StepResult& step : result.steps) {
    lines += fmt::format("{}: {}", to_string(step.state), step.text);
    if (step.state == StepResult::State::disagreed)
      lines += fmt::format(" (expected: {}; got: {})", step.expected, step.got);
    lines += "\n";
  }
  return lines;
}

std::string attempts_of(const CaseResult& result) {
  std::string lines;
  for (const Attempt& one : result.attempts)
    lines += fmt::format("{}: {}{}{}\n", to_string(one.mode), to_string(one.verdict),
                         one.reason.empty() ? "" : ": ", one.reason);
  return lines;
}

void write_diagnostics(const CaseResult& result, std::ostream& out) {
  out << "  ---\n"
      << yaml_entry("message", result.reason) << yaml_entry("verdict", to_string(result.verdict))
      << yaml_entry("clauses", fmt::format("{}", fmt::join(result.clauses, ", ")))
      << yaml_entry("at", fmt::format("{}:{}", result.where.file, result.where.line))
      << yaml_entry("steps", steps_of(result)) << yaml_entry("attempts", attempts_of(result))
      << yaml_entry("output", result.output_tail) << yaml_entry("trace", result.trace)
      << yaml_entry("replay", result.replay) << "  ...\n";
}

} // namespace

void write_tap(const RunResult& run, std::ostream& out) {
  out << "TAP version 13\n";
  if (run.cases.empty()) {
    out << "Bail out! No case was run.\n";
    return;
  }
  out << fmt::format("1..{}\n# {}: {}\n# pep554 {}, target {}\n", run.cases.size(),
                     to_string(claim_of(run)), on_one_line(run.claim, longest_name),
                     on_one_line(run.version, longest_name),
                     on_one_line(run.target.name, longest_name));
  size_t number = 0;
  for (const CaseResult& result : run.cases) {
    const bool observed = result.verdict == Verdict::observed;
    const bool good = observed || result.verdict == Verdict::pass;
    out << fmt::format("{}ok {} - {}: {}{}\n", good ? "" : "not ", ++number, tap_escaped(result.id),
                       tap_escaped(result.title), observed ? " (observed, not judged)" : "");
    if (!good)
      write_diagnostics(result, out);
  }
}

} // namespace pep554
