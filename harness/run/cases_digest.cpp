#include "harness/run/cases_digest.h"

#include <filesystem>

#include <nlohmann/json.hpp>

#include "reports/digest.h"

namespace pep554 {
namespace {

using nlohmann::json;

json content(const Case& one) {
  json expectations = json::array();
  for (const auto& lane : one.expectations)
    for (const auto& expectation : lane)
      expectations.push_back(expectation ? describe(*expectation) : "");
  return {one.id,         one.title,
          one.clauses,    std::filesystem::path(one.where.file).filename().string(),
          one.where.line, one.where.column,
          one.open,       to_json(one.program),
          expectations};
}

} // namespace

std::string cases_digest(const Suite& suite) {
  json all = json::array();
  for (const Case& one : suite.cases)
    all.push_back(content(one));
  for (const properties::Property& one : suite.properties)
    all.push_back(json{one.name, one.sentence, one.clauses, one.share, to_string(one.check)});
  return sha256(all.dump(-1, ' ', false, json::error_handler_t::replace));
}

} // namespace pep554
