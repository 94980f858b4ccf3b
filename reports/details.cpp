#include "reports/details.h"

#include <fmt/format.h>

namespace pep554 {
namespace {

std::string describe(const StepResult& step) {
  auto line = fmt::format("[{}] {}: {}", step.lane, to_string(step.state), step.text);
  if (step.state == StepResult::State::disagreed)
    line += fmt::format("\n    expected: {}\n    got:      {}", step.expected, step.got);
  return line + "\n";
}

} // namespace

std::string details_of(const CaseResult& result) {
  std::string text;
  for (const auto& step : result.steps)
    text += describe(step);
  for (const auto& one : result.attempts)
    text += fmt::format("\nAttempt ({}): {}{}{}", to_string(one.mode), to_string(one.verdict),
                        one.reason.empty() ? "" : ": ", one.reason);
  if (!result.attempts.empty())
    text += "\n";
  if (!result.trace.empty())
    text += fmt::format("\nStack traces:\n{}\n", result.trace);
  if (!result.output_tail.empty())
    text += fmt::format("\nLast output:\n{}\n", result.output_tail);
  return text + fmt::format("\nReplay: {}\n", result.replay);
}

} // namespace pep554
