#include "reports/tests/generators.h"

#include "reports/summary.h"
#include "reports/tests/sample_text.h"
#include "spec/readable.h"

namespace pep554 {
namespace {

using rc::Gen;
namespace gen = rc::gen;
using Texts = Gen<std::string>;

Gen<std::vector<std::string>> ids(const Texts& text) {
  return gen::container<std::vector<std::string>>(text);
}

// A table and a row, so that cases share tables; sometimes not even that.
Texts case_id(const Texts& text) {
  return gen::weightedOneOf<std::string>(
      {{8, gen::map(gen::pair(gen::element<std::string>("create", "destroy", "run"), text),
                    [](const auto& parts) { return parts.first + "." + parts.second; })},
       {1, text}});
}

Gen<Verdict> verdict() {
  return gen::elementOf(std::vector<Verdict>(all_verdicts.begin(), all_verdicts.end()));
}

Gen<StepResult::State> state() {
  return gen::map(gen::inRange(0, static_cast<int>(StepResult::State::not_reached) + 1),
                  [](int value) { return static_cast<StepResult::State>(value); });
}

Gen<StepResult> step(const Texts& text) {
  return gen::build<StepResult>(
      gen::set(&StepResult::lane, gen::inRange<size_t>(0, 9)), gen::set(&StepResult::text, text),
      gen::set(&StepResult::code, text), gen::set(&StepResult::expected, text),
      gen::set(&StepResult::got, text), gen::set(&StepResult::state, state()));
}

Gen<Source> source(const Texts& text) {
  return gen::build<Source>(gen::set(&Source::file, text), gen::set(&Source::line),
                            gen::set(&Source::column));
}

Gen<Attempt> one_attempt(const Texts& text) {
  return gen::build<Attempt>(
      gen::set(&Attempt::mode, gen::elementOf(std::vector{AttemptMode::first, AttemptMode::alone,
                                                          AttemptMode::fresh})),
      gen::set(&Attempt::verdict, verdict()), gen::set(&Attempt::reason, text));
}

Gen<std::optional<PropertyResult>> property(const Texts& text) {
  const auto count = gen::inRange<std::uint64_t>(0, 1000);
  const auto some = gen::build<PropertyResult>(
      gen::set(&PropertyResult::seed), gen::set(&PropertyResult::examples, count),
      gen::set(&PropertyResult::judged, count), gen::set(&PropertyResult::failed, count),
      gen::set(&PropertyResult::example, gen::map(count,
                                                  [](std::uint64_t number) {
                                                    return number % 2 == 0 ? std::optional(number)
                                                                           : std::nullopt;
                                                  })),
      gen::set(&PropertyResult::finding, text), gen::set(&PropertyResult::alone, text));
  return gen::oneOf(
      gen::just(std::optional<PropertyResult>()),
      gen::map(some, [](PropertyResult one) { return std::optional(std::move(one)); }));
}

Gen<CaseResult> case_result(const Texts& text) {
  return gen::build<CaseResult>(
      gen::set(&CaseResult::id, case_id(text)), gen::set(&CaseResult::title, text),
      gen::set(&CaseResult::where, source(text)), gen::set(&CaseResult::clauses, ids(text)),
      gen::set(&CaseResult::verdict, verdict()), gen::set(&CaseResult::reason, text),
      gen::set(&CaseResult::signature, text),
      gen::set(&CaseResult::steps, gen::container<std::vector<StepResult>>(step(text))),
      gen::set(&CaseResult::output_tail, text), gen::set(&CaseResult::trace, text),
      gen::set(&CaseResult::attempts, gen::container<std::vector<Attempt>>(one_attempt(text))),
      gen::set(&CaseResult::replay, text),
      gen::set(&CaseResult::microseconds, gen::inRange<std::int64_t>(0, 1'000'000'000)),
      gen::set(&CaseResult::property, property(text)));
}

Gen<ClauseResult> clause(const Texts& text) {
  const std::vector<ClauseKind> kinds(clause_kinds.begin(), clause_kinds.end());
  return gen::build<ClauseResult>(
      gen::set(&ClauseResult::id, text), gen::set(&ClauseResult::kind, gen::elementOf(kinds)),
      gen::set(&ClauseResult::quote, text), gen::set(&ClauseResult::summary, text),
      gen::set(&ClauseResult::reasoning, text), gen::set(&ClauseResult::follows_from, ids(text)),
      gen::set(&ClauseResult::verdict, verdict()), gen::set(&ClauseResult::cases, ids(text)));
}

Gen<TargetResult> target(const Texts& text) {
  return gen::build<TargetResult>(
      gen::set(&TargetResult::name, text),
      gen::set(
          &TargetResult::facts,
          gen::container<std::vector<std::pair<std::string, std::string>>>(gen::pair(text, text))),
      gen::set(&TargetResult::unsupported_reason, text));
}

template <class T>
Gen<std::vector<T>> few(Gen<T> item) {
  return gen::resize(8, gen::container<std::vector<T>>(std::move(item)));
}

Gen<RunResult> run_of(const Texts& text) {
  return gen::build<RunResult>(
      gen::set(&RunResult::version, text), gen::set(&RunResult::commit, text),
      gen::set(&RunResult::text_sha256, text), gen::set(&RunResult::target, target(text)),
      gen::set(&RunResult::filter, text), gen::set(&RunResult::shard, text),
      gen::set(&RunResult::cases_sha256, text), gen::set(&RunResult::started, text),
      gen::set(&RunResult::milliseconds, gen::inRange<std::int64_t>(0, 1'000'000'000)),
      gen::set(&RunResult::jobs), gen::set(&RunResult::unreached, gen::inRange<size_t>(0, 1000)),
      gen::set(&RunResult::conformant), gen::set(&RunResult::sound),
      gen::set(&RunResult::claim, text), gen::set(&RunResult::cases, few(case_result(text))),
      gen::set(&RunResult::clauses, few(clause(text))));
}

Texts any_bytes() {
  return gen::weightedOneOf<std::string>({{3, gen::string<std::string>()},
                                          {3, gen::container<std::string>(gen::arbitrary<char>())},
                                          {1, gen::just(hostile_text())},
                                          {1, gen::just(std::string())}});
}

} // namespace

Gen<RunResult> arbitrary_run() {
  return run_of(gen::map(any_bytes(), [](const std::string& text) { return valid_utf8(text); }));
}

Gen<RunResult> hostile_run() {
  return run_of(any_bytes());
}

} // namespace pep554
