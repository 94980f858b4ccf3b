// The reader of baselines, and their update: a text is refused with positions, each in one line, or
// read; and an update of it from fixed results is refused, or makes a text that can be read, which
// the same update leaves alone.
#include <string>

#include <nlohmann/json.hpp>

#include "harness/fuzz/fuzz.h"
#include "harness/gate/gate.h"
#include "harness/gate/update.h"

namespace pep554::fuzz {
namespace {

RunResult results() {
  RunResult run;
  run.target = {"plugin:mine.so", {{"implementation", "mine"}, {"version", "1.0"}}, ""};
  const auto add = [&run](const char* id, Verdict verdict, const char* signature) {
    CaseResult one;
    one.id = id;
    one.clauses = {"run.clause"};
    one.verdict = verdict;
    one.signature = signature;
    run.cases.push_back(std::move(one));
  };
  add("property.p", Verdict::flaky, "flaky fail run");
  add("run.a", Verdict::fail, "fail run ValueError");
  add("run.b", Verdict::crash, "crash run SIGABRT");
  add("run.c", Verdict::pass, "");
  return run;
}

void check_line(const std::string& line) {
  require(line.find_first_of("\n\r\x1b") == std::string::npos, "a complaint is one plain line");
  static_cast<void>(nlohmann::json(line).dump()); // throws when it is no UTF-8
}

std::optional<gate::Baseline> read(std::string_view text) {
  Diagnostics diagnostics;
  auto baseline = gate::baseline_from(text, "b.toml", diagnostics);
  require(baseline.has_value() == diagnostics.empty(), "read, or refused with a complaint");
  for (const Error& one : diagnostics.sorted())
    check_line(to_string(one));
  return baseline;
}

} // namespace
} // namespace pep554::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using namespace pep554;
  constexpr gate::Date today = std::chrono::year(2026) / 11 / 29;
  const std::string text(fuzz::text_of(data, size));
  const auto baseline = fuzz::read(text);
  if (!baseline)
    return 0;
  const RunResult run = fuzz::results();
  const auto updated = gate::update(text, *baseline, run, today);
  if (!updated)
    return 0;
  const auto after = fuzz::read(updated->text);
  fuzz::require(after.has_value(), "what was updated can be read");
  const auto versions = gate::versions_of(*after, run.target);
  fuzz::require(versions.has_value(), "... for the same target");
  for (const gate::Finding& one : gate::compare(run, *after, *versions, today).findings)
    fuzz::require(one.reason == gate::Reason::expired_entry, "the gate accepts the same run");
  const auto again = gate::update(updated->text, *after, run, today);
  fuzz::require(again && again->text == updated->text, "a second update changes nothing");
  return 0;
}
