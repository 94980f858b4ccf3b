#include "harness/engine/signature.h"

#include <csignal>
#include <optional>

#include <fmt/format.h>
#include <string.h> // NOLINT: sigabbrev_np is glibc's

namespace pep554 {
namespace {

// The step that the reason names: it begins with its text. One that a later repetition answered
// otherwise has answered well the first time.
std::optional<StepRef> blamed(const Case& subject, const CaseResult& result) {
  size_t index = 0;
  for (size_t lane = 0; lane < subject.program.lanes.size(); ++lane)
    for (size_t step = 0; step < subject.program.lanes[lane].size(); ++step, ++index) {
      const StepResult& one = result.steps.at(index);
      const bool suspect = one.state == StepResult::State::disagreed ||
                           one.state == StepResult::State::no_answer || subject.program.repeat > 1;
      if (suspect && result.reason.starts_with(one.text))
        return StepRef{lane, step};
    }
  return std::nullopt;
}

std::string how(const Ending& ending) {
  if (ending.how == Ending::How::signaled) {
    const char* name = ::sigabbrev_np(ending.code);
    return name != nullptr ? fmt::format(" SIG{}", name) : fmt::format(" signal {}", ending.code);
  }
  if (ending.how == Ending::How::flooded)
    return " " + ending.limit;
  return ending.how == Ending::How::exited && ending.code != 0
             ? fmt::format(" status {}", ending.code)
             : "";
}

} // namespace

std::string signature_of(const Case& subject, const History& history, const CaseResult& result) {
  std::string signature(to_string(result.verdict));
  const auto at = blamed(subject, result);
  if (at)
    signature += fmt::format(" {}", info(subject.program.lanes[at->lane][at->step].op).name);
  if (result.verdict != Verdict::fail)
    return signature + how(history.ending);
  const Event* answer = at ? history.returned(*at) : nullptr;
  if (answer != nullptr && answer->answer.status == Status::raised)
    signature += " " + answer->answer.raised.type;
  return signature;
}

} // namespace pep554
