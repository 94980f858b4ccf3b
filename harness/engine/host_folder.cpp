#include "harness/engine/host_folder.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "harness/isolation/remove_tree.h"

namespace pep554 {

void remove_folder_of(pid_t host) {
  namespace fs = std::filesystem;
  std::error_code failure;
  fs::directory_iterator at(fs::temp_directory_path(failure), failure);
  for (const fs::directory_iterator end; !failure && at != end; at.increment(failure))
    for (const char* kind : {"host", "jail"})
      if (at->path().filename().native().starts_with(fmt::format("pep554-{}-{}-", kind, host)))
        remove_tree(at->path().c_str());
}

} // namespace pep554
