#include "harness/cli/run_summary.h"

#include <fmt/format.h>

#include "harness/cli/print.h"
#include "harness/cli/progress.h"
#include "harness/cli/target_run.h"
#include "reports/summary.h"

namespace pep554 {

void print_summary(const RunResult& run, const std::filesystem::path& out) {
  const bool colour = wants_colour(stdout);
  std::string counts;
  for (const auto& [verdict, count] : run.counts())
    counts +=
        fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, painted(verdict, colour).text);
  if (const std::string what = self_description(run); !what.empty())
    print(stdout, "judged: {}\n", what);
  print(stdout, "{}\n{} cases in {:.1f} s: {}\n", run.claim, run.cases.size(),
        static_cast<double>(run.milliseconds) / 1000, AsIs{counts});
  if (run.isolation.find("not: ") != std::string::npos)
    print(stdout, "isolation: {}\n", run.isolation);
  print(stdout, "page: {}\n", (std::filesystem::absolute(out) / "index.html").string());
}

Exit exit_of(const RunResult& run, bool partial) {
  return (partial ? all_passed(run) : run.conformant) ? Exit::conformant : Exit::not_conformant;
}

} // namespace pep554
