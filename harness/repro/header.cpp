#include "harness/repro/header.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/repro/reproduced.h"
#include "harness/repro/text.h"
#include "harness/repro/violated_clauses.h"
#include "spec/readable.h"

namespace pep554::repro {
namespace {

template <class Do>
void each_step(const Case& subject, Do action) {
  for (size_t lane = 0; lane < subject.program.lanes.size(); ++lane)
    for (size_t step = 0; step < subject.program.lanes[lane].size(); ++step)
      action(lane, step);
}

// Those that it follows from, with quotes, as far down as it takes.
void quotes_below(const ClauseSet& clauses, const Clause& clause, std::string& text,
                  const std::string& margin, int depth = 0) {
  for (const std::string& id : clause.follows_from) {
    const Clause* origin = clauses.find(id);
    if (origin == nullptr || depth > 4)
      continue;
    if (!origin->quote.empty())
      text += paragraph("               ", fmt::format("\"{}\" ({})", origin->quote, id), margin);
    else
      quotes_below(clauses, *origin, text, margin, depth + 1);
  }
}

std::string clause_text(const ClauseSet& clauses, const Clause& clause, const std::string& margin) {
  std::string text =
      clause.quote.empty()
          ? ""
          : paragraph("PEP 554 says:  ", fmt::format("\"{}\"", clause.quote), margin);
  const std::string what = clause.kind == ClauseKind::open ? "Open question: " : "Clause:        ";
  text += paragraph(what, fmt::format("{}: {}", clause.id, clause.summary), margin);
  if (clause.follows_from.empty())
    return text;
  text += paragraph("Follows from:  ", clause.reasoning, margin);
  quotes_below(clauses, clause, text, margin);
  return text;
}

// The expectation for failures without an answer.
std::string_view expected_of_the_process(Verdict verdict) {
  switch (verdict) {
  case Verdict::crash:
    return "the process goes on: every step answers or raises";
  case Verdict::hang:
    return "every step answers or raises, in time";
  case Verdict::broken_at_exit:
    return "the process ends in order, with the status that it is given";
  case Verdict::leak:
    return "nothing more is held each time";
  default:
    return "";
  }
}

// The expectations of the checked steps.
std::string expectations(const Subject& subject, const std::string& margin) {
  std::string text;
  std::string all(subject.result != nullptr ? expected_of_the_process(subject.result->verdict)
                                            : "every step answers or raises, in time");
  if (subject.result == nullptr && checks_exit(subject))
    all += ", and the process ends in order";
  if (!all.empty())
    text += paragraph("Expected:      ", all, margin);
  each_step(subject.subject, [&](size_t lane, size_t step) {
    if (!is_checked(subject, lane, step))
      return;
    const StepResult* word = judged(subject, lane, step);
    const Expectation* expectation = expected(subject.subject, lane, step);
    const std::string wanted = word != nullptr          ? word->expected
                               : expectation != nullptr ? describe(*expectation)
                                                        : "";
    if (!wanted.empty())
      text += paragraph(
          "Expected:      ",
          on_one_line(render(subject.subject.program.lanes[lane][step], 60) + ": " + wanted, 400),
          margin);
  });
  return text;
}

// How it ends when it shows the failure, and when it does not; see reproduced.h.
std::string exits(const Subject& subject) {
  using Kind = ExpectedExit::Kind;
  const Termination termination =
      subject.history != nullptr ? subject.history->termination : Termination{};
  const ExpectedExit expected =
      subject.result != nullptr ? expected_exit_of(*subject.result, termination) : ExpectedExit{};
  const std::string signal = expected.signal ? signal_name(*expected.signal) : "a signal";
  std::string words =
      fmt::format("1: reproduced. {}: not reproduced.", checks_exit(subject) ? good_end : 0);
  if (expected.kind == Kind::wrong_end)
    words = (expected.signal ? "by " + signal : "with another status than 3") +
            ", after the last line: reproduced. 3: not reproduced.";
  else if (checks_exit(subject) && subject.result == nullptr)
    words = "1, or after the last line by a signal or with another status than 3: reproduced. "
            "3: not reproduced.";
  else if (expected.kind == Kind::signal)
    words = fmt::format("by {}: reproduced. 0: not reproduced.", signal);
  else if (expected.kind == Kind::early_exit)
    words = fmt::format("{}, before the last line: reproduced. 0 after it: not reproduced.",
                        expected.status);
  // Without a result, a crash or a hang at any step counts as reproduced.
  if (subject.result == nullptr && !checks_exit(subject))
    words = "1, or by a signal: reproduced. 0: not reproduced.";
  return words + " 2: a preparing step failed.";
}

} // namespace

const Expectation* expected(const Case& subject, size_t lane, size_t step) {
  const auto& all = subject.expectations;
  if (lane >= all.size() || step >= all[lane].size() || !all[lane][step])
    return nullptr;
  return &*all[lane][step];
}

const StepResult* judged(const Subject& subject, size_t lane, size_t step) {
  if (subject.result == nullptr)
    return nullptr;
  size_t index = step;
  for (size_t before = 0; before < lane; ++before)
    index += subject.subject.program.lanes[before].size();
  return index < subject.result->steps.size() ? &subject.result->steps[index] : nullptr;
}

bool checks_exit(const Subject& subject) {
  return subject.subject.program.finish == Finish::finalize &&
         (subject.result == nullptr || is_verdict(subject, Verdict::broken_at_exit));
}

bool is_verdict(const Subject& subject, Verdict verdict) {
  return subject.result != nullptr && subject.result->verdict == verdict;
}

bool is_checked(const Subject& subject, size_t lane, size_t step) {
  const Expectation* expectation = expected(subject.subject, lane, step);
  const bool judges = expectation != nullptr && expectation->outcome != Expectation::Outcome::any;
  if (subject.result == nullptr)
    return judges;
  if (subject.result->verdict != Verdict::fail)
    return false;
  const auto disagreed = [](const StepResult& one) {
    return one.state == StepResult::State::disagreed;
  };
  if (std::ranges::none_of(subject.result->steps, disagreed))
    return judges; // of a later repetition
  const StepResult* word = judged(subject, lane, step);
  return word != nullptr && disagreed(*word);
}

std::string header(const Subject& subject, const std::string& runs, const std::string& margin) {
  std::string text;
  if (!subject.subject.title.empty())
    text += paragraph("", on_one_line(subject.subject.title, 300), margin) + margin + "\n";
  if (subject.result != nullptr)
    text += paragraph("What is wrong: ",
                      fmt::format("{}: {}", to_string(subject.result->verdict),
                                  on_one_line(subject.result->reason, 500)),
                      margin);
  text += expectations(subject, margin);
  for (const Clause* clause : violated_clauses(subject))
    text += clause_text(subject.clauses, *clause, margin);
  text += margin + "Run:           " + runs + "\n"; // on one line, to be copied
  text += paragraph("Exit:          ", exits(subject), margin);
  // A comment has no space at the ends of its lines.
  for (size_t at = text.find(" \n"); at != std::string::npos; at = text.find(" \n"))
    text.erase(at, 1);
  return text;
}

} // namespace pep554::repro
