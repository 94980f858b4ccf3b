// The reader of a run's store of histories. The input is a store as it is, and once more with the
// check of each line put right: otherwise no input would come past the checks. It is refused in one
// line that begins with the number of its line, or read; then what was cut off counts for nothing,
// and its executions can be judged.
#include <string>

#include <nlohmann/json.hpp>

#include "harness/engine/wire.h"
#include "harness/fuzz/fuzz.h"
#include "harness/run/results.h"
#include "harness/run/store.h"
#include "harness/run/store_line.h"
#include "reports/results_json.h"

namespace pep554::fuzz {
namespace {

using nlohmann::ordered_json;

void check_complaint(const std::string& error) {
  require(error.find_first_of("\n\r\x1b") == std::string::npos, "a complaint is one plain line");
  require(!error.empty() && error.front() >= '1' && error.front() <= '9', "... with its number");
  static_cast<void>(nlohmann::json(error).dump()); // throws when it is no UTF-8
}

void read(std::string_view text) {
  const auto store = store_from(text);
  if (!store) {
    check_complaint(to_string(store.error()));
    return;
  }
  require(store->whole > 0 && store->whole <= text.size() && text[store->whole - 1] == '\n',
          "the complete part ends with a line feed");
  const auto again = store_from(text.substr(0, store->whole));
  require(again && again->executions.size() == store->executions.size(),
          "the complete part can be read alone");
  Suite suite;
  suite.properties.emplace_back().name = "anything";
  for (const Execution& one : store->executions)
    suite.cases.emplace_back().id = one.item;
  static_cast<void>(results_text(results_of(*store, suite)));
}

// The line with its check, behind that of the line before; lines that are no objects are returned
// unchanged.
std::string sealed(std::string_view line, std::string& check) {
  ordered_json record;
  if (nesting_of(line) <= max_nesting)
    record = ordered_json::parse(line, nullptr, false);
  if (!record.is_object())
    return std::string(line) + "\n";
  record.erase("check");
  return line_of(record, check);
}

std::string sealed_all(std::string_view text) {
  std::string all;
  std::string check;
  for (size_t end = 0; (end = text.find('\n')) != std::string_view::npos;) {
    all += sealed(text.substr(0, end), check);
    text.remove_prefix(end + 1);
  }
  return all.append(text);
}

} // namespace
} // namespace pep554::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using namespace pep554::fuzz;
  read(text_of(data, size));
  read(sealed_all(text_of(data, size)));
  return 0;
}
