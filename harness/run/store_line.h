// A record of the store as a line, and back. For store.h's own use.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "spec/result.h"

namespace pep554 {

// The record with its check and a line feed. Bytes that are not UTF-8 become U+FFFD. `check` is
// that of the line before, empty for the first, and becomes this one's: so no line can be missing,
// doubled or moved.
std::string line_of(const nlohmann::ordered_json& record, std::string& check);

// The inverse, without the line feed. An error when the line is no object, or its check does not
// fit; `check` is then unchanged.
Result<nlohmann::ordered_json> record_from(std::string_view line, std::string& check);

} // namespace pep554
