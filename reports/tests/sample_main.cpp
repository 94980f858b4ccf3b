// pep554_reports_sample DIR N: writes the reports of the sample to DIR/sample, of a conformant run
// to DIR/conformant and of N generated runs to DIR/generated-1 ..., for checks by other programs.
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "reports/tests/generators.h"
#include "reports/tests/sample_run.h"
#include "reports/writer.h"

namespace {

bool write(const pep554::RunResult& run, const std::filesystem::path& dir) {
  const auto written = pep554::write_reports(run, dir);
  if (!written)
    fmt::print(stderr, "{}\n", to_string(written.error()));
  return written.has_value();
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: pep554_reports_sample DIR N\n");
    return EXIT_FAILURE;
  }
  const std::filesystem::path dir = argv[1];
  const long generated = std::strtol(argv[2], nullptr, 10);
  bool good = write(pep554::sample_run(), dir / "sample") &&
              write(pep554::conformant_run(), dir / "conformant");
  const auto runs = pep554::hostile_run();
  for (long seed = 1; good && seed <= generated; ++seed)
    good = write(runs(rc::Random(static_cast<std::uint64_t>(seed)), 30).value(),
                 dir / fmt::format("generated-{}", seed));
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
