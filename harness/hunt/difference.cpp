#include "harness/hunt/difference.h"

#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pep554 {
namespace {

struct Answered {
  StepRef at;
  std::string words;
};

// By the handle that a step concerns, or else by the operation.
using Answers = std::map<std::string, std::vector<Answered>>;

std::string key_of(const Step& step) {
  return !step.on.empty()   ? step.on
         : !step.as.empty() ? step.as
                            : fmt::format("{}()", info(step.op).name);
}

std::string words_of(const Answer& answer) {
  switch (answer.status) {
  case Status::unsupported:
    return "unsupported";
  case Status::failed:
    return "the plugin failed";
  case Status::raised:
    return fmt::format("raised {}", answer.raised.type);
  case Status::ok:
    break;
  }
  std::string words = "answered";
  if (answer.truth)
    words += *answer.truth ? " True" : " False";
  if (answer.text)
    words += fmt::format(" {}", *answer.text);
  if (!answer.ids.empty())
    words += fmt::format(" {}", fmt::join(answer.ids, ", "));
  return words;
}

std::string words_of(const History& history, StepRef at) {
  const Event* returned = history.returned(at);
  std::string words = returned != nullptr ? words_of(returned->answer) : "had no answer";
  const std::string thread = history.lane_thread(at.lane);
  for (const std::string& text : history.emitted_by(at))
    words += fmt::format(", emitted \"{}\"", text == thread ? "the lane's thread" : text);
  return words;
}

Answers answers_of(const Program& program, const History& history) {
  Answers answers;
  for (size_t lane = 0; lane < program.lanes.size(); ++lane)
    for (size_t step = 0; step < program.lanes[lane].size(); ++step) {
      const StepRef at{lane, step};
      answers[key_of(program.lanes[lane][step])].push_back({at, words_of(history, at)});
    }
  return answers;
}

} // namespace

std::optional<Difference> difference(const Case& one, const History& of_one, const Case& other,
                                     const History& of_other) {
  const Answers first = answers_of(one.program, of_one);
  const Answers second = answers_of(other.program, of_other);
  std::optional<Difference> found;
  StepRef earliest;
  for (const auto& [key, answers] : first) {
    const auto there = second.find(key);
    for (size_t i = 0; i < answers.size(); ++i) {
      const bool known = there != second.end() && i < there->second.size();
      const std::string words = known ? there->second[i].words : "was not asked";
      if (answers[i].words == words || (found && earliest < answers[i].at))
        continue;
      const Step& step = one.program.lanes[answers[i].at.lane][answers[i].at.step];
      earliest = answers[i].at;
      found = Difference{std::string(info(step.op).name), render(step), answers[i].words, words};
    }
  }
  return found;
}

} // namespace pep554
