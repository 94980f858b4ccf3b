#include "harness/engine/judge.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "harness/engine/check.h"
#include "harness/engine/signature.h"
#include "harness/engine/termination.h"
#include "spec/model.h"

namespace pep554 {
namespace {

struct Problem {
  Verdict verdict = Verdict::fail;
  std::string reason;
};

ModelCall::Kind model_kind(Op op) {
  using Call = ModelCall::Kind;
  switch (op) {
  case Op::enumerate:
    return Call::enumerate;
  case Op::get_current:
    return Call::get_current;
  case Op::get_main:
    return Call::get_main;
  case Op::create:
    return Call::create;
  case Op::construct:
    return Call::construct;
  case Op::read_id:
    return Call::read_id;
  case Op::write_id:
    return Call::write_id;
  case Op::is_running:
    return Call::is_running;
  case Op::destroy:
    return Call::destroy;
  case Op::run:
    return Call::run;
  case Op::release:
    return Call::release;
  case Op::eval:
  case Op::open:
  case Op::wait:
    return Call::other;
  }
  return Call::other;
}

bool is_code(Op op) {
  return op == Op::run || op == Op::eval;
}

// Walks one history, and keeps its first problem.
class Walk {
public:
  Walk(const Case& subject, const History& history, const Baseline& baseline)
      : case_(subject), history_(history), baseline_(baseline) {
    for (size_t lane = 0; lane < case_.program.lanes.size(); ++lane)
      for (size_t step = 0; step < case_.program.lanes[lane].size(); ++step)
        add_step({lane, step});
  }

  CaseResult result() {
    for (const Event& event : history_.events) {
      if (!step_at(event.at))
        continue;
      if (event.kind == Event::Kind::called)
        called(event.at);
      else if (event.kind == Event::Kind::returned)
        returned(event);
      else if (event.kind == Event::Kind::measured)
        again_.clear();
    }
    judge_ending();
    judge_leftovers();
    return finished();
  }

private:
  void add_step(StepRef at) {
    const Step& step = *step_at(at);
    StepResult& result = steps_[at];
    result.lane = at.lane;
    result.text = render(step);
    if (is_code(step.op))
      result.code = step.text;
    if (const Expectation* expectation = expected_at(at))
      result.expected = describe(*expectation);
  }

  const Step* step_at(StepRef at) const {
    const auto& lanes = case_.program.lanes;
    return at.lane < lanes.size() && at.step < lanes[at.lane].size() ? &lanes[at.lane][at.step]
                                                                     : nullptr;
  }

  const Expectation* expected_at(StepRef at) const {
    const auto& all = case_.expectations;
    if (at.lane >= all.size() || at.step >= all[at.lane].size() || !all[at.lane][at.step])
      return nullptr;
    return &*all[at.lane][at.step];
  }

  void note(Verdict verdict, std::string reason) {
    if (!first_)
      first_ = {verdict, std::move(reason)};
  }

  void called(StepRef at) {
    const Step& step = *step_at(at);
    if (steps_[at].state != StepResult::State::not_reached) {
      again_.insert(at);
      return;
    }
    steps_[at].state = StepResult::State::no_answer;
    calls_.push_back(at);
    ModelCall call{model_kind(step.op), "", false};
    const auto found = handles_.find(step.on);
    if (found != handles_.end() && !replaced_.contains(step.on))
      call.id = found->second;
    // Once code has named the module it may have kept it, for later code and for exit callbacks.
    const bool runs_code = is_code(step.op) || step.op == Op::destroy;
    module_named_ =
        module_named_ || (is_code(step.op) && step.text.find("interpreters") != std::string::npos);
    call.uses_module = runs_code && module_named_;
    model_.called(at.lane, call);
  }

  // Names the answer's interpreter. An object that has no name, or whose name goes to another, is
  // gone; whether its interpreter lives on is open.
  void bind(StepRef at, const Step& step, const Answer& answer) {
    if (!info(step.op).may_bind || answer.status != Status::ok || answer.ids.size() != 1)
      return;
    const std::string& id = answer.ids.front();
    if (step.op == Op::create) // an id that comes back is not that of the earlier one any more
      for (const auto& [name, earlier] : handles_)
        if (earlier == id && name != step.as)
          replaced_.insert(name);
    replaced_.erase(step.as);
    if (step.as.empty()) {
      forget(at.lane, id);
      return;
    }
    const auto [known, fresh] = handles_.emplace(step.as, id);
    if (!fresh)
      forget(at.lane, std::exchange(known->second, id));
  }

  void forget(size_t lane, const std::string& id) {
    const bool named =
        std::ranges::any_of(handles_, [&](const auto& handle) { return handle.second == id; });
    if (named)
      return;
    model_.called(lane, {ModelCall::Kind::release, id, false});
    model_.returned(lane, {});
  }

