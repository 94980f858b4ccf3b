#include "harness/gate/results_file.h"

#include <fmt/format.h>

#include "reports/results_json.h"
#include "spec/read_file.h"

namespace pep554::gate {

std::optional<RunResult> read_results(std::filesystem::path path, std::string& problem) {
  if (std::error_code ignored; std::filesystem::is_directory(path, ignored))
    path /= "results.json";
  std::string why;
  const auto text = read_file(path, why);
  if (!text) {
    problem = fmt::format("{}: {}: expected results.json of pep554 run, or its folder",
                          path.string(), why);
    return std::nullopt;
  }
  try {
    return run_result_from_text(*text);
  } catch (const ResultsError& error) {
    problem = fmt::format("{}: {}", path.string(), error.what());
    return std::nullopt;
  }
}

} // namespace pep554::gate
