#include "harness/engine/host_folder.h"

#include <filesystem>
#include <system_error>

#include "harness/isolation/remove_tree.h"

namespace pep554 {

void remove_folder_of(pid_t host) {
  namespace fs = std::filesystem;
  std::error_code failure;
  const fs::path parent = fs::temp_directory_path(failure);
  for (const char* prefix : {"pep554-host", "pep554-jail"})
    remove_folders_of(host, parent.c_str(), prefix);
}

} // namespace pep554
