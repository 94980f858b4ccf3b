#include "harness/host/shared_memory.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/host/descriptor.h"
#include "harness/host/temporary.h"

namespace pep554::host {
namespace {

namespace fs = std::filesystem;

constexpr const char* mount_point = "/dev/shm";
constexpr const char* source = "pep554-host"; // of the mount, by which it is known
// Pages there are no program's own, and so beyond what limits its memory.
constexpr const char* mount_options = "mode=1777,size=1g";

bool write_text(const char* path, const std::string& text) {
  const Descriptor file(::open(path, O_WRONLY | O_CLOEXEC));
  return file.open() &&
         ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// A user without privileges has them in a user namespace, with an unchanged user id.
bool enter_as_user() {
  const std::string user = std::to_string(::geteuid());
  const std::string group = std::to_string(::getegid());
  return ::unshare(CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWNS) == 0 &&
         write_text("/proc/self/setgroups", "deny") &&
         write_text("/proc/self/uid_map", user + " " + user + " 1") &&
         write_text("/proc/self/gid_map", group + " " + group + " 1");
}

void drop_privileges() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
  ::syscall(SYS_capset, &header, none.data());
}

void mount_own() {
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return; // else everybody would see what follows
  ::mount(source, mount_point, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, mount_options);
}

bool is_within(std::string_view text) {
  return text.find(mount_point) != std::string_view::npos;
}

// Whether something that the host needs is in the machine's.
bool needs_the_machines(std::span<const std::string> words) {
  std::error_code failure;
  const char* temporary = std::getenv("TMPDIR");
  if (is_within(fs::current_path(failure).native()) || is_within(temporary ? temporary : ""))
    return true;
  for (const std::string& word : words)
    if (is_within(word))
      return true;
  return false;
}

// The device of /dev/shm where it is a host's own, else 0. A line has the point of the mount as its
// fifth word; its type and source follow after " - ".
dev_t find_own() {
  std::ifstream mounts("/proc/self/mountinfo");
  bool own = false; // of the last that was mounted there
  for (std::string line; std::getline(mounts, line);)
    if (line.find(std::string(" ") + mount_point + " ") != std::string::npos)
      own = line.find(std::string(" - tmpfs ") + source + " ") != std::string::npos;
  struct stat status = {};
  return own && ::stat(mount_point, &status) == 0 ? status.st_dev : 0;
}

// Once, when the host starts.
dev_t own_device() {
  static const dev_t device = find_own();
  return device;
}

// A program that is root may have taken the mount away: what is below is the machine's.
bool is_there_still() {
  struct stat status = {};
  return has_own_shared_memory() && ::stat(mount_point, &status) == 0 &&
         status.st_dev == own_device();
}

// The three kinds of objects of System V alike. `info` answers with the highest index in use and,
// in its structure, with how many there are.
template <typename Count, typename IdAt, typename Remove>
size_t remove_objects(Count count, IdAt id_at, Remove remove) {
  const auto [highest, used] = count();
  size_t removed = 0;
  for (int index = 0; used > 0 && index <= highest; ++index) {
    const int id = id_at(index);
    removed += id >= 0 && remove(id) == 0 ? 1 : 0;
  }
  return removed;
}

struct Used {
  int highest = -1;
  int count = 0;
};

Used used_memory() {
  shm_info info{};
  const int highest = ::shmctl(0, SHM_INFO, reinterpret_cast<shmid_ds*>(&info)); // as documented
  return {highest, info.used_ids};
}

union Argument { // of semctl, whose caller is to define it
  int value;
  semid_ds* set;
  seminfo* info;
};

Used used_semaphores() {
  seminfo info{};
  Argument argument{};
  argument.info = &info;
  const int highest = ::semctl(0, 0, SEM_INFO, argument);
  return {highest, info.semusz};
}

Used used_queues() {
  msginfo info{};
  const int highest = ::msgctl(0, MSG_INFO, reinterpret_cast<msqid_ds*>(&info)); // as documented
  return {highest, info.msgpool};
}

size_t remove_system_v() {
  const size_t memory = remove_objects(
      used_memory,
      [](int index) {
        shmid_ds about{};
        return ::shmctl(index, SHM_STAT, &about);
      },
      [](int id) { return ::shmctl(id, IPC_RMID, nullptr); });
  const size_t semaphores = remove_objects(
      used_semaphores,
      [](int index) {
        semid_ds about{};
        Argument argument{};
        argument.set = &about;
        return ::semctl(index, 0, SEM_STAT, argument);
      },
      [](int id) { return ::semctl(id, 0, IPC_RMID); });
  const size_t queues = remove_objects(
      used_queues,
      [](int index) {
        msqid_ds about{};
        return ::msgctl(index, MSG_STAT, &about);
      },
      [](int id) { return ::msgctl(id, IPC_RMID, nullptr); });
  return memory + semaphores + queues;
}

} // namespace

void separate_shared_memory(std::span<const std::string> words) {
  const bool mounts = !needs_the_machines(words);
  if (::unshare(CLONE_NEWIPC | CLONE_NEWNS) == 0) {
    if (mounts)
      mount_own();
  } else if (::geteuid() != 0 && enter_as_user()) {
    if (mounts)
      mount_own();
    drop_privileges();
  }
  has_own_shared_memory(); // before there are programs that could change what is seen
}

bool has_own_shared_memory() {
  return own_device() != 0;
}

size_t clear_shared_memory() {
  if (!has_own_shared_memory())
    return 0;
  return (is_there_still() ? empty_folder(mount_point) : 0) + remove_system_v();
}

std::int64_t count_shared_memory() {
  if (!has_own_shared_memory())
    return 0;
  return count_files(mount_point) + used_memory().count + used_semaphores().count +
         used_queues().count;
}

} // namespace pep554::host
