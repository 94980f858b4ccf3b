#include "harness/cli/version.h"

#include <fmt/format.h>

#include "harness/build_info/build_info.h"
#include "harness/run/paths.h"
#include "harness/run/suite.h"
#include "spec/text.h"

namespace pep554 {
namespace {

constexpr size_t digits = 12;

std::string tables() {
  const auto paths = find_paths();
  if (!paths)
    return "missing";
  Diagnostics errors;
  const Suite suite = load_suite(*paths, {}, errors);
  return errors.empty() ? "sha256 " + suite.cases_sha256.substr(0, digits) : "with errors";
}

} // namespace

std::string version_text() {
  return fmt::format("pep554 {} (commit {}, text sha256 {}, tables {})", build_version(),
                     build_commit(), text_sha256().substr(0, digits), tables());
}

} // namespace pep554
