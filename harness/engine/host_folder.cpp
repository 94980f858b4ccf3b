#include "harness/engine/host_folder.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace pep554 {

void remove_folder_of(pid_t host) {
  namespace fs = std::filesystem;
  const std::string start = fmt::format("pep554-host-{}-", host);
  std::error_code failure;
  fs::directory_iterator at(fs::temp_directory_path(failure), failure);
  for (const fs::directory_iterator end; !failure && at != end; at.increment(failure)) {
    std::error_code ignored;
    if (at->path().filename().native().starts_with(start))
      fs::remove_all(at->path(), ignored);
  }
}

} // namespace pep554
