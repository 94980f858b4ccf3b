// The results of a run as a JSON document, and back. The format is published as
// results.schema.json and described in README.md. Values that depend on the clock stand only under
// keys that end in "_us" or "_ms", or are "started": without those two runs can be compared.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "harness/engine/result.h"
#include "reports/json_reader.h"

namespace pep554 {

inline constexpr int results_schema = 3; // grows when a key changes its meaning or goes away

// Never fails. Texts go in as they are, even ones that are not UTF-8.
nlohmann::ordered_json to_json(const RunResult& run);

// The inverse: run_result_from(to_json(run)) equals run in every field. An error for a document
// that is not of this format, or whose counts are not those of its cases and clauses.
Result<RunResult> run_result_from(const nlohmann::ordered_json& document);

// Parts of the document.
nlohmann::ordered_json to_json(const CaseResult& result);
nlohmann::ordered_json to_json(const TargetResult& target);
TargetResult target_result_from(JsonReader in);

// The document as text, two spaces of indent, a line feed at its end. Bytes that are not UTF-8
// become U+FFFD.
std::string results_text(const RunResult& run);

// run_result_from of a text; an error also when it is not JSON.
Result<RunResult> run_result_from_text(std::string_view text);

} // namespace pep554
