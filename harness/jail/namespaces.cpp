#include "harness/jail/namespaces.h"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace pep554::jail {
namespace {

namespace fs = std::filesystem;

constexpr const char* shm = "/dev/shm";
constexpr const char* shm_source = "pep554-host"; // by which hosts know that it is their own
// Pages there are no process's own, and so beyond what limits its memory.
constexpr const char* shm_options = "mode=1777,size=1g";
constexpr const char* folder_options = "mode=0700,size=1g";
// Processes and threads at a time, in the whole namespace; from Linux 6.14 on.
constexpr const char* most_tasks = "600";

bool write_text(const char* path, const std::string& text) {
  const int file = ::open(path, O_WRONLY | O_CLOEXEC);
  const bool good =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(file);
  return good;
}

// Whether something that the host needs is in the system's /dev/shm.
bool needs_systems_shm(const Settings& settings, const std::string& folder) {
  std::error_code failure;
  const auto within = [](const std::string& text) { return text.find(shm) != std::string::npos; };
  bool needed = within(fs::current_path(failure).native()) || within(folder);
  for (const std::string& word : settings.command)
    needed = needed || within(word);
  return needed;
}

Measure limit_tasks() {
  utsname system{};
  Measure limited{"limited processes", ""};
  if (::uname(&system) != 0 || !has_own_task_limit(system.release))
    limited.missing = "needs Linux 6.14";
  else if (!write_text("/proc/sys/kernel/pid_max", most_tasks))
    limited.missing = last_error();
  return limited;
}

bool set_read_only(const char* path, bool wanted, unsigned flags) {
  mount_attr attributes{};
  (wanted ? attributes.attr_set : attributes.attr_clr) = MOUNT_ATTR_RDONLY;
  return ::syscall(SYS_mount_setattr, AT_FDCWD, path, flags, &attributes, sizeof attributes) == 0;
}

bool is_read_only(const std::string& path) {
  struct statvfs about = {};
  return ::statvfs(path.c_str(), &about) != 0 || (about.f_flag & ST_RDONLY) != 0;
}

// Also what Landlock does not know, such as modes, owners and times, is then left as it is. What
// may be written becomes a mount of its own; what is read-only, and what is mounted below that is,
// stays so.
Measure make_read_only(const Settings& settings, const std::string& folder) {
  std::vector<std::string> writable{folder};
  for (const std::string& path : settings.writable)
    if (!is_read_only(path))
      writable.push_back(path);
  Measure done{"read-only files", ""};
  for (const std::string& path : writable)
    if (::mount(path.c_str(), path.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0)
      done.missing = last_error();
  if (done.missing.empty() && !set_read_only("/", true, AT_RECURSIVE))
    done.missing = errno == ENOSYS ? "needs Linux 5.12" : last_error();
  if (done.missing.empty())
    for (const std::string& path : writable)
      if (!set_read_only(path.c_str(), false, 0))
        done.missing = path + " cannot be written: " + last_error();
  return done;
}

// Terminals of the jail alone: those of the user have other numbers in another file system.
bool mount_terminals() {
  return ::mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
                 "newinstance,ptmxmode=0666,mode=0620") == 0 &&
         ::mount("/dev/pts/ptmx", "/dev/ptmx", nullptr, MS_BIND, nullptr) == 0;
}

Measure enter(const char* name, int flag) {
  return {name, ::unshare(flag) == 0 ? "" : last_error()};
}

} // namespace

bool has_own_task_limit(std::string_view release) {
  std::istringstream text{std::string(release)};
  int major = 0;
  int minor = 0;
  char dot = 0;
  return text >> major >> dot >> minor && std::pair(major, minor) >= std::pair(6, 14);
}

void enter_user_namespace() {
  if (::unshare(CLONE_NEWNS) == 0) // a trial: the first process makes its own again
    return;
  const std::string user = std::to_string(::geteuid());
  const std::string group = std::to_string(::getegid());
  if (::unshare(CLONE_NEWUSER) != 0)
    return;
  write_text("/proc/self/setgroups", "deny");
  write_text("/proc/self/uid_map", user + " " + user + " 1");
  write_text("/proc/self/gid_map", group + " " + group + " 1");
}

// By clone, whose flag is the child's alone: after unshare, this process could start no other child
// outside of the namespace, should it turn out to be of no use.
pid_t fork_into_pid_namespace() {
  return static_cast<pid_t>(
      ::syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
}

Mounts separate(const Settings& settings, const std::string& folder, bool new_pids,
                Measures& measures) {
  Mounts mounts;
  Measure own = enter("mount namespace", CLONE_NEWNS);
  if (own.missing.empty() && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    own.missing = last_error(); // else everybody would see what follows
  measures.push_back(own);
  measures.push_back(enter("ipc namespace", CLONE_NEWIPC));
  if (!settings.network)
    measures.push_back(enter("network namespace", CLONE_NEWNET));
  if (!own.missing.empty()) {
    mounts.missing_proc = "needs a mount namespace";
    return mounts;
  }
  measures.push_back(make_read_only(settings, folder));
  mounts.terminals = mount_terminals();
  if (new_pids && ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0)
    mounts.missing_proc = "/proc cannot be mounted: " + last_error();
  if (new_pids && mounts.missing_proc.empty())
    measures.push_back(limit_tasks());
  mounts.shm =
      !needs_systems_shm(settings, folder) &&
      ::mount(shm_source, shm, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, shm_options) == 0;
  Measure files{"limited files", ""};
  if (::mount("pep554", folder.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, folder_options) != 0)
    files.missing = last_error();
  measures.push_back(files);
  return mounts;
}

} // namespace pep554::jail
