#include "reports/page.h"

#include <cassert>
#include <ostream>
#include <string>

#include "embedded.h"
#include "reports/page_data.h"

namespace pep554 {

void write_page(const RunResult& run, std::ostream& out) {
  namespace mustache = kainjow::mustache;
  auto data = page_data(run);
  data.set("style", std::string(embedded::page_css));
  data.set("script", std::string(embedded::page_js));
  const auto partial = [](std::string_view text) {
    return mustache::data(mustache::partial([text] { return std::string(text); }));
  };
  data.set("list_clauses", partial(embedded::clauses_mustache));
  data.set("list_cases", partial(embedded::cases_mustache));
  mustache::mustache page{std::string(embedded::index_mustache)};
  page.render(data, out);
  assert(page.is_valid() && "a template of ours is broken");
}

} // namespace pep554
