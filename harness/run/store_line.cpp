#include "harness/run/store_line.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/digest.h"

namespace pep554 {
namespace {

using nlohmann::ordered_json;

constexpr size_t digits = 16;

// The end of a line, after its checked part.
std::string tail_of(std::string_view checked) {
  return fmt::format(R"(,"check":"{}"}})", sha256(checked).substr(0, digits));
}

} // namespace

std::string line_of(const ordered_json& record) {
  std::string line = record.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  line.pop_back(); // the brace that closes the record
  return line + tail_of(line) + "\n";
}

Result<ordered_json> record_from(std::string_view line) {
  const size_t length = tail_of("").size();
  const std::string_view checked = line.substr(0, line.size() - std::min(length, line.size()));
  if (!line.ends_with(tail_of(checked)))
    return fail("damaged: its check does not fit");
  auto record = ordered_json::parse(std::string(checked) + "}", nullptr, false);
  if (!record.is_object())
    return fail("not a JSON object");
  return record;
}

} // namespace pep554
