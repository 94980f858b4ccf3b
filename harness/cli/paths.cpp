#include "harness/cli/paths.h"

namespace pep554 {

Paths find_paths() {
  namespace fs = std::filesystem;
  std::error_code failure;
  const fs::path prefix = fs::read_symlink("/proc/self/exe", failure).parent_path().parent_path();
  const fs::path source = PEP554_SOURCE_DIR;
  return {prefix / "bin" / "pep554-host",
          prefix / "lib",
          source / "harness/plugins/cpython/adapters",
          source / "harness/agent/pep554_agent.py",
          prefix / "impl",
          source / "spec",
          source / "cases",
          source / "build/pythons"};
}

} // namespace pep554
