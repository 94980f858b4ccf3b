#include "harness/isolation/remove_tree.h"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pep554 {
namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

bool is_folder(int parent, const char* name) {
  struct stat status = {};
  return ::fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

// The names in a folder but "." and "..".
std::vector<std::string> names_in(int folder) {
  std::vector<std::string> names;
  const int again = ::openat(folder, ".", folder_flags);
  const std::unique_ptr<DIR, int (*)(DIR*)> list(again < 0 ? nullptr : ::fdopendir(again),
                                                 &::closedir);
  if (!list)
    return names;
  while (const dirent* entry = ::readdir(list.get())) { // NOLINT(concurrency-mt-unsafe): our own
    const std::string_view name(entry->d_name);
    if (name != "." && name != "..")
      names.emplace_back(name);
  }
  return names;
}

// Folders in folders are moved to the top before they are emptied, so that any depth needs two
// descriptors. A folder on which something is mounted cannot be moved, and so is never entered.
class Emptying {
public:
  explicit Emptying(int top)
      : top_(top), mark_(".pep554-" + std::to_string(::getpid()) + "-emptied-") {}

  Emptied all() {
    size_t before = 0;
    do {
      before = result_.removed + moved_;
      result_.problem.clear();
      for (const std::string& name : names_in(top_))
        remove(name);
    } while (result_.removed + moved_ != before);
    return result_;
  }

private:
  void failed() { result_.problem = std::strerror(errno); } // NOLINT(concurrency-mt-unsafe)

  void remove(const std::string& name) {
    if (!is_folder(top_, name.c_str()))
      unlink(top_, name);
    else if (name.starts_with(mark_))
      remove_folder(name);
    else
      move_up(top_, name);
  }

  void unlink(int folder, const std::string& name) {
    if (::unlinkat(folder, name.c_str(), 0) == 0)
      ++result_.removed;
    else
      failed();
  }

  void move_up(int folder, const std::string& name) {
    // Its entry ".." is to be written.
    ::fchmodat(folder, name.c_str(), S_IRWXU, 0);
    const std::string up = mark_ + std::to_string(moved_);
    if (::renameat(folder, name.c_str(), top_, up.c_str()) == 0)
      ++moved_;
    else
      failed();
  }

  void remove_folder(const std::string& name) {
    const int folder = ::openat(top_, name.c_str(), folder_flags);
    if (folder < 0) {
      failed();
      return;
    }
    for (const std::string& inner : names_in(folder))
      is_folder(folder, inner.c_str()) ? move_up(folder, inner) : unlink(folder, inner);
    ::close(folder);
    if (::unlinkat(top_, name.c_str(), AT_REMOVEDIR) == 0)
      ++result_.removed;
    else
      failed();
  }

  int top_;
  std::string mark_;
  size_t moved_ = 0;
  Emptied result_;
};

// The process number in PREFIX-PID-..., else 0.
pid_t maker_of(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix) || name.size() < prefix.size() + 2 || name[prefix.size()] != '-')
    return 0;
  name.remove_prefix(prefix.size() + 1);
  pid_t pid = 0;
  const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), pid);
  const bool good = failure == std::errc() && end != name.data() + name.size() && *end == '-';
  return good ? pid : 0;
}

// Of this user, and locked by no process.
bool is_unused(int parent, const std::string& name) {
  struct stat status = {};
  if (::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISDIR(status.st_mode) || status.st_uid != ::geteuid())
    return false;
  const int folder = ::openat(parent, name.c_str(), folder_flags);
  const bool unlocked = folder < 0 || ::flock(folder, LOCK_EX | LOCK_NB) == 0;
  ::close(folder);
  return unlocked;
}

bool is_gone(pid_t process) {
  return ::kill(process, 0) != 0 && errno == ESRCH;
}

// Of this form, unused, and of a maker that is meant.
void remove_folders(const char* parent, std::string_view prefix,
                    const std::function<bool(pid_t)>& meant) {
  const int folder = ::open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return;
  for (const std::string& name : names_in(folder))
    if (const pid_t maker = maker_of(name, prefix);
        maker > 0 && meant(maker) && is_unused(folder, name))
      remove_tree((std::string(parent) + "/" + name).c_str());
  ::close(folder);
}

} // namespace

Emptied empty_folder(int folder) {
  ::fchmod(folder, S_IRWXU);
  return Emptying(folder).all();
}

Emptied empty_folder(const char* path) {
  if (is_folder(AT_FDCWD, path))
    ::chmod(path, S_IRWXU); // a program may have closed it
  const int folder = ::open(path, folder_flags);
  if (folder < 0)
    return {};
  Emptied result = empty_folder(folder);
  ::close(folder);
  return result;
}

Emptied remove_tree(const char* path) {
  Emptied result = empty_folder(path);
  if (::rmdir(path) == 0)
    ++result.removed;
  else if (result.problem.empty())
    result.problem = std::strerror(errno); // NOLINT(concurrency-mt-unsafe)
  return result;
}

PrivateFolder make_private_folder(const char* parent, const char* prefix) {
  remove_folders(parent, prefix, is_gone);
  PrivateFolder made;
  made.path = std::string(parent) + "/" + prefix + "-" + std::to_string(::getpid()) + "-XXXXXX";
  if (::mkdtemp(made.path.data()) == nullptr)
    return {};
  made.fd = ::open(made.path.c_str(), folder_flags);
  ::flock(made.fd, LOCK_EX | LOCK_NB);
  return made;
}

void remove_folders_of(pid_t maker, const char* parent, const char* prefix) {
  remove_folders(parent, prefix, [maker](pid_t one) { return one == maker; });
}

} // namespace pep554
