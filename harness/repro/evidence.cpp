#include "harness/repro/evidence.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "harness/repro/header.h"
#include "harness/repro/text.h"

namespace pep554::repro {
namespace {

// The interpreters of a history, by handle and id.
struct Known {
  std::map<std::string, std::string> ids; // by handle
  std::set<std::string> destroyed;        // ids

  void answered(const Step& step, const Answer& answer) {
    if (answer.status != Status::ok)
      return;
    if (step.op == Op::destroy && ids.contains(step.on))
      destroyed.insert(ids.at(step.on));
    if (step.op == Op::create)
      for (const std::string& id : answer.ids)
        destroyed.erase(id); // it may be given again
    if (!step.as.empty() && answer.ids.size() == 1)
      ids[step.as] = answer.ids.front();
  }
};

// When the step answered.
Known known_at(const Subject& subject, StepRef at) {
  Known known;
  const auto& lanes = subject.subject.program.lanes;
  for (const Event& event : subject.history->events) {
    if (event.kind != Event::Kind::returned || event.at.lane >= lanes.size() ||
        event.at.step >= lanes[event.at.lane].size())
      continue;
    if (event.at == at)
      break;
    known.answered(lanes[event.at.lane][event.at.step], event.answer);
  }
  return known;
}

std::string filled(const std::string& text, const Known& known, const std::string& thread) {
  std::string all;
  for (const Field& field : fields_of(text)) {
    const auto id = known.ids.find(field.text);
    all += field.kind == Field::Kind::thread                        ? thread
           : field.kind == Field::Kind::id && id != known.ids.end() ? id->second
                                                                    : as_written(field);
  }
  return all;
}

// An emission of a snippet.
struct Emitted {
  std::string expression; // and what follows on its line
  bool at_exit = false;   // by a callback, whenever that is called
};

std::vector<Emitted> emitted_in(std::string_view code) {
  std::vector<Emitted> all;
  const std::vector<CodePart> parts = split_macros(code);
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    if (parts[i].kind != CodePart::Kind::emit)
      continue;
    std::string after = parts[i + 1].text;
    after.resize(std::min({after.size(), after.find('\n'), after.find("\\n")})); // code in code
    all.push_back({std::move(after), i > 0 && parts[i - 1].text.ends_with("lambda: ")});
  }
  return all;
}

bool is_of_callback(const std::vector<Emitted>& all, const std::string& text) {
  return std::ranges::any_of(all, [&](const Emitted& one) {
    return one.at_exit && one.expression.find("'" + text) != std::string::npos;
  });
}

// The clause that an expression with these words is about; more specific words come first.
struct Question {
  std::string_view words;
  std::string_view clause;
};
constexpr std::array<Question, 13> questions{{{"get_native_id(", "run.os-thread"},
                                              {"written", "id.read-only"},
                                              {"one.id == before", "id.read-only"},
                                              {"ran_destroyed", "run.destroyed"},
                                              {"ran_nobody", "interpreter.unknown-use"},
                                              {"same.id == self.id", "interpreter.same"},
                                              {"== count", "enumerate.fresh"},
                                              {"get_current().is_running(", "is_running.self"},
                                              {"is_running(", "is_running.answers"},
                                              {"get_current(", "get_current.inside"},
                                              {"get_main(", "get_main.same-everywhere"},
                                              {"enumerate(", "enumerate.same-everywhere"},
                                              {"globals(", "isolation.names"}}};

std::optional<std::string> clause_of(const std::string& expression, const std::string& wanted,
                                     Op op) {
  for (const auto& [words, clause] : questions)
    if (expression.find(words) != std::string::npos)
      return clause == "get_current.inside" && op == Op::eval ? "get_current.running"
                                                              : std::string(clause);
  const bool state =
      std::ranges::any_of(std::array{"sys.", "(sys,", "(builtins,"}, [&](const char* word) {
        return expression.find(word) != std::string::npos;
      });
  if (!state)
    return std::nullopt;
  // Unexpected state is another interpreter's; missing state was its own.
  const bool is_foreign = wanted == "absent" || wanted == "False";
  return is_foreign || op == Op::eval ? "isolation.modules" : "run.state";
}

// The place of the first emission that is not as expected; behind the last when all are there.
size_t first_wrong(const Subject& subject, StepRef at, const std::vector<std::string>& wanted,
                   const std::vector<std::string>& emitted) {
  const Known known = known_at(subject, at);
  const std::string thread = subject.history->lane_thread(at.lane);
  size_t i = 0;
  while (i < wanted.size() && i < emitted.size() && emitted[i] == filled(wanted[i], known, thread))
    ++i;
  return i;
}

} // namespace

bool is_of_destroyed(const Subject& subject, StepRef at) {
  if (subject.history == nullptr)
    return false;
  const Known known = known_at(subject, at);
  const auto id = known.ids.find(subject.subject.program.lanes[at.lane][at.step].on);
  return id != known.ids.end() && known.destroyed.contains(id->second);
}

std::optional<std::string> clause_of_emission(const Subject& subject, StepRef at) {
  const Expectation* expectation = expected(subject.subject, at.lane, at.step);
  if (subject.history == nullptr || expectation == nullptr || !expectation->emits)
    return std::nullopt;
  const std::vector<std::string>& wanted = *expectation->emits;
  const std::vector<std::string> emitted = subject.history->emitted_by(at);
  const size_t first = first_wrong(subject, at, wanted, emitted);
  if (first == wanted.size()) { // it emits more than that
    const bool raises = expectation->outcome == Expectation::Outcome::raises;
    return raises && emitted.size() > first ? std::optional<std::string>("run.syntax-error")
                                            : std::nullopt;
  }
  const Step& step = subject.subject.program.lanes[at.lane][at.step];
  const auto all = emitted_in(step.text);
  if (is_of_callback(all, wanted[first]))
    return "destroy.finalizes";
  if (first >= emitted.size()) // the code was not executed so far
    return std::nullopt;
  // Callbacks are called when something ends, and not where they are written.
  auto before = std::count_if(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(first),
                              [&](const auto& text) { return !is_of_callback(all, text); });
  const auto asks = std::ranges::find_if(
      all, [&before](const Emitted& one) { return !one.at_exit && before-- == 0; });
  return asks == all.end() ? std::nullopt : clause_of(asks->expression, wanted[first], step.op);
}

bool names_one_twice(const Subject& subject, StepRef at) {
  const Event* answer = subject.history != nullptr ? subject.history->returned(at) : nullptr;
  if (answer == nullptr)
    return false;
  const std::set<std::string> once(answer->answer.ids.begin(), answer->answer.ids.end());
  return once.size() < answer->answer.ids.size();
}

} // namespace pep554::repro
