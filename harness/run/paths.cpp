#include "harness/run/paths.h"

#include <fmt/format.h>

namespace pep554 {
namespace {

namespace fs = std::filesystem;

// As cmake/pep554_install.cmake lays it out.
Paths installed(const fs::path& prefix) {
  const fs::path share = prefix / "share/pep554";
  const fs::path lib = prefix / "lib/pep554";
  return {.host = prefix / "bin/pep554-host",
          .jail = prefix / "bin/pep554-jail",
          .plugins = lib,
          .adapters = share / "adapters",
          .agent = share / "agent/pep554_agent.py",
          .reference = lib / "reference",
          .spec = share / "spec",
          .cases = share / "cases",
          .pythons = lib / "pythons",
          .docs = prefix / "share/doc/pep554"};
}

// A build uses the suite of the tree that it is made from.
Paths built(const fs::path& build, const fs::path& source) {
  return {.host = build / "bin/pep554-host",
          .jail = build / "bin/pep554-jail",
          .plugins = build / "lib",
          .adapters = source / "harness/plugins/cpython/adapters",
          .agent = source / "harness/agent/pep554_agent.py",
          .reference = build / "impl",
          .spec = source / "spec",
          .cases = source / "cases",
          .pythons = source / "build/pythons",
          .docs = source};
}

} // namespace

Result<Paths> find_paths() {
  std::error_code failure;
  const fs::path program = fs::read_symlink("/proc/self/exe", failure);
  if (failure)
    return fail(fmt::format("cannot read /proc/self/exe ({}): pep554 and its hosts need /proc; "
                            "mount it: mount -t proc proc /proc",
                            failure.message()));
  return paths_below(program.parent_path().parent_path(), program);
}

Result<Paths> paths_below(const fs::path& prefix, const fs::path& asking) {
  std::error_code failure;
  if (fs::equivalent(prefix, PEP554_BUILD_DIR, failure))
    return built(prefix, PEP554_SOURCE_DIR);
  Paths paths = installed(prefix);
  for (const fs::path& needed : {paths.spec, paths.cases})
    if (!fs::is_directory(needed, failure))
      return fail(asking.string() + " is not installed as a whole: there is no " + needed.string());
  return paths;
}

std::string page_file(const std::string& name) {
  const auto paths = find_paths();
  return paths ? (paths->docs / name).string() : name;
}

} // namespace pep554
