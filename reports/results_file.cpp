#include "reports/results_file.h"

#include <fmt/format.h>

#include "reports/results_json.h"
#include "spec/read_file.h"
#include "spec/readable.h"

namespace pep554 {

std::filesystem::path results_path(const std::filesystem::path& file_or_folder) {
  std::error_code ignored; // what cannot be looked at cannot be read either
  return std::filesystem::is_directory(file_or_folder, ignored) ? file_or_folder / results_name
                                                                : file_or_folder;
}

std::optional<RunResult> read_results(const std::filesystem::path& file_or_folder,
                                      std::string& error) {
  const std::filesystem::path path = results_path(file_or_folder);
  std::string problem;
  const auto text = read_file(path, problem);
  if (!text) {
    error = fmt::format("{}: {}: expected the results of a run", path.string(), problem);
    return std::nullopt;
  }
  try {
    return run_result_from_text(*text);
  } catch (const ResultsError& failure) {
    error = fmt::format("{}: {}", path.string(), on_one_line(failure.what()));
    return std::nullopt;
  }
}

} // namespace pep554
