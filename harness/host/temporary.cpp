#include "harness/host/temporary.h"

#include <cstdlib>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "harness/isolation/remove_tree.h"

namespace pep554::host {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::error_code failure;
  const fs::path base = fs::temp_directory_path(failure);
  if (failure)
    return;
  const PrivateFolder made = make_private_folder(base.c_str(), "pep554-host");
  if (made.path.empty())
    return;
  path_ = made.path;
  lock_ = Descriptor(made.fd);
  ::setenv("TMPDIR", path_.c_str(), 1);
}

void TemporaryFolder::lock() {
  lock_ = Descriptor(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  ::flock(lock_.get(), LOCK_EX | LOCK_NB);
}

TemporaryFolder::~TemporaryFolder() {
  if (!path_.empty())
    remove_tree(path_.c_str());
}

size_t TemporaryFolder::clear() {
  if (path_.empty())
    return 0;
  struct stat status = {};
  if (::lstat(path_.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    ::unlink(path_.c_str()); // what a program may have put in its place
    ::mkdir(path_.c_str(), S_IRWXU);
    lock();
  } else if ((status.st_mode & ALLPERMS) != S_IRWXU) {
    ::chmod(path_.c_str(), S_IRWXU);
  }
  return empty_folder(path_.c_str()).removed;
}

std::int64_t count_files(const fs::path& folder) {
  std::int64_t count = 0;
  std::error_code failure;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator at(folder, options, failure), end; !failure && at != end;
       at.increment(failure))
    ++count;
  return count;
}

} // namespace pep554::host
