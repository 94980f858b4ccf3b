#include "harness/jail/confine.h"

#include <array>
#include <cerrno>
#include <cstdint>

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <linux/securebits.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace pep554::jail {
namespace {

// Rights of Landlock that 6.1's header does not have yet, and its attribute as of version 6.
constexpr std::uint64_t scope_abstract_sockets = 1;
constexpr std::uint64_t scope_signals = 2;
struct Ruleset {
  std::uint64_t files = 0;
  std::uint64_t network = 0;
  std::uint64_t scoped = 0;
};

constexpr std::uint64_t to_read =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t of_a_file =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
constexpr std::uint64_t to_write_2 = // all of version 2, which is the first that permits renaming
    (std::uint64_t{LANDLOCK_ACCESS_FS_REFER} << 1U) - 1;
constexpr std::uint64_t to_truncate = std::uint64_t{1} << 14U; // from version 3 on

constexpr std::array system_folders{"/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin",   "/etc",
                                    "/opt", "/nix", "/proc",  "/sys",   "/run", "/dev/shm"};
constexpr std::array devices{"/dev/null",   "/dev/zero",    "/dev/full",
                             "/dev/random", "/dev/urandom", "/dev/tty"};
constexpr std::array terminals{"/dev/ptmx", "/dev/pts"}; // where they are the jail's own

class Landlock {
public:
  explicit Landlock(long version) : all_(to_write_2 | (version >= 3 ? to_truncate : 0)) {
    const Ruleset wanted{all_, 0, version >= 6 ? scope_abstract_sockets | scope_signals : 0};
    fd_ = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &wanted,
                                     version >= 6 ? sizeof wanted : sizeof wanted.files, 0));
  }
  ~Landlock() { ::close(fd_); }
  Landlock(const Landlock&) = delete;
  Landlock& operator=(const Landlock&) = delete;

  void allow_reading(const char* path) { add(path, to_read); }
  void allow_all(const char* path) { add(path, all_); }
  bool restrict_self() { return fd_ >= 0 && ::syscall(SYS_landlock_restrict_self, fd_, 0) == 0; }

private:
  // A path that is not there needs no rule.
  void add(const char* path, std::uint64_t rights) {
    const int at = ::open(path, O_PATH | O_CLOEXEC);
    struct stat status = {};
    if (at < 0 || ::fstat(at, &status) != 0)
      return;
    if (!S_ISDIR(status.st_mode))
      rights &= of_a_file | (all_ & to_truncate);
    const landlock_path_beneath_attr rule{rights, at};
    ::syscall(SYS_landlock_add_rule, fd_, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    ::close(at);
  }

  std::uint64_t all_;
  int fd_ = -1;
};

// Arguments of 32 bits are compared as such: the kernel takes no notice of the upper half.
constexpr std::uint64_t low_half = 0xFFFFFFFF;

// Sockets of one family only. A rule cannot say "unless", so it is refused by each bit that
// differs.
bool refuse_other_families(scmp_filter_ctx filter, std::uint64_t allowed) {
  bool good = true;
  for (unsigned bit = 0; bit < 32; ++bit) {
    const std::uint64_t mask = std::uint64_t{1} << bit;
    const scmp_arg_cmp differs{0, SCMP_CMP_MASKED_EQ, mask, ~allowed & mask};
    good =
        good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 1, differs) == 0;
  }
  return good;
}

bool load(scmp_filter_ctx filter, const Settings& settings) {
  // Without this, kernels before 5.16 slow down all code of a filtered process.
  bool good = seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1) == 0;
  if (!settings.network)
    good = good && refuse_other_families(filter, AF_UNIX) &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(io_uring_setup), 0) == 0;
  constexpr std::array<std::uint64_t, 2> inputs{0x5412, 0x541C}; // TIOCSTI, TIOCLINUX
  for (const std::uint64_t request : inputs) {
    const scmp_arg_cmp is_request{1, SCMP_CMP_MASKED_EQ, low_half, request};
    good = good &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1, is_request) == 0;
  }
  for (const int call :
       {SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
        SCMP_SYS(pidfd_getfd), SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(request_key)})
    good = good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0) == 0;
  return good && seccomp_load(filter) == 0;
}

} // namespace

void drop_privileges(Measures& measures) {
  Measure dropped{"no capabilities", ""};
  constexpr int root_is_nobody = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED |
                                 SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
  if (::geteuid() == 0 && ::prctl(PR_SET_SECUREBITS, root_is_nobody) != 0 &&
      (::prctl(PR_GET_SECUREBITS) & SECBIT_NOROOT) == 0) // it may be so already
    dropped.missing = last_error();
  for (int capability = 0; capability <= CAP_LAST_CAP; ++capability)
    ::prctl(PR_CAPBSET_DROP, capability);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
  if (::syscall(SYS_capset, &header, none.data()) != 0)
    dropped.missing = last_error();
  measures.push_back(dropped);
  Measure no_new{"no_new_privs", ""};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    no_new.missing = last_error();
  measures.push_back(no_new);
}

void confine_files(const Settings& settings, const std::string& folder, const Mounts& mounts,
                   Measures& measures) {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1);
  Measure done{"landlock", ""};
  if (version < 2) {
    done.missing = version < 0 ? last_error() : "needs Linux 5.19";
  } else {
    Landlock landlock(version);
    for (const char* path : system_folders)
      landlock.allow_reading(path);
    for (const std::string& path : settings.readable)
      landlock.allow_reading(path.c_str());
    for (const char* path : devices)
      landlock.allow_all(path);
    landlock.allow_all(folder.c_str());
    for (const std::string& path : settings.writable)
      landlock.allow_all(path.c_str());
    if (mounts.shm)
      landlock.allow_all("/dev/shm");
    if (mounts.terminals)
      for (const char* path : terminals)
        landlock.allow_all(path);
    if (!landlock.restrict_self())
      done.missing = last_error();
  }
  measures.push_back(done);
}

void filter_system_calls(const Settings& settings, Measures& measures) {
  Measure done{"seccomp", ""};
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (filter == nullptr || !load(filter, settings))
    done.missing = last_error();
  seccomp_release(filter);
  measures.push_back(done);
}

} // namespace pep554::jail
