#include "reports/junit.h"

#include <algorithm>
#include <ostream>
#include <span>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pugixml.hpp>

#include "reports/details.h"
#include "reports/summary.h"
#include "spec/readable.h"

namespace pep554 {
namespace {

// "2026-01-31T23:59:59Z": what the format takes as a time, and nothing else that a document of
// results might say.
bool is_time(std::string_view text) {
  constexpr std::string_view shape = "0000-00-00T00:00:00Z";
  return std::ranges::equal(text, shape, [](char have, char want) {
    return want == '0' ? have >= '0' && have <= '9' : have == want;
  });
}

struct Sums {
  size_t tests = 0;
  size_t failures = 0;
  size_t errors = 0;
  size_t skipped = 0;
  std::int64_t microseconds = 0;
};

enum class Kind { plain, failure, error, skipped };

Kind kind_of(Verdict verdict) {
  if (verdict == Verdict::fail)
    return Kind::failure;
  if (is_failure(verdict) || verdict == Verdict::host_fault)
    return Kind::error;
  return is_missing(verdict) ? Kind::skipped : Kind::plain;
}

Sums sums_of(std::span<const CaseResult> cases) {
  Sums sums;
  for (const auto& result : cases) {
    const auto kind = kind_of(result.verdict);
    ++sums.tests;
    sums.failures += kind == Kind::failure ? 1 : 0;
    sums.errors += kind == Kind::error ? 1 : 0;
    sums.skipped += kind == Kind::skipped ? 1 : 0;
    sums.microseconds += result.microseconds;
  }
  return sums;
}

// To the millisecond: with more digits libxml2 rejects some times under the pattern of junit-10.
std::string seconds(std::int64_t microseconds) {
  const auto milliseconds = (std::max<std::int64_t>(microseconds, 0) + 500) / 1000;
  return fmt::format("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
}

void set(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(readable(value).c_str());
}

void set_text(pugi::xml_node node, std::string_view value) {
  node.text().set(readable(value).c_str());
}

void add_property(pugi::xml_node properties, std::string_view name, std::string_view value) {
  auto property = properties.append_child("property");
  set(property, "name", name);
  set(property, "value", value);
}

void add_properties(pugi::xml_node suite, const RunResult& run) {
  auto properties = suite.append_child("properties");
  add_property(properties, "pep554.version", run.version);
  add_property(properties, "pep554.commit", run.commit);
  add_property(properties, "pep554.text_sha256", run.text_sha256);
  add_property(properties, "pep554.isolation", run.isolation);
  add_property(properties, "claim", run.claim);
  add_property(properties, "target", run.target.name);
  for (const auto& [name, value] : run.target.facts)
    add_property(properties, "target." + name, value);
}

void add_outcome(pugi::xml_node testcase, const CaseResult& result) {
  const auto kind = kind_of(result.verdict);
  const auto name = to_string(result.verdict);
  if (kind == Kind::plain)
    return;
  if (kind == Kind::skipped) {
    set_text(testcase.append_child("skipped"), fmt::format("{}: {}", name, result.reason));
    return;
  }
  auto outcome = testcase.append_child(kind == Kind::failure ? "failure" : "error");
  set(outcome, "type", name);
  set(outcome, "message", result.reason);
  set_text(outcome, fmt::format("\n{}\n\n{}", result.title, details_of(result)));
}

// The sentence first: Jenkins shows only the begin and the end of a long text.
std::string remarks(const CaseResult& result) {
  std::string text = result.title + "\n";
  if (result.verdict == Verdict::observed)
    text += fmt::format("Observed, not judged: the text is silent here. {}\n", result.reason);
  return text + fmt::format("Clauses: {}\nSource: {}:{}\n", fmt::join(result.clauses, ", "),
                            result.where.file, result.where.line);
}

// "destroy.removes" is "removes" of the class "pep554.destroy".
std::string_view name_in_table(std::string_view id) {
  const auto table = table_of(id);
  return table.size() == id.size() ? id : id.substr(table.size() + 1);
}

void add_case(pugi::xml_node suite, const CaseResult& result) {
  auto testcase = suite.append_child("testcase");
  set(testcase, "classname", fmt::format("pep554.{}", table_of(result.id)));
  set(testcase, "name", name_in_table(result.id));
  set(testcase, "time", seconds(result.microseconds));
  if (!result.where.file.empty())
    set(testcase, "file", result.where.file);
  if (result.where.line > 0)
    testcase.append_attribute("line").set_value(result.where.line);
  add_outcome(testcase, result);
  set_text(testcase.append_child("system-out"), remarks(result));
}

void set_sums(pugi::xml_node node, const Sums& sums) {
  node.append_attribute("tests").set_value(sums.tests);
  node.append_attribute("failures").set_value(sums.failures);
  node.append_attribute("errors").set_value(sums.errors);
}

void add_suite(pugi::xml_node suites, const RunResult& run, std::span<const CaseResult> cases) {
  auto suite = suites.append_child("testsuite");
  const auto sums = sums_of(cases);
  set(suite, "name", fmt::format("pep554.{}", table_of(cases.front().id)));
  set_sums(suite, sums);
  suite.append_attribute("skipped").set_value(sums.skipped);
  set(suite, "time", seconds(sums.microseconds));
  if (is_time(run.started))
    set(suite, "timestamp", run.started);
  add_properties(suite, run);
  for (const auto& result : cases)
    add_case(suite, result);
}

// The cases up to where the next table begins; they are sorted by id.
std::span<const CaseResult> first_table(std::span<const CaseResult> cases) {
  size_t size = 1;
  while (size < cases.size() && table_of(cases[size].id) == table_of(cases[0].id))
    ++size;
  return cases.first(size);
}

} // namespace

void write_junit(const RunResult& run, std::ostream& out) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version").set_value("1.0");
  declaration.append_attribute("encoding").set_value("UTF-8");
  auto suites = document.append_child("testsuites");
  set(suites, "name", fmt::format("pep554: {}", run.target.name));
  set_sums(suites, sums_of(run.cases));
  set(suites, "time", seconds(run.milliseconds * 1000));
  for (std::span<const CaseResult> rest = run.cases; !rest.empty();) {
    const auto table = first_table(rest);
    add_suite(suites, run, table);
    rest = rest.subspan(table.size());
  }
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
}

} // namespace pep554
