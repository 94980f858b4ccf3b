#include "reports/overview.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "embedded.h"
#include "reports/page_items.h"
#include "reports/summary.h"
#include "reports/writer.h"
#include "spec/readable.h"

namespace pep554 {
namespace {

using kainjow::mustache::data;
using nlohmann::ordered_json;

// "78 of 81 passed", of the clauses that decide.
std::string clauses_of(const RunResult& run) {
  size_t all = 0;
  size_t passed = 0;
  for (const auto& clause : run.clauses) {
    all += clause.kind != ClauseKind::open ? 1U : 0U;
    passed += clause.kind != ClauseKind::open && clause.verdict == Verdict::pass ? 1U : 0U;
  }
  return fmt::format("{} of {} passed", passed, all);
}

data row_data(const OverviewRow& row) {
  data item;
  item.set("name", readable(row.name));
  item.set("has_page", row.run.has_value());
  if (!row.run) {
    item.set("what", readable(row.target));
    item.set("claim_word", row.reached ? "Did not start" : "Not run");
    item.set("claim_class", "v-missing");
    item.set("claim_sign", "–");
    item.set("problem", readable(row.problem));
    return item;
  }
  set_claim(item, *row.run);
  set_bar(item, *row.run);
  item.set("what", readable(self_description(*row.run)));
  item.set("clauses", clauses_of(*row.run));
  item.set("unsupported_reason", html_data(row.run->target.unsupported_reason));
  return item;
}

ordered_json json_of(const OverviewRow& row) {
  auto counts = ordered_json::object();
  if (row.run)
    for (const auto& [verdict, count] : row.run->counts())
      counts[std::string(to_string(verdict))] = count;
  return {{"name", row.name},
          {"target", row.target},
          {"results", row.run ? row.name + "/results.json" : ""},
          {"problem", row.problem},
          {"conformant", row.run && row.run->conformant},
          {"claim", row.run ? row.run->claim : ""},
          {"counts", counts}};
}

} // namespace

void write_overview_page(const std::vector<OverviewRow>& rows, std::ostream& out) {
  namespace mustache = kainjow::mustache;
  data page;
  data items(data::type::list);
  for (const OverviewRow& row : rows)
    items.push_back(row_data(row));
  const auto conformant = std::ranges::count_if(
      rows, [](const OverviewRow& row) { return row.run && row.run->conformant; });
  page.set("style", std::string(embedded::page_css));
  page.set("count", std::to_string(rows.size()));
  page.set("conformant_count", std::to_string(conformant));
  page.set("rows", items);
  mustache::mustache(std::string(embedded::overview_mustache)).render(page, out);
}

std::string overview_text(const std::vector<OverviewRow>& rows) {
  auto targets = ordered_json::array();
  for (const OverviewRow& row : rows)
    targets.push_back(json_of(row));
  const ordered_json document{{"schema", 2}, {"targets", targets}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Result<> write_overview(const std::vector<OverviewRow>& rows, const std::filesystem::path& dir) {
  const auto text = [&](std::ostream& out) { out << overview_text(rows); };
  const auto page = [&](std::ostream& out) { write_overview_page(rows, out); };
  return make_folder(dir)
      .and_then([&] { return write_file(dir / "targets.json", text); })
      .and_then([&] { return write_file(dir / "index.html", page); });
}

} // namespace pep554
