#include "harness/run/launcher.h"

#include <cstdlib>
#include <system_error>

#include <dlfcn.h>

namespace pep554 {
namespace {

namespace fs = std::filesystem;

// The C library of this process.
fs::path own_libc() {
  Dl_info info{};
  std::error_code failure;
  if (::dladdr(reinterpret_cast<const void*>(&std::getenv), &info) == 0 ||
      info.dli_fname == nullptr)
    return {};
  return fs::canonical(info.dli_fname, failure);
}

// ld-linux-x86-64.so.2, ld-linux-aarch64.so.1 and the like; empty where there is none.
fs::path loader_in(const fs::path& folder) {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("ld-linux") && name.find(".so.") != std::string::npos)
      return entry.path();
  }
  return {};
}

} // namespace

std::vector<std::string> launcher_beside(const fs::path& library) {
  std::error_code failure;
  const fs::path folder = fs::canonical(library, failure).parent_path();
  const fs::path libc = fs::canonical(folder / "libc.so.6", failure);
  if (folder.empty() || failure || libc == own_libc())
    return {};
  const fs::path loader = loader_in(folder);
  if (loader.empty())
    return {};
  return {loader.string(), "--library-path", folder.string()};
}

} // namespace pep554
