#include "harness/run/store_line.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/digest.h"

namespace pep554 {
namespace {

using nlohmann::ordered_json;

constexpr size_t digits = 16;

// Of a line's checked part, and of the line before.
std::string check_of(std::string_view checked, const std::string& before) {
  return sha256(before + std::string(checked)).substr(0, digits);
}

// The end of a line, after its checked part.
std::string tail_with(const std::string& check) {
  return fmt::format(R"(,"check":"{}"}})", check);
}

} // namespace

std::string line_of(const ordered_json& record, std::string& check) {
  std::string line = record.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  line.pop_back(); // the brace that closes the record
  check = check_of(line, check);
  return line + tail_with(check) + "\n";
}

Result<ordered_json> record_from(std::string_view line, std::string& check) {
  const size_t length = tail_with(std::string(digits, '0')).size();
  const std::string_view checked = line.substr(0, line.size() - std::min(length, line.size()));
  std::string own = check_of(checked, check);
  if (!line.ends_with(tail_with(own)))
    return fail("damaged: its check does not fit, or a line is missing before it");
  auto record = ordered_json::parse(std::string(checked) + "}", nullptr, false);
  if (!record.is_object())
    return fail("not a JSON object");
  check = std::move(own);
  return record;
}

} // namespace pep554
