#include "reports/results_json.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/engine/wire.h"
#include "reports/summary.h"
#include "spec/readable.h"

namespace pep554 {
namespace {

using nlohmann::ordered_json;

ordered_json json_of(const StepResult& step);
ordered_json json_of(const Attempt& one);
ordered_json json_of(const CaseResult& result);
ordered_json json_of(const ClauseResult& clause);

template <class Items>
ordered_json list_of(const Items& items) {
  auto list = ordered_json::array();
  for (const auto& item : items)
    list.push_back(json_of(item));
  return list;
}

ordered_json json_of(const StepResult& step) {
  return {{"lane", step.lane},         {"text", step.text}, {"code", step.code},
          {"expected", step.expected}, {"got", step.got},   {"state", to_string(step.state)}};
}

ordered_json json_of(const Attempt& one) {
  return {
      {"mode", to_string(one.mode)}, {"verdict", to_string(one.verdict)}, {"reason", one.reason}};
}

ordered_json json_of(const PropertyResult& property) {
  ordered_json object{{"seed", property.seed},       {"examples", property.examples},
                      {"judged", property.judged},   {"failed", property.failed},
                      {"finding", property.finding}, {"alone", property.alone}};
  if (property.example)
    object["example"] = *property.example;
  return object;
}

ordered_json json_of(const CaseResult& result) {
  ordered_json object{
      {"id", result.id},
      {"title", result.title},
      {"where",
       {{"file", result.where.file}, {"line", result.where.line}, {"column", result.where.column}}},
      {"clauses", result.clauses},
      {"verdict", to_string(result.verdict)},
      {"reason", result.reason},
      {"signature", result.signature},
      {"steps", list_of(result.steps)},
      {"output_tail", result.output_tail},
      {"trace", result.trace},
      {"attempts", list_of(result.attempts)},
      {"replay", result.replay},
      {"duration_us", result.microseconds}};
  if (result.property)
    object["property"] = json_of(*result.property);
  return object;
}

ordered_json json_of(const ClauseResult& clause) {
  return {{"id", clause.id},
          {"kind", to_string(clause.kind)},
          {"quote", clause.quote},
          {"summary", clause.summary},
          {"reasoning", clause.reasoning},
          {"follows_from", clause.follows_from},
          {"verdict", to_string(clause.verdict)},
          {"cases", clause.cases}};
}

ordered_json json_of(const TargetResult& target) {
  auto facts = ordered_json::array();
  for (const auto& [name, value] : target.facts)
    facts.push_back(ordered_json::object({{"name", name}, {"value", value}}));
  return {
      {"name", target.name}, {"facts", facts}, {"unsupported_reason", target.unsupported_reason}};
}

ordered_json json_of(const Counts& counts) {
  auto object = ordered_json::object({{"total", total(counts)}});
  for (const auto& [verdict, count] : counts)
    object[std::string(to_string(verdict))] = count;
  return object;
}

ordered_json counts_of(const RunResult& run) {
  auto clauses = ordered_json::object();
  const auto counts = clause_counts(run);
  for (const auto kind : clause_kinds)
    clauses[std::string(to_string(kind))] = json_of(counts.find(kind)->second);
  return {{"cases", json_of(run.counts())}, {"clauses", clauses}};
}

Verdict read_verdict(JsonReader& in) {
  const auto name = in.text("verdict");
  const auto verdict = verdict_from(name);
  if (!verdict)
    in.refuse("verdict", fmt::format("\"{}\" is not a verdict", readable(name)));
  return verdict.value_or(Verdict{});
}

StepResult::State read_state(JsonReader& in) {
  using State = StepResult::State;
  const auto name = in.text("state");
  // The state with this name; not_reached is the last one.
  for (int state = 0; state <= static_cast<int>(State::not_reached); ++state)
    if (to_string(static_cast<State>(state)) == name)
      return static_cast<State>(state);
  in.refuse("state", fmt::format("\"{}\" is not the state of a step", readable(name)));
  return State::not_reached;
}

ClauseKind read_kind(JsonReader& in) {
  const auto name = in.text("kind");
  const auto kind = clause_kind_from(name);
  if (!kind)
    in.refuse("kind", fmt::format("\"{}\" is not a kind of clause", readable(name)));
  return kind.value_or(ClauseKind::stated);
}

StepResult read_step(JsonReader in) {
  StepResult step;
  step.lane = in.count("lane");
  step.text = in.text("text");
  step.code = in.text("code");
  step.expected = in.text("expected");
  step.got = in.text("got");
  step.state = read_state(in);
  in.finish();
  return step;
}

Source read_source(JsonReader in) {
  Source where{in.text("file"), in.count("line"), in.count("column")};
  in.finish();
  return where;
}

AttemptMode read_mode(JsonReader& in) {
  const auto name = in.text("mode");
  const auto mode = mode_from(name);
  if (!mode)
    in.refuse("mode", fmt::format("\"{}\" is not the mode of an attempt", readable(name)));
  return mode.value_or(AttemptMode{});
}

Attempt read_attempt(JsonReader in) {
  Attempt one;
  one.mode = read_mode(in);
  one.verdict = read_verdict(in);
  one.reason = in.text("reason");
  in.finish();
  return one;
}

PropertyResult read_property(JsonReader in) {
  PropertyResult property;
  property.seed = in.count("seed");
  property.examples = in.count("examples");
  property.judged = in.count("judged");
  property.failed = in.count("failed");
  property.finding = in.text("finding");
  property.alone = in.text("alone");
  if (in.has("example"))
    property.example = in.count("example");
  in.finish();
  return property;
}

CaseResult read_case(JsonReader in) {
  CaseResult result;
  result.id = in.text("id");
  result.title = in.text("title");
  result.where = read_source(in.object("where"));
  result.clauses = in.texts("clauses");
  result.verdict = read_verdict(in);
  result.reason = in.text("reason");
  result.signature = in.text("signature");
  for (const auto& step : in.objects("steps"))
    result.steps.push_back(read_step(step));
  result.output_tail = in.text("output_tail");
  result.trace = in.text("trace");
  for (const auto& one : in.objects("attempts"))
    result.attempts.push_back(read_attempt(one));
  result.replay = in.text("replay");
  result.microseconds = in.integer("duration_us");
  if (in.has("property"))
    result.property = read_property(in.object("property"));
  in.finish();
  return result;
}

ClauseResult read_clause(JsonReader in) {
  ClauseResult clause;
  clause.id = in.text("id");
  clause.kind = read_kind(in);
  clause.quote = in.text("quote");
  clause.summary = in.text("summary");
  clause.reasoning = in.text("reasoning");
  clause.follows_from = in.texts("follows_from");
  clause.verdict = read_verdict(in);
  clause.cases = in.texts("cases");
  in.finish();
  return clause;
}

void check_schema(JsonReader& in) {
  if (in.any("schema") != results_schema)
    in.refuse("schema", fmt::format("only schema {} can be read", results_schema));
}

} // namespace

ordered_json to_json(const CaseResult& result) {
  return json_of(result);
}

ordered_json to_json(const TargetResult& target) {
  return json_of(target);
}

TargetResult target_result_from(JsonReader in) {
  TargetResult target;
  target.name = in.text("name");
  for (auto fact : in.objects("facts")) {
    auto name = fact.text("name");
    target.facts.emplace_back(std::move(name), fact.text("value"));
    fact.finish();
  }
  target.unsupported_reason = in.text("unsupported_reason");
  in.finish();
  return target;
}

ordered_json to_json(const RunResult& run) {
  return {{"schema", results_schema},
          {"version", run.version},
          {"commit", run.commit},
          {"text_sha256", run.text_sha256},
          {"cases_sha256", run.cases_sha256},
          {"isolation", run.isolation},
          {"target", json_of(run.target)},
          {"filter", run.filter},
          {"shard", run.shard},
          {"started", run.started},
          {"duration_ms", run.milliseconds},
          {"jobs", run.jobs},
          {"unreached", run.unreached},
          {"conformant", run.conformant},
          {"sound", run.sound},
          {"claim", run.claim},
          {"counts", counts_of(run)},
          {"clauses", list_of(run.clauses)},
          {"cases", list_of(run.cases)}};
}

Result<RunResult> run_result_from(const ordered_json& document) {
  Result<> read;
  JsonReader in(document, read);
  check_schema(in);
  RunResult run;
  run.version = in.text("version");
  run.commit = in.text("commit");
  run.text_sha256 = in.text("text_sha256");
  run.cases_sha256 = in.text("cases_sha256");
  run.isolation = in.text("isolation");
  run.target = target_result_from(in.object("target"));
  run.filter = in.text("filter");
  run.shard = in.text("shard");
  run.started = in.text("started");
  run.milliseconds = in.integer("duration_ms");
  run.jobs = in.narrow_count("jobs");
  run.unreached = in.count("unreached");
  run.conformant = in.truth("conformant");
  run.sound = in.truth("sound");
  run.claim = in.text("claim");
  for (const auto& clause : in.objects("clauses"))
    run.clauses.push_back(read_clause(clause));
  for (const auto& result : in.objects("cases"))
    run.cases.push_back(read_case(result));
  // Compared without regard to the order of keys.
  if (nlohmann::json(in.any("counts")) != nlohmann::json(counts_of(run)))
    in.refuse("counts", "not the counts of these cases and clauses");
  in.finish();
  return read.map([&] { return std::move(run); });
}

std::string results_text(const RunResult& run) {
  return to_json(run).dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Result<RunResult> run_result_from_text(std::string_view text) {
  if (nesting_of(text) > max_nesting)
    return fail(fmt::format("/: lists and objects are nested deeper than {}", max_nesting));
  try {
    return run_result_from(ordered_json::parse(text));
  } catch (const ordered_json::exception& error) { // no JSON, or a number that no type can hold
    return fail(fmt::format("/: not JSON: {}", readable(error.what())));
  }
}

} // namespace pep554
