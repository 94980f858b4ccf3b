#include "reports/results_file.h"

#include "reports/results_json.h"
#include "spec/read_file.h"
#include "spec/readable.h"

namespace pep554 {

std::filesystem::path results_path(const std::filesystem::path& file_or_folder) {
  std::error_code ignored; // what cannot be looked at cannot be read either
  return std::filesystem::is_directory(file_or_folder, ignored) ? file_or_folder / results_name
                                                                : file_or_folder;
}

Result<RunResult> read_results(const std::filesystem::path& file_or_folder) {
  const std::filesystem::path path = results_path(file_or_folder);
  return read_file(path, "the results of a run").and_then([&](const std::string& text) {
    return run_result_from_text(text).map_error([&](const Error& error) {
      return Error{{path.string()}, on_one_line(error.message)};
    });
  });
}

} // namespace pep554
