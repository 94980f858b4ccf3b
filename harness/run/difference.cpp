#include "harness/run/difference.h"

#include <algorithm>
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

// The program's names for the interpreters with these ids. The implementation chooses ids, and
// another process may choose others.
class Names {
public:
  void learn(const Step& step, const Answer& answer) {
    if (!info(step.op).may_bind || answer.status != Status::ok || answer.ids.size() != 1)
      return;
    const std::string name = step.as.empty() ? "an unnamed one" : step.as;
    if (step.op == Op::create)
      names_[answer.ids.front()] = name; // the id may have been another's
    else if (!step.as.empty())
      names_.emplace(answer.ids.front(), name);
  }

  std::string of(const std::string& id) const {
    const auto found = names_.find(id);
    return found == names_.end() ? "another" : found->second;
  }

  // In which order a list has them is open.
  std::string of(const std::vector<std::string>& ids) const {
    std::vector<std::string> all(ids.size());
    std::ranges::transform(ids, all.begin(), [this](const std::string& id) { return of(id); });
    std::ranges::sort(all);
    return fmt::format("{}", fmt::join(all, ", "));
  }

private:
  std::map<std::string, std::string> names_;
};

std::string describe_answer(const Answer& answer, const Names& names) {
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
    words += fmt::format(" {}", names.of(*answer.text));
  if (!answer.ids.empty())
    words += fmt::format(" {}", names.of(answer.ids));
  return words;
}

// The answers in words, by their steps.
std::map<StepRef, std::string> answers_by_step(const Program& program, const History& history) {
  std::map<StepRef, std::string> words;
  Names names;
  for (const Event& event : history.events) {
    const bool known = event.kind == Event::Kind::returned &&
                       event.at.lane < program.lanes.size() &&
                       event.at.step < program.lanes[event.at.lane].size();
    if (!known)
      continue;
    names.learn(program.lanes[event.at.lane][event.at.step], event.answer);
    words.emplace(event.at, describe_answer(event.answer, names));
  }
  return words;
}

std::string emissions(const History& history, StepRef at) {
  std::string words;
  const std::string thread = history.lane_thread(at.lane);
  for (const std::string& text : history.emitted_by(at))
    words += fmt::format(", emitted \"{}\"", text == thread ? "the lane's thread" : text);
  return words;
}

Answers answers_of(const Program& program, const History& history) {
  Answers answers;
  const auto words = answers_by_step(program, history);
  for (size_t lane = 0; lane < program.lanes.size(); ++lane)
    for (size_t step = 0; step < program.lanes[lane].size(); ++step) {
      const StepRef at{lane, step};
      const auto found = words.find(at);
      answers[key_of(program.lanes[lane][step])].push_back(
          {at, (found == words.end() ? "had no answer" : found->second) + emissions(history, at)});
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
      const std::string words = known ? there->second[i].words : "was not called";
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
