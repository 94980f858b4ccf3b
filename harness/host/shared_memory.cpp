#include "harness/host/shared_memory.h"

#include <fstream>
#include <string>

#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>

#include "harness/host/temporary.h"
#include "harness/isolation/remove_tree.h"

namespace pep554::host {
namespace {

constexpr const char* mount_point = "/dev/shm";
constexpr const char* source = "pep554-host"; // of the mount, by which it is known

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

bool has_own_shared_memory() {
  return own_device() != 0;
}

size_t clear_shared_memory() {
  if (!has_own_shared_memory())
    return 0;
  return (is_there_still() ? empty_folder(mount_point).removed : 0) + remove_system_v();
}

std::int64_t count_shared_memory() {
  if (!has_own_shared_memory())
    return 0;
  return count_files(mount_point) + used_memory().count + used_semaphores().count +
         used_queues().count;
}

} // namespace pep554::host
