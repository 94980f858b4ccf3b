#include "harness/engine/judge.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "harness/engine/check.h"
#include "spec/model.h"

namespace pep554 {
namespace {

struct Problem {
  Verdict verdict = Verdict::fail;
  std::string reason;
};

ModelCall::Kind model_kind(Op op) {
  using Kind = ModelCall::Kind;
  switch (op) {
  case Op::enumerate:
    return Kind::enumerate;
  case Op::get_current:
    return Kind::get_current;
  case Op::get_main:
    return Kind::get_main;
  case Op::create:
    return Kind::create;
  case Op::construct:
    return Kind::construct;
  case Op::read_id:
    return Kind::read_id;
  case Op::write_id:
    return Kind::write_id;
  case Op::is_running:
    return Kind::is_running;
  case Op::destroy:
    return Kind::destroy;
  case Op::run:
    return Kind::run;
  case Op::release:
    return Kind::release;
  case Op::eval:
  case Op::open:
  case Op::wait:
    return Kind::other;
  }
  return Kind::other;
}

bool is_code(Op op) {
  return op == Op::run || op == Op::eval;
}

std::string signal_name(int number) {
  const char* name = ::sigabbrev_np(number);
  return name == nullptr ? fmt::format("signal {}", number) : fmt::format("SIG{}", name);
}

// The last lines of what the process wrote, at most 20 lines and 4 KiB.
std::string tail(const std::string& text) {
  size_t from = text.size() > 4096 ? text.size() - 4096 : 0;
  size_t lines = 0;
  for (size_t at = text.size(); at > from; --at)
    if (text[at - 1] == '\n' && at != text.size() && ++lines == 20)
      from = at;
  while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0U) == 0x80U)
    ++from; // not in the middle of a character
  return text.substr(from);
}

// Walks one history, and knows what went wrong first.
class Walk {
public:
  Walk(const Case& subject, const History& history) : case_(subject), history_(history) {
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
    }
    judge_ending();
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
    steps_[at].state = StepResult::State::no_answer;
    ModelCall call{model_kind(step.op), "", false};
    if (const auto found = handles_.find(step.on); found != handles_.end())
      call.id = found->second;
    call.uses_module = is_code(step.op) && step.text.find("interpreters") != std::string::npos;
    model_.called(at.lane, call);
  }

  void returned(const Event& event) {
    const Step& step = *step_at(event.at);
    const Answer& answer = event.answer;
    if (!step.as.empty() && answer.status == Status::ok && answer.ids.size() == 1)
      handles_[step.as] = answer.ids.front();
    const Seen seen{answer, history_.emitted_by(event.at), history_.emitted_during(event.at),
                    history_.lane_thread(event.at.lane)};
    StepResult& result = steps_[event.at];
    result.got = describe(seen, handles_);
    result.state = StepResult::State::prepared;
    const bool settled = judge_step(event.at, seen, result);
    judge_by_model(event, result, settled);
  }

  // True when the step has been found wanting.
  bool judge_step(StepRef at, const Seen& seen, StepResult& result) {
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

  void judge_by_model(const Event& event, StepResult& result, bool settled) {
    const Answer& answer = event.answer;
    ModelAnswer heard{answer.status != Status::ok, answer.ids, answer.truth};
    if (answer.text)
      heard.ids = {*answer.text};
    const auto objection = model_.returned(event.at.lane, heard);
    if (!objection || settled)
      return;
    const bool cited = std::ranges::find(case_.clauses, objection->clause) != case_.clauses.end();
    result.state = StepResult::State::disagreed;
    result.expected = fmt::format("{} ({})", objection->expected, objection->clause);
    note(cited ? Verdict::fail : Verdict::blocked,
         fmt::format("{}: {}: expected: {}; got: {}", result.text, objection->clause,
                     objection->expected, result.got));
  }

  // Which call had no answer when the process ended. A lane that waits at a gate waits for another.
  std::string unanswered() const {
    std::string waiting;
    for (const auto& [at, step] : steps_) {
      if (step.state != StepResult::State::no_answer)
        continue;
      if (step_at(at)->op != Op::wait)
        return step.text;
      waiting = step.text;
    }
    return waiting;
  }

  bool finalizing() const {
    return std::ranges::any_of(
        history_.events, [](const Event& event) { return event.kind == Event::Kind::finalize; });
  }

  void judge_ending() {
    const Ending& ending = history_.ending;
    if (ending.how == Ending::How::not_run) {
      first_ = {Verdict::not_run, ending.note};
      return;
    }
    const std::string how = describe_ending();
    if (finalizing()) {
      judge_finalization(how);
      return;
    }
    if (ending.how == Ending::How::exited && ending.completed)
      return;
    const std::string open = unanswered();
    first_ = {ending_verdict(),
              open.empty() ? how : fmt::format("{} had no answer: {}", open, how)};
  }

  void judge_finalization(const std::string& how) {
    const Ending& ending = history_.ending;
    std::string problem;
    if (ending.how != Ending::How::exited || ending.code != 0)
      problem = how;
    for (const Event& event : history_.events)
      if (event.kind == Event::Kind::finalized && event.answer.status != Status::ok)
        problem = event.answer.raised.message;
    if (!problem.empty())
      note(Verdict::broken_at_exit,
           fmt::format("every answer was right, but the runtime could not be finalized: {}",
                       problem));
  }

  Verdict ending_verdict() const {
    switch (history_.ending.how) {
    case Ending::How::deadline:
      return Verdict::hang;
    case Ending::How::flooded:
      return Verdict::flood;
    default:
      return Verdict::crash;
    }
  }

  std::string describe_ending() const {
    const Ending& ending = history_.ending;
    switch (ending.how) {
    case Ending::How::signaled:
      return "the process was ended by " + signal_name(ending.code);
    case Ending::How::deadline:
      return fmt::format("still under way at the deadline of {} ms, killed",
                         case_.program.limits.deadline.count());
    case Ending::How::flooded:
      return fmt::format("more than {} bytes of output, killed", case_.program.limits.output_bytes);
    case Ending::How::lost:
      return "the host went away with it" + (ending.note.empty() ? "" : ": " + ending.note);
    case Ending::How::exited:
    case Ending::How::not_run:
      return fmt::format("the process left by itself with exit status {}", ending.code);
    }
    return {};
  }

  CaseResult finished() {
    CaseResult result;
    result.id = case_.id;
    result.title = case_.title;
    result.where = case_.where;
    result.clauses = case_.clauses;
    result.verdict = first_ ? first_->verdict : case_.open ? Verdict::observed : Verdict::pass;
    result.reason = first_ ? first_->reason : "";
    for (auto& [at, step] : steps_)
      result.steps.push_back(std::move(step));
    if (first_)
      result.output_tail = tail(history_.out + history_.err);
    result.microseconds = history_.microseconds;
    return result;
  }

  const Case& case_;
  const History& history_;
  Model model_;
  Handles handles_;
  std::map<StepRef, StepResult> steps_;
  std::optional<Problem> first_;
};

} // namespace

CaseResult judge(const Case& subject, const History& history) {
  return Walk(subject, history).result();
}

} // namespace pep554
