#include "harness/host/temporary.h"

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace pep554::host {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "pep554-host-";

// Removes a tree. Folders are made accessible first: a program may have closed them.
void remove_tree(const fs::path& root) {
  std::error_code failure;
  fs::remove_all(root, failure);
  if (!failure)
    return;
  fs::permissions(root, fs::perms::owner_all, fs::perm_options::add, failure);
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator at(root, options, failure), end; !failure && at != end;
       at.increment(failure))
    if (at->symlink_status().type() == fs::file_type::directory) {
      std::error_code ignored;
      fs::permissions(at->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
    }
  fs::remove_all(root, failure);
}

// Whether the host that made the folder is gone: by the process number in its name, and by its
// lock.
bool is_stale(const fs::path& folder) {
  const std::string file = folder.filename();
  std::string_view name = file;
  if (!name.starts_with(prefix))
    return false;
  name.remove_prefix(prefix.size());
  pid_t pid = 0;
  if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc() || pid <= 0)
    return false;
  struct stat status = {};
  if (::lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) ||
      status.st_uid != ::geteuid() || (::kill(pid, 0) == 0 || errno != ESRCH))
    return false;
  const Descriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  return !lock.open() || ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0;
}

void remove_stale(const fs::path& base) {
  std::error_code failure;
  for (fs::directory_iterator at(base, failure), end; !failure && at != end; at.increment(failure))
    if (is_stale(at->path()))
      remove_tree(at->path());
}

} // namespace

TemporaryFolder::TemporaryFolder() {
  std::error_code failure;
  const fs::path base = fs::temp_directory_path(failure);
  if (failure)
    return;
  remove_stale(base);
  std::string made = base / (std::string(prefix) + std::to_string(::getpid()) + "-XXXXXX");
  if (::mkdtemp(made.data()) == nullptr)
    return;
  path_ = made;
  lock();
  ::setenv("TMPDIR", made.c_str(), 1);
}

void TemporaryFolder::lock() {
  lock_ = Descriptor(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  ::flock(lock_.get(), LOCK_EX | LOCK_NB);
}

TemporaryFolder::~TemporaryFolder() {
  if (!path_.empty())
    remove_tree(path_);
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
  return empty_folder(path_);
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

size_t empty_folder(const fs::path& folder) {
  size_t count = 0;
  std::error_code failure;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    ++count;
    if (at->symlink_status().type() == fs::file_type::directory)
      count += static_cast<size_t>(count_files(at->path()));
    remove_tree(at->path());
  }
  return count;
}

} // namespace pep554::host