  // A later repetition's answer is reported only if it is of another kind than the first.
  void returned_otherwise(const Event& event) {
    again_.erase(event.at);
    const Expectation* expectation = expected_at(event.at);
    if (expectation != nullptr && expectation->outcome == Expectation::Outcome::any)
      return;
    const Observation seen{event.answer, {}, {}, ""};
    const Status status = event.answer.status;
    note(status == Status::failed        ? Verdict::blocked
         : status == Status::unsupported ? Verdict::unsupported
                                         : Verdict::fail,
         fmt::format("{}: the first time: {}; later: {}", steps_[event.at].text,
                     steps_[event.at].got, describe(seen, handles_)));
  }

  void returned(const Event& event) {
    if (again_.contains(event.at)) {
      returned_otherwise(event);
      return;
    }
    const Step& step = *step_at(event.at);
    const Answer& answer = event.answer;
    if (!step.as.empty() && answer.status == Status::ok && answer.ids.size() == 1)
      handles_.try_emplace(step.as, answer.ids.front());
    const Observation seen{answer, history_.emitted_by(event.at), history_.emitted_during(event.at),
                           history_.lane_thread(event.at.lane)};
    StepResult& result = steps_[event.at];
    result.got = describe(seen, handles_);
    result.state = StepResult::State::prepared;
    const bool settled = judge_step(event.at, seen, result);
    judge_by_model(event, result, settled);
    bind(event.at, step, answer);
  }

  // True when the step has been found wanting.
  bool judge_step(StepRef at, const Observation& seen, StepResult& result) {
    const Expectation* expectation = expected_at(at);
    const Status status = seen.answer.status;
    const bool any = expectation != nullptr && expectation->outcome == Expectation::Outcome::any;
    if (status == Status::failed) {
      note(Verdict::blocked,
           fmt::format("{}: the plugin failed: {}", result.text, seen.answer.raised.message));
      return true;
    }
    // Also an implementation that raises may say that it does not support what was asked.
    if (status == Status::unsupported || (seen.answer.raised.category == "unsupported" && !any)) {
      note(Verdict::unsupported,
           fmt::format("{}: unsupported: {}", result.text, seen.answer.raised.message));
      return true;
    }
    if (expectation == nullptr) {
      if (status == Status::raised)
        note(Verdict::blocked,
             fmt::format("{} prepares the case, but {}", result.text, result.got));
      return status == Status::raised;
    }
    if (const std::string name = unbound(*expectation); !name.empty()) {
      note(Verdict::blocked, fmt::format("{}: handle \"{}\" was never bound", result.text, name));
      return true;
    }
    const auto got = disagreement(*expectation, seen, handles_);
    result.state = any ? StepResult::State::observed : StepResult::State::agreed;
    if (!got)
      return false;
    result.state = StepResult::State::disagreed;
    result.got = *got;
    note(Verdict::fail,
         fmt::format("{}: expected: {}; got: {}", result.text, result.expected, *got));
    return true;
  }

  // A handle in the expectation that no step has bound; "" without one.
  std::string unbound(const Expectation& expectation) const {
    std::vector<std::string> names = expectation.differs;
    names.insert(names.end(), expectation.contains.begin(), expectation.contains.end());
    names.insert(names.end(), expectation.excludes.begin(), expectation.excludes.end());
    if (expectation.same)
      names.push_back(*expectation.same);
    if (expectation.exactly)
      names.insert(names.end(), expectation.exactly->begin(), expectation.exactly->end());
    for (const std::string& name : names)
      if (!handles_.contains(name))
        return name;
    return {};
  }

  void judge_by_model(const Event& event, StepResult& result, bool settled) {
    const Answer& answer = event.answer;
    ModelAnswer heard{answer.status != Status::ok, answer.ids, answer.truth};
    if (answer.text)
      heard.ids = {*answer.text};
    const auto objection = model_.returned(event.at.lane, heard);
    // A step that a case only observes stays open, whatever the model expects.
    if (!objection || settled || result.state == StepResult::State::observed)
      return;
    const bool cited = std::ranges::find(case_.clauses, objection->clause) != case_.clauses.end();
    result.state = StepResult::State::disagreed;
    result.expected = fmt::format("{} ({})", objection->expected, objection->clause);
    note(cited ? Verdict::fail : Verdict::blocked,
         fmt::format("{}: {}: expected: {}; got: {}", result.text, objection->clause,
                     objection->expected, result.got));
  }

  // Which call had no answer when the process ended. Of several, the one that a hang began with, or
  // else the last, with which something happened. A lane that waits at a gate waits for another.
  std::string unanswered() const {
    std::vector<StepRef> calls = calls_;
    if (history_.termination.kind != Termination::Kind::deadline)
      std::ranges::reverse(calls);
    std::string waiting;
    for (const StepRef at : calls) {
      const StepResult& step = steps_.at(at);
      if (step.state != StepResult::State::no_answer && !is_last_again(at))
        continue;
      if (step_at(at)->op != Op::wait)
        return step.text;
      waiting = step.text;
    }
    return waiting;
  }

  // A later repetition reports only the calls of steps that answer as before: all but the last of
  // each lane have returned.
  bool is_last_again(StepRef at) const {
    const auto next = again_.upper_bound(at);
    return again_.contains(at) && (next == again_.end() || next->lane != at.lane);
  }

