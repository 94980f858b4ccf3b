#include "harness/engine/signature.h"

#include <algorithm>
#include <cctype>
#include <csignal>
#include <optional>
#include <regex>

#include <fmt/format.h>
#include <string.h> // NOLINT: sigabbrev_np is glibc's

namespace pep554 {
namespace {

constexpr std::string_view leak_words = "leak ";

bool is_leak(const std::string& signature) {
  return signature.starts_with(leak_words);
}

// The step that the reason names: it begins with its text. One that a later repetition answered
// otherwise has answered well the first time.
std::optional<StepRef> failing_step(const Case& subject, const CaseResult& result) {
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

std::string operation(const Case& subject, const std::optional<StepRef>& at) {
  return at ? fmt::format(" {}", info(subject.program.lanes[at->lane][at->step].op).name) : "";
}

// A name that the target or its host gave, as one word. An address or a long number in it is
// another in each run.
std::string word_of(std::string_view name) {
  static const std::regex varying("0[xX][0-9a-fA-F]+|[0-9]{4,}");
  constexpr size_t longest = 80;
  std::string word =
      std::regex_replace(std::string(name.substr(0, longest)), varying, std::string("*"));
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("_.<>*-").find(c) != std::string_view::npos;
  };
  std::ranges::replace_if(
      word, [&](unsigned char c) { return !is_plain(c); }, '_');
  return word;
}

std::string how(const Termination& termination) {
  if (termination.kind == Termination::Kind::signaled) {
    const char* name = ::sigabbrev_np(termination.code);
    return name != nullptr ? fmt::format(" SIG{}", name)
                           : fmt::format(" signal {}", termination.code);
  }
  if (termination.kind == Termination::Kind::limit_exceeded)
    return " " + word_of(termination.limit);
  return termination.kind == Termination::Kind::exited && termination.code != 0
             ? fmt::format(" status {}", termination.code)
             : "";
}

bool failed_to_finalize(const History& history) {
  return history.termination.kind == Termination::Kind::exited &&
         std::ranges::any_of(history.events, [](const Event& event) {
           return event.kind == Event::Kind::finalized && event.answer.status != Status::ok;
         });
}

} // namespace

std::string signature_of(const Case& subject, const History& history, const Baseline& baseline,
                         const CaseResult& result) {
  if (result.verdict == Verdict::leak)
    if (const auto leak = leak_in(subject.program, history, baseline))
      return fmt::format("{}{}{}", leak_words, leak->resource, operation(subject, leak->culprit));
  const auto at = failing_step(subject, result);
  std::string signature = fmt::format("{}{}", to_string(result.verdict), operation(subject, at));
  if (result.verdict == Verdict::broken_at_exit && failed_to_finalize(history))
    return signature; // the status is that of the host, which said so
  if (result.verdict != Verdict::fail)
    return signature + how(history.termination);
  const Event* answer = at ? history.returned(*at) : nullptr;
  if (answer != nullptr && answer->answer.status == Status::raised)
    signature += " " + word_of(answer->answer.raised.type);
  return signature;
}

bool begins_with_words(std::string_view found, std::string_view wanted) {
  return found.starts_with(wanted) &&
         (found.size() == wanted.size() || found[wanted.size()] == ' ');
}

std::string common_signature(const std::vector<std::string>& signatures) {
  std::string common = signatures.front();
  for (const std::string& one : signatures)
    while (!common.empty() && !begins_with_words(one, common)) {
      const size_t last = common.rfind(' ');
      common.erase(last == std::string::npos ? 0 : last);
    }
  return common;
}

std::string without_culprit(const std::string& signature) {
  if (!is_leak(signature))
    return signature;
  return signature.substr(0, signature.find(' ', leak_words.size()));
}

bool is_of_kind(const std::string& found, const std::string& wanted) {
  const bool any_step = is_leak(wanted) && wanted == without_culprit(wanted);
  return any_step ? without_culprit(found) == wanted : found == wanted;
}

} // namespace pep554
