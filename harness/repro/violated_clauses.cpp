#include "harness/repro/violated_clauses.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "harness/repro/evidence.h"
#include "harness/repro/header.h"

namespace pep554::repro {
namespace {

using Ids = std::vector<std::string>;

bool is_generated(const Subject& subject) {
  constexpr size_t few = 6;
  return !subject.of_property.empty() || subject.subject.clauses.size() > few;
}

std::vector<StepRef> steps_of(const Subject& subject) {
  std::vector<StepRef> all;
  const auto& lanes = subject.subject.program.lanes;
  for (size_t lane = 0; lane < lanes.size(); ++lane)
    for (size_t step = 0; step < lanes[lane].size(); ++step)
      all.push_back({lane, step});
  return all;
}

const Step& step_at(const Subject& subject, StepRef at) {
  return subject.subject.program.lanes[at.lane][at.step];
}

bool raises(const Subject& subject, StepRef at) {
  const Expectation* expectation = expected(subject.subject, at.lane, at.step);
  return expectation != nullptr && expectation->outcome == Expectation::Outcome::raises;
}

bool has_raised(const Subject& subject, StepRef at) {
  const StepResult* word = judged(subject, at.lane, at.step);
  return word != nullptr && word->got.starts_with("raised ");
}

bool has(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

// The answer is there, but has no id to read.
bool is_of_another_kind(const Subject& subject, StepRef at) {
  const StepResult* word = judged(subject, at.lane, at.step);
  return word != nullptr && word->got.starts_with("raised AttributeError: ") &&
         has(word->got, " has no attribute 'id'");
}

// Those of `narrower` that are the property's; `general` when none is.
Ids preferred(const Subject& subject, const Ids& narrower, std::string general) {
  Ids chosen;
  for (const std::string& id : narrower)
    if (std::ranges::find(subject.of_property, id) != subject.of_property.end())
      chosen.push_back(id);
  return chosen.empty() ? Ids{std::move(general)} : chosen;
}

// run raised, and was not to: what the rest of the program has that may be why.
Ids narrower_than_run(const Subject& subject, StepRef at) {
  const auto destroys = [&](StepRef other) { return step_at(subject, other).op == Op::destroy; };
  const auto fails = [&](StepRef other) { return raises(subject, other); };
  const std::vector<StepRef> steps = steps_of(subject);
  Ids ids;
  if (std::ranges::any_of(steps, destroys))
    ids.emplace_back("destroy.others");
  if (std::ranges::any_of(steps, fails))
    ids.emplace_back("run.failure-contained");
  if (has(step_at(subject, at).text, ".run("))
    ids.emplace_back("run.nested");
  return ids;
}

// The clauses of code in the main interpreter: those of each operation that it calls, since its
// answer does not name the failed one.
Ids called_by(const std::string& code) {
  using Call = std::pair<std::string_view, const char*>;
  static constexpr std::array<Call, 7> calls{{{"enumerate(", "enumerate.all"},
                                              {"get_current(", "get_current.running"},
                                              {"get_main(", "get_main.main"},
                                              {"create(", "create.initializes"},
                                              {"is_running(", "is_running.answers"},
                                              {".run(", "run.code"},
                                              {".destroy(", "destroy.destroys"}}};
  Ids ids;
  for (const auto& [words, clause] : calls)
    if (has(code, words))
      ids.emplace_back(clause);
  return ids.empty() ? Ids{"isolation.modules"} : ids;
}

Ids about_code(const Subject& subject, StepRef at) {
  const Step& step = step_at(subject, at);
  const Ids general = step.op == Op::eval ? called_by(step.text) : Ids{"run.code"};
  if (step.op == Op::run && raises(subject, at) && !has_raised(subject, at)) {
    if (is_of_destroyed(subject, at))
      return {"run.destroyed"};
    return preferred(subject, {"run.syntax-error", "run.whole-text"}, "run.failure-known");
  }
  if (has_raised(subject, at) && !raises(subject, at))
    return step.op == Op::eval
               ? general
               : preferred(subject, narrower_than_run(subject, at), general.front());
  const auto emission = clause_of_emission(subject, at);
  return emission ? Ids{*emission} : general;
}

std::string about_destroy(const Subject& subject, StepRef at) {
  const Expectation* expectation = expected(subject.subject, at.lane, at.step);
  const bool emits = expectation != nullptr && !expectation->during.empty();
  return emits && !has_raised(subject, at) ? "destroy.finalizes" : "destroy.destroys";
}

// The clauses of a step with an unexpected answer.
Ids about(const Subject& subject, StepRef at) {
  switch (step_at(subject, at).op) {
  case Op::enumerate:
    return {is_of_another_kind(subject, at) ? "enumerate.elements"
            : names_one_twice(subject, at)  ? "enumerate.once"
                                            : "enumerate.all"};
  case Op::get_current:
    return {"get_current.running"};
  case Op::get_main:
    return {"get_main.main"};
  case Op::create:
    return {is_of_another_kind(subject, at) ? "create.object"
            : has_raised(subject, at)       ? "create.initializes"
                                            : "create.distinct"};
  case Op::construct:
    return {"interpreter.same"};
  case Op::read_id:
    return {has_raised(subject, at) ? "id.exists" : "id.stable"};
  case Op::write_id:
    return {"id.read-only"};
  case Op::is_running:
    return {"is_running.answers"};
  case Op::destroy:
    return {about_destroy(subject, at)};
  case Op::run:
  case Op::eval:
    return about_code(subject, at);
  case Op::release:
  case Op::open:
  case Op::wait:
    break;
  }
  return {"isolation.survives"};
}

// The model appends the clause that an answer violates to its expectation: "... (enumerate.all)".
const Clause* named(const ClauseSet& clauses, const std::string& expected) {
  const size_t open = expected.rfind('(');
  if (open == std::string::npos || !expected.ends_with(')'))
    return nullptr;
  return clauses.find(expected.substr(open + 1, expected.size() - open - 2));
}

// It was wrong at once, or is what a later repetition answered otherwise.
bool is_wrong(const Subject& subject, StepRef at) {
  const StepResult* word = judged(subject, at.lane, at.step);
  return word != nullptr && is_checked(subject, at.lane, at.step) &&
         (word->state == StepResult::State::disagreed ||
          subject.result->reason.starts_with(word->text + ": the first time: "));
}

// The clauses that wrong answers violate; none where the case's own apply.
Ids of_answers(const Subject& subject) {
  Ids ids;
  for (const StepRef at : steps_of(subject)) {
    if (!is_wrong(subject, at))
      continue;
    const Clause* model = named(subject.clauses, judged(subject, at.lane, at.step)->expected);
    const Ids these = model != nullptr        ? Ids{model->id}
                      : is_generated(subject) ? about(subject, at)
                                              : Ids{};
    ids.insert(ids.end(), these.begin(), these.end());
  }
  return ids;
}

// By the step that grew most, if the reason names one (engine/leak.h).
Ids of_a_leak(const Subject& subject) {
  for (const StepRef at : steps_of(subject)) {
    const Step& step = step_at(subject, at);
    if (!has(subject.result->reason, ", by " + render(step) + " (over "))
      continue;
    const bool life = step.op == Op::create || step.op == Op::destroy || step.op == Op::release;
    return {step.op == Op::run ? "run.frees" : life ? "destroy.frees" : "module.frees"};
  }
  return preferred(subject, {"destroy.frees", "run.frees", "module.frees"}, "destroy.frees");
}

// Code that emitted that it exits, and ended the process.
bool is_exit_of_code(const Subject& subject) {
  if (subject.history == nullptr ||
      subject.history->termination.kind != Termination::Kind::exited ||
      !is_verdict(subject, Verdict::crash))
    return false;
  return std::ranges::any_of(steps_of(subject), [&](StepRef at) {
    const Step& step = step_at(subject, at);
    const StepResult* word = judged(subject, at.lane, at.step);
    return step.op == Op::run && word != nullptr && word->state == StepResult::State::no_answer &&
           (has(step.text, "SystemExit") || has(step.text, "sys.exit("));
  });
}

std::string of_the_process(const Subject& subject) {
  return is_verdict(subject, Verdict::broken_at_exit) ? "exit.clean"
         : is_exit_of_code(subject)                   ? "run.exit-contained"
                                                      : "isolation.survives";
}

Ids ids_of(const Subject& subject) {
  Ids ids;
  if (is_verdict(subject, Verdict::fail))
    ids = of_answers(subject);
  if (ids.empty() && !is_generated(subject))
    ids = subject.subject.clauses;
  if (ids.empty() && is_verdict(subject, Verdict::leak))
    ids = of_a_leak(subject);
  return ids;
}

} // namespace

std::vector<const Clause*> violated_clauses(const Subject& subject) {
  std::vector<const Clause*> all;
  const auto add = [&](const std::string& id) {
    const Clause* clause = subject.clauses.find(id);
    const bool silent = clause != nullptr && clause->kind == ClauseKind::open &&
                        subject.result != nullptr && !is_verdict(subject, Verdict::leak);
    if (clause != nullptr && !silent && std::ranges::find(all, clause) == all.end())
      all.push_back(clause);
  };
  for (const std::string& id : ids_of(subject))
    add(id);
  if (all.empty())
    add(of_the_process(subject));
  return all;
}

} // namespace pep554::repro
