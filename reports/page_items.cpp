#include "reports/page_items.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "reports/summary.h"
#include "reports/text.h"
#include "spec/readable.h"

namespace pep554 {
namespace {

using kainjow::mustache::data;

// A link to something of this page; a bare word where the run does not have it.
data link_to(std::string_view id, const std::string& target, bool known) {
  data link;
  link.set("id", readable(id));
  link.set("anchor", target);
  link.set("known", known);
  return link;
}

data clause_links(const std::vector<std::string>& ids, const RunIndex& index) {
  data links(data::type::list);
  for (const auto& id : ids)
    links.push_back(link_to(id, clause_anchor(id), index.clause(id) != nullptr));
  return links;
}

data case_links(const std::vector<std::string>& ids, const RunIndex& index) {
  data links(data::type::list);
  for (const auto& id : ids) {
    const auto* found = index.find_case(id);
    auto link = link_to(id, case_anchor(id), found != nullptr);
    if (found != nullptr)
      set_verdict(link, found->verdict);
    links.push_back(link);
  }
  return links;
}

data clause_data(const ClauseResult& clause, const RunIndex& index) {
  data item;
  set_verdict(item, clause.verdict);
  item.set("id", readable(clause.id));
  item.set("anchor", clause_anchor(clause.id));
  item.set("kind", std::string(to_string(clause.kind)));
  item.set("summary", readable(clause.summary));
  item.set("quote", html_data(clause.quote));
  item.set("reasoning", html_data(clause.reasoning));
  item.set("has_origins", !clause.follows_from.empty());
  item.set("origins", clause_links(clause.follows_from, index));
  item.set("has_judges", !clause.cases.empty());
  item.set("judges_word", clause.kind == ClauseKind::open ? "Observed by" : "Judged by");
  item.set("judges", case_links(clause.cases, index));
  return item;
}

const char* sign_of(StepResult::State state) {
  constexpr std::array<std::pair<std::string_view, const char*>, 5> signs{{
      {"prepared", "·"},
      {"agreed", "✓"},
      {"observed", "○"},
      {"disagreed", "✗"},
      {"no-answer", "?"},
  }};
  const auto* found =
      std::ranges::find(signs, to_string(state), &std::pair<std::string_view, const char*>::first);
  return found == signs.end() ? "–" : found->second;
}

bool is_block(const StepResult& step) {
  return step.code.find('\n') != std::string::npos;
}

// The step as Python; of one whose code stands below it as a block, only the call.
std::string call_of(const StepResult& step) {
  const auto open = step.text.find('(');
  if (!is_block(step) || open == std::string::npos)
    return readable(step.text);
  return readable(step.text.substr(0, open)) + "(…)";
}

data step_data(const StepResult& step) {
  // The step itself shows code of one line, unless it was shortened.
  const bool in_step = !is_block(step) && step.text.find(step.code) != std::string::npos;
  data item;
  item.set("lane", std::to_string(step.lane));
  item.set("text", call_of(step));
  item.set("code", in_step ? data(false) : html_data(step.code));
  item.set("expected", html_data(step.expected));
  item.set("got", html_data(step.got));
  item.set("state", std::string(to_string(step.state)));
  item.set("state_sign", sign_of(step.state));
  return item;
}

data attempts_data(const std::vector<Attempt>& attempts) {
  data list(data::type::list);
  for (const auto& one : attempts) {
    data item;
    set_verdict(item, one.verdict);
    item.set("mode", std::string(to_string(one.mode)));
    item.set("reason", html_data(one.reason));
    list.push_back(item);
  }
  return list;
}

std::string duration_of(const CaseResult& result) {
  return fmt::format("{:.1f} ms", static_cast<double>(result.microseconds) / 1000.0);
}

// "16 of 16 generated programs judged, 2 failed; seed 7. Shrunk: failures/x; python3 ...:
// confirmed".
std::string generated_of(const PropertyResult& property) {
  std::string text =
      fmt::format("{} of {} judged, {} failed; seed {}.", property.judged,
                  counted(property.examples, "generated program"), property.failed, property.seed);
  if (property.example)
    text += fmt::format(" The steps are those of number {}{}.", *property.example,
                        property.finding.empty() ? "" : ", shrunk: " + property.finding);
  if (!property.alone.empty())
    text += fmt::format(" Without pep554: {}.", property.alone);
  return text;
}

// Cases that did not pass are unfolded; none where the target has nothing to judge.
data case_data(const CaseResult& result, const RunIndex& index, bool may_unfold) {
  data steps(data::type::list);
  for (const auto& step : result.steps)
    steps.push_back(step_data(step));
  data item;
  set_verdict(item, result.verdict);
  item.set("id", readable(result.id));
  item.set("anchor", case_anchor(result.id));
  item.set("title", readable(result.title));
  item.set("unfolded", may_unfold && (is_failure(result.verdict) || is_missing(result.verdict)));
  item.set("reason", html_data(result.reason));
  item.set("cited", clause_links(result.clauses, index));
  item.set("where", fmt::format("{}:{}", readable(result.where.file), result.where.line));
  item.set("duration", duration_of(result));
  item.set("has_steps", !result.steps.empty());
  item.set("several_lanes", std::ranges::any_of(result.steps, &StepResult::lane));
  item.set("steps", steps);
  item.set("output_tail", html_data(result.output_tail));
  item.set("trace", html_data(result.trace));
  item.set("has_attempts", !result.attempts.empty());
  item.set("attempts", attempts_data(result.attempts));
  item.set("replay", html_data(result.replay));
  item.set("generated", html_data(result.property ? generated_of(*result.property) : ""));
  return item;
}

// The cases whose ids begin alike.
struct Table {
  Counts counts;
  data cases{data::type::list};
};

} // namespace

RunIndex::RunIndex(const RunResult& run) {
  for (const auto& clause : run.clauses)
    clauses_.emplace(clause.id, &clause);
  for (const auto& result : run.cases)
    cases_.emplace(result.id, &result);
}

const ClauseResult* RunIndex::clause(std::string_view id) const {
  const auto found = clauses_.find(id);
  return found == clauses_.end() ? nullptr : found->second;
}

const CaseResult* RunIndex::find_case(std::string_view id) const {
  const auto found = cases_.find(id);
  return found == cases_.end() ? nullptr : found->second;
}

data clauses_data(const RunResult& run, const RunIndex& index) {
  data list(data::type::list);
  for (const auto& clause : run.clauses)
    list.push_back(clause_data(clause, index));
  return list;
}

data tables_data(const RunResult& run, const RunIndex& index) {
  std::map<std::string_view, Table> tables;
  for (const auto& result : run.cases) {
    auto& table = tables[table_of(result.id)];
    ++table.counts[result.verdict];
    table.cases.push_back(case_data(result, index, run.target.unsupported_reason.empty()));
  }
  data list(data::type::list);
  for (const auto& [name, table] : tables) {
    data item;
    item.set("table", readable(name));
    item.set("table_tally", tally(table.counts, "case"));
    item.set("cases", table.cases);
    list.push_back(item);
  }
  return list;
}

data html_data(std::string_view text) {
  return text.empty() ? data(false) : data(readable(text));
}

void set_verdict(data& item, Verdict verdict) {
  item.set("verdict", std::string(to_string(verdict)));
  item.set("sign", sign_of(verdict));
}

const char* sign_of(Verdict verdict) {
  switch (verdict) {
  case Verdict::pass:
    return "✓";
  case Verdict::observed:
    return "○";
  case Verdict::fail:
    return "✗";
  case Verdict::crash:
    return "†";
  case Verdict::hang:
    return "∞";
  case Verdict::limit_exceeded:
    return "≋";
  case Verdict::leak:
    return "∴";
  case Verdict::flaky:
    return "±";
  case Verdict::broken_at_exit:
    return "⊣";
  case Verdict::host_fault:
    return "⌁";
  case Verdict::unsupported:
    return "∅";
  case Verdict::blocked:
    return "⊘";
  case Verdict::not_run:
    break;
  }
  return "–";
}

const char* sign_of(Claim claim) {
  constexpr std::array signs{"✓", "∴", "✗", "∅", "◐"};
  return signs[static_cast<size_t>(claim)];
}

void set_claim(data& item, const RunResult& run) {
  constexpr std::array styles{"v-pass", "v-leak", "v-fail", "v-unsupported", "v-missing"};
  const auto claim = claim_of(run);
  item.set("claim_word", std::string(to_string(claim)));
  item.set("claim_class", styles[static_cast<size_t>(claim)]);
  item.set("claim_sign", sign_of(claim));
}

void set_bar(data& item, const RunResult& run) {
  data segments(data::type::list);
  const auto counts = run.counts();
  for (const auto& [verdict, count] : counts) {
    data segment;
    set_verdict(segment, verdict);
    segment.set("count", std::to_string(count));
    segments.push_back(segment);
  }
  item.set("bar", !run.cases.empty());
  item.set("bar_label", tally(counts, "case"));
  item.set("segments", segments);
}

std::string clause_anchor(std::string_view id) {
  return anchor("clause-", id);
}

std::string case_anchor(std::string_view id) {
  return anchor("case-", id);
}

std::string tally(const Counts& counts, std::string_view noun) {
  auto text = counted(total(counts), noun);
  const char* separator = ": ";
  for (const auto& [verdict, count] : counts) {
    text += fmt::format("{}{} {}", separator, count, to_string(verdict));
    separator = ", ";
  }
  return text;
}

} // namespace pep554
