// pep554 report: everything that is made from results.json, made again.
#include <algorithm>

#include "harness/cli/commands.h"
#include "harness/cli/print.h"
#include "reports/results_file.h"
#include "reports/writer.h"

namespace pep554 {

Exit report_command(const std::vector<std::filesystem::path>& folders) {
  Exit code = Exit::conformant;
  for (const std::filesystem::path& folder : folders) {
    const auto run = read_results(folder);
    if (!run) {
      code = std::max(code, print_error(Exit::usage, run.error()));
      continue;
    }
    if (const auto written = write_formats(*run, folder); !written)
      return print_error(Exit::harness_fault, written.error());
    print(stdout, "{}\npage: {}\n", run->claim,
          (std::filesystem::absolute(folder) / "index.html").string());
  }
  return code;
}

} // namespace pep554
