#include "harness/engine/result.h"

namespace pep554 {

std::map<Verdict, size_t> RunResult::counts() const {
  std::map<Verdict, size_t> counts;
  for (const CaseResult& one : cases)
    ++counts[one.verdict];
  return counts;
}

std::string_view to_string(StepResult::State state) {
  switch (state) {
  case StepResult::State::prepared:
    return "prepared";
  case StepResult::State::agreed:
    return "agreed";
  case StepResult::State::observed:
    return "observed";
  case StepResult::State::disagreed:
    return "disagreed";
  case StepResult::State::no_answer:
    return "no-answer";
  case StepResult::State::not_reached:
    return "not-reached";
  }
  return {};
}

std::string_view to_string(AttemptMode mode) {
  switch (mode) {
  case AttemptMode::first:
    return "first";
  case AttemptMode::alone:
    return "alone";
  case AttemptMode::fresh:
    return "fresh";
  }
  return {};
}

std::optional<AttemptMode> mode_from(std::string_view name) {
  for (const AttemptMode mode : {AttemptMode::first, AttemptMode::alone, AttemptMode::fresh})
    if (to_string(mode) == name)
      return mode;
  return std::nullopt;
}

} // namespace pep554
