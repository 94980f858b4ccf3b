// The folder in which programs put temporary files: the host's own, named by TMPDIR.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "harness/host/descriptor.h"

namespace pep554::host {

class TemporaryFolder {
public:
  // Makes pep554-host-PID-XXXXXX where temporary files belong, and points TMPDIR there, so that it
  // is made before a runtime reads the environment. Removes such folders of hosts that are gone. No
  // folder where none can be made: TMPDIR is then left as it is.
  TemporaryFolder();
  ~TemporaryFolder(); // removes it
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; } // empty: there is none
  // Removes what is in it, whatever its permissions; links are not followed. How many files and
  // folders those were. A folder that is gone is made anew, and one that was closed is opened.
  size_t clear();

private:
  void lock();

  std::filesystem::path path_;
  Descriptor lock_; // held for as long as the host lives
};

// The entries of a folder, at any depth.
std::int64_t count_files(const std::filesystem::path& folder);

} // namespace pep554::host
