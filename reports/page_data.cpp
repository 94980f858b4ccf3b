#include "reports/page_data.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "reports/page_items.h"
#include "reports/summary.h"
#include "reports/text.h"
#include "spec/readable.h"

namespace pep554 {
namespace {

using kainjow::mustache::data;

data list() {
  return data(data::type::list);
}

// A switch for every verdict that a clause or a case has.
data toggles_data(const RunResult& run) {
  auto counts = run.counts();
  for (const auto& clause : run.clauses)
    ++counts[clause.verdict];
  auto toggles = list();
  for (const auto& [verdict, count] : counts) {
    data toggle;
    set_verdict(toggle, verdict);
    toggles.push_back(toggle);
  }
  return toggles;
}

// The words of the text behind a clause: its own, or those of the nearest clause that it follows
// from. Null where there are none.
const ClauseResult* quoted_origin(const ClauseResult& clause, const RunIndex& index) {
  std::vector<const ClauseResult*> nearest{&clause};
  for (size_t at = 0; at < nearest.size(); ++at) {
    if (!nearest[at]->quote.empty())
      return nearest[at];
    for (const auto& id : nearest[at]->follows_from) {
      const auto* origin = index.clause(id);
      if (origin != nullptr && std::ranges::find(nearest, origin) == nearest.end())
        nearest.push_back(origin);
    }
  }
  return nullptr;
}

// The sentence of the text that a problem is about; of a clause without words of its own also what
// it asks for.
void set_sentence(data& problem, const ClauseResult* clause, const RunIndex& index) {
  const auto* origin = clause != nullptr ? quoted_origin(*clause, index) : nullptr;
  problem.set("sentence_id", clause != nullptr ? html_data(clause->id) : data(false));
  problem.set("sentence_anchor", clause != nullptr ? clause_anchor(clause->id) : "");
  problem.set("gist",
              clause != nullptr && origin != clause ? html_data(clause->summary) : data(false));
  problem.set("sentence", origin != nullptr ? html_data(origin->quote) : data(false));
}

// Results with the same verdict and reason are one problem, titled by the first.
data problem_of(const std::vector<const CaseResult*>& alike, const RunResult& run,
                const RunIndex& index) {
  const CaseResult& result = *alike.front();
  data problem;
  set_verdict(problem, result.verdict);
  problem.set("anchor", case_anchor(result.id));
  problem.set("title", alike.size() == 1
                           ? readable(result.title)
                           : fmt::format("{}, the first: {}", counted(alike.size(), "result"),
                                         readable(result.title)));
  problem.set("reason", html_data(result.reason));
  set_sentence(problem, index.clause(main_clause(result, run)), index);
  return problem;
}

// Stated and implied clauses without a case; the cases of other clauses are listed as problems.
bool is_uncovered(const ClauseResult& clause) {
  return clause.kind != ClauseKind::open && clause.cases.empty();
}

data problem_of(const ClauseResult& clause, const RunIndex& index) {
  data problem;
  set_verdict(problem, clause.verdict);
  problem.set("anchor", clause_anchor(clause.id));
  problem.set("title", readable(clause.summary));
  problem.set("reason", "No case of this run judged it.");
  set_sentence(problem, &clause, index);
  return problem;
}

class Groups {
public:
  void add(const std::string& heading, const std::vector<data>& problems) {
    if (problems.empty())
      return;
    auto items = list();
    for (const auto& problem : problems)
      items.push_back(problem);
    data group;
    group.set("heading", fmt::format("{} ({})", heading, problems.size()));
    group.set("problems", items);
    groups_.push_back(group);
    count_ += problems.size();
  }
  const data& groups() const { return groups_; }
  size_t count() const { return count_; }

private:
  data groups_ = list();
  size_t count_ = 0;
};

void set_wrong(data& page, const RunResult& run, const RunIndex& index) {
  std::vector<data> uncovered;
  for (const auto& clause : run.clauses)
    if (is_uncovered(clause))
      uncovered.push_back(problem_of(clause, index));
  Groups groups;
  constexpr std::array headings{std::pair{Weight::stated, "Stated clauses are violated"},
                                std::pair{Weight::implied, "Implied clauses are violated"},
                                std::pair{Weight::soundness, "Not sound"},
                                std::pair{Weight::open, "Failures of open questions"},
                                std::pair{Weight::missing, "No result was obtained"}};
  const auto problems = problems_of(run);
  for (const auto& [weight, heading] : headings) {
    std::vector<data> items;
    for (const auto& alike : problems)
      if (weight_of(*alike.front(), run) == weight)
        items.push_back(problem_of(alike, run, index));
    groups.add(heading, items);
  }
  groups.add("Clauses without a case", uncovered);
  page.set("groups", groups.groups());
  page.set("nothing_wrong", groups.count() == 0);
  page.set("wrong_count", std::to_string(groups.count()));
}

size_t count_where(const Counts& counts, const std::function<bool(Verdict)>& wanted) {
  size_t sum = 0;
  for (const auto& [verdict, count] : counts)
    sum += wanted(verdict) ? count : 0;
  return sum;
}

data coverage_row(ClauseKind kind, const Counts& counts) {
  const auto passed = count_where(counts, [](Verdict v) { return v == Verdict::pass; });
  const auto observed = count_where(counts, [](Verdict v) { return v == Verdict::observed; });
  const auto failed = count_where(counts, is_failure);
  const auto missing = count_where(counts, is_missing);
  // An open clause is never judged, so nothing of it passed: a dash is not a zero.
  const bool open = kind == ClauseKind::open;
  const auto unless = [](bool absent, size_t count) {
    return absent && count == 0 ? std::string("–") : std::to_string(count);
  };
  data row;
  row.set("kind", std::string(to_string(kind)));
  row.set("total", std::to_string(total(counts)));
  row.set("judged", open ? "–" : std::to_string(passed + failed));
  row.set("passed", unless(open, passed));
  row.set("failed", std::to_string(failed));
  row.set("some_failed", failed > 0);
  row.set("observed", unless(!open, observed));
  row.set("missing", std::to_string(missing));
  row.set("some_missing", missing > 0);
  return row;
}

data coverage_data(const RunResult& run) {
  const auto counts = clause_counts(run);
  auto rows = list();
  for (const auto kind : clause_kinds)
    rows.push_back(coverage_row(kind, counts.find(kind)->second));
  return rows;
}

std::string duration_of(const RunResult& run) {
  return fmt::format("{:.1f} s, {}", static_cast<double>(run.milliseconds) / 1000.0,
                     counted(run.jobs, "job"));
}

using Facts = std::vector<std::pair<std::string, std::string>>;

Facts all_facts(const RunResult& run) {
  Facts facts{{"target", run.target.name}};
  std::ranges::copy(run.target.facts, std::back_inserter(facts));
  const std::string selection = selection_of(run);
  const Facts of_run{{"selection", selection.empty() ? "everything" : selection},
                     {"started", run.started},
                     {"took", duration_of(run)},
                     {"pep554", fmt::format("{}, commit {}", run.version, run.commit)},
                     {"isolation", run.isolation},
                     {"text, sha256", run.text_sha256}};
  std::ranges::copy(of_run, std::back_inserter(facts));
  return facts;
}

// The facts in the head of the page: plugins list the most important ones first.
Facts first_facts(const RunResult& run) {
  constexpr size_t most = 6;
  auto facts = run.target.facts;
  facts.resize(std::min(facts.size(), most));
  return facts;
}

data facts_data(const Facts& facts) {
  auto items = list();
  for (const auto& [name, value] : facts) {
    data item;
    item.set("name", readable(name));
    item.set("value", readable(value));
    items.push_back(item);
  }
  return items;
}

bool has_examples(const CaseResult& result) {
  return result.property.has_value();
}

} // namespace

data page_data(const RunResult& run) {
  const RunIndex index(run);
  data page;
  set_claim(page, run);
  page.set("claim", html_data(run.claim));
  set_bar(page, run);
  set_wrong(page, run, index);
  page.set("target", readable(run.target.name));
  page.set("selection", html_data(selection_of(run)));
  page.set("version", readable(run.version));
  page.set("case_count", std::to_string(run.cases.size()));
  page.set("case_noun",
           std::ranges::any_of(run.cases, has_examples) ? "cases and properties" : "cases");
  page.set("clause_count", std::to_string(run.clauses.size()));
  page.set("coverage", coverage_data(run));
  page.set("toggles", toggles_data(run));
  page.set("clauses", clauses_data(run, index));
  page.set("tables", tables_data(run, index));
  page.set("has_target_facts", !run.target.facts.empty());
  page.set("target_facts", facts_data(first_facts(run)));
  page.set("run_facts", facts_data(all_facts(run)));
  return page;
}

} // namespace pep554