  bool finalizing() const {
    return std::ranges::any_of(
        history_.events, [](const Event& event) { return event.kind == Event::Kind::finalize; });
  }

  void judge_ending() {
    const Termination& termination = history_.termination;
    if (termination.kind == Termination::Kind::not_run) {
      first_ = {Verdict::not_run, termination.note};
      return;
    }
    const std::string how = describe(history_.termination, case_.program.limits);
    if (termination.kind == Termination::Kind::host_fault) {
      first_.reset(); // what such a host said before is no evidence
      judge_early_end(how);
      return;
    }
    if (finalizing()) {
      judge_finalization(how);
    } else if (termination.kind != Termination::Kind::exited || !termination.completed ||
               !unanswered().empty()) {
      judge_early_end(how);
    }
    judge_evidence();
  }

  // The process ended before its program did. A lane that only waits for a failed one, and
  // a program that could not be carried out, have their reason already.
  void judge_early_end(const std::string& how) {
    const Termination::Kind kind = history_.termination.kind;
    const Verdict known = first_ ? first_->verdict : Verdict::pass;
    const bool not_carried_out = known == Verdict::unsupported || known == Verdict::blocked;
    if (not_carried_out && kind == Termination::Kind::exited && history_.termination.code == 0)
      return;
    if (first_ && kind == Termination::Kind::deadline && only_waits())
      return;
    const std::string open = unanswered();
    end_ = verdict_of(history_.termination);
    first_ = {end_, open.empty() ? how : fmt::format("{} had no answer: {}", open, how)};
  }

  bool only_waits() const {
    return std::ranges::all_of(steps_, [this](const auto& entry) {
      return entry.second.state != StepResult::State::no_answer ||
             step_at(entry.first)->op == Op::wait;
    });
  }

  // A pass needs the evidence of every step that is judged.
  void judge_evidence() {
    for (const auto& [at, step] : steps_)
      if (expected_at(at) != nullptr && (step.state == StepResult::State::no_answer ||
                                         step.state == StepResult::State::not_reached))
        note(Verdict::blocked, fmt::format("{}: no answer was recorded", step.text));
  }

  void judge_leftovers() {
    if (first_ || case_.program.repeat < 2)
      return;
    if (const auto leak = leak_in(case_.program, history_, baseline_))
      note(Verdict::leak, leak->text);
    else if (const std::string few = too_few_repetitions(case_.program, history_); !few.empty())
      note(Verdict::not_run, few);
  }

  void judge_finalization(const std::string& how) {
    const Termination& termination = history_.termination;
    std::string problem = "the process left before the runtime was finalized";
    for (const Event& event : history_.events)
      if (event.kind == Event::Kind::finalized)
        problem = event.answer.status == Status::ok ? "" : event.answer.raised.message;
    const bool reported = std::ranges::any_of(
        history_.events, [](const Event& event) { return event.kind == Event::Kind::finalized; });
    if (termination.kind != Termination::Kind::exited ||
        (termination.code != 0 && (!reported || problem.empty())))
      problem = how;
    if (problem.empty())
      return;
    end_ = Verdict::broken_at_exit;
    if (!first_)
      first_ = {end_, fmt::format("every answer was right, but the runtime could not be finalized: "
                                  "{}",
                                  problem)};
    else if (!is_failure(first_->verdict))
      first_ = {end_, fmt::format("the runtime could not be finalized: {}; before: {}: {}", problem,
                                  to_string(first_->verdict), first_->reason)};
  }

  CaseResult finished() {
    CaseResult result;
    result.id = case_.id;
    result.title = case_.title;
    result.where = case_.where;
    result.clauses = case_.clauses;
    result.verdict = first_ ? first_->verdict : case_.open ? Verdict::observed : Verdict::pass;
    const std::string violated(violated_by_the_end(end_));
    if (!violated.empty() && std::ranges::find(result.clauses, violated) == result.clauses.end())
      result.clauses.push_back(violated);
    result.reason = first_ ? first_->reason : "";
    for (auto& [at, step] : steps_)
      result.steps.push_back(std::move(step));
    if (first_)
      result.output_tail = tail(history_.out + history_.err);
    if (first_)
      result.trace = history_.trace;
    result.microseconds = history_.microseconds;
    return result;
  }

  const Case& case_;
  const History& history_;
  const Baseline& baseline_;
  Model model_;
  Handles handles_;
  std::set<std::string> replaced_; // handles of interpreters that are gone, and whose ids came back
  std::map<StepRef, StepResult> steps_;
  std::set<StepRef> again_;    // called in the repetition under way, which is not the first
  std::vector<StepRef> calls_; // in their order
  bool module_named_ = false;
  std::optional<Problem> first_;
  Verdict end_ = Verdict::pass; // of the process's end alone
};

} // namespace

CaseResult judge(const Case& subject, const History& history, const Baseline& baseline) {
  CaseResult result = Walk(subject, history, baseline).result();
  if (result.verdict != Verdict::pass && result.verdict != Verdict::observed)
    result.signature = signature_of(subject, history, baseline, result);
  return result;
}

} // namespace pep554
