// What a command can do in a jail, and what is left of it.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "harness/jail/namespaces.h"
#include "harness/jail/settings.h"
#include "harness/testing/scratch_folder.h"
#include "harness/tests/command.h"

namespace pep554::test {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string jail_program = PEP554_BUILD_DIR "/bin/pep554-jail"; // NOLINT(cert-err58-cpp)

Finished in_jail(const std::vector<std::string>& command) {
  std::vector<std::string> words{jail_program};
  words.insert(words.end(), command.begin(), command.end());
  return run(words);
}

Finished python_in_jail(const std::string& code) {
  return in_jail({PEP554_TEST_PYTHON, "-I", "-c", code});
}

struct Attempt {
  const char* name;
  const char* measure; // without which it cannot be refused
  const char* code;    // Python
  const char* prints;
};

void PrintTo(const Attempt& one, std::ostream* out) {
  *out << one.name;
}

constexpr const char* prelude = R"(
import ctypes, errno, os, signal, socket, sys, fcntl
libc = ctypes.CDLL(None, use_errno=True)
def call(*arguments):
    done = libc.syscall(*[ctypes.c_long(one) for one in arguments])
    return "done" if done >= 0 else errno.errorcode[ctypes.get_errno()]
def terminal():  # its own, into which the kernel may let it put input
    os.setsid()
    file = os.openpty()[1]
    fcntl.ioctl(file, 0x540E, 0)
    return file
def attempt(function, *arguments):
    try:
        function(*arguments)
        return "done"
    except OSError as problem:
        return errno.errorcode[problem.errno]
)";

// NOLINTNEXTLINE(cert-err58-cpp)
const std::vector<Attempt> attempts{
    {"socket_of_inet", "seccomp", "print(attempt(socket.socket))", "EACCES"},
    {"socket_of_64_bits", "seccomp", "print(call(41, (1 << 32) | 2, 1, 0))", "EACCES"},
    {"sockets_of_all_other_families", "seccomp",
     "print({call(41, family, 3, 0) for family in range(2, 64)})", "{'EACCES'}"},
    {"socket_of_unix", "seccomp", "print(attempt(socket.socket, socket.AF_UNIX))", "done"},
    {"ring_of_requests", "seccomp", "print(call(425, 1, 0))", "ENOSYS"},
    {"input_to_a_terminal", "seccomp", "print(attempt(fcntl.ioctl, terminal(), 0x5412, b'x'))",
     "EPERM"},
    {"input_by_64_bits", "seccomp", "print(call(16, terminal(), (1 << 32) | 0x5412, 0))", "EPERM"},
    {"tracing", "seccomp", "print(call(101, 0, 0, 0, 0))", "EPERM"}, // PTRACE_TRACEME
    {"capabilities", "no capabilities",
     "print(open('/proc/self/status').read().split('CapPrm:')[1].split()[0])", "0000000000000000"},
    {"new_privileges", "no_new_privs", "print(libc.prctl(39, 0, 0, 0, 0))", "1"},
    {"mounts", "no capabilities", "print(attempt(os.chroot, '/'))", "EPERM"},
    {"writing_to_tmp", "landlock",
     "print(attempt(open, '/tmp/pep554-jail-test', 'w') in ('EACCES', 'EROFS'))", "True"},
    {"modes_of_files", "read-only files", "print(attempt(os.chmod, '/tmp', 0o1777))", "EROFS"},
    {"times_of_files", "read-only files", "print(attempt(os.utime, '/tmp'))", "EROFS"},
    {"modes_of_private_files", "read-only files",
     "print(attempt(os.chmod, os.environ['TMPDIR'], 0o700))", "done"},
    {"devices", "landlock", "print(attempt(os.listdir, '/dev'), attempt(open, '/dev/console'))",
     "EACCES EACCES"},
    {"own_terminals", "mount namespace", "print(attempt(os.openpty))", "done"},
    {"keyrings", "seccomp", "print(call(250, 0, -3, 0))", "EPERM"}, // KEYCTL_GET_KEYRING_ID
    {"writing_to_the_private_folder", "landlock",
     "print(attempt(open, os.environ['TMPDIR'] + '/file', 'w'))", "done"},
    {"a_large_file", "limited files",
     "file = os.open(os.environ['TMPDIR'] + '/file', os.O_CREAT | os.O_WRONLY)\n"
     "print(attempt(os.posix_fallocate, file, 0, 1100 << 20))",
     "ENOSPC"},
    {"shared_memory", "mount namespace", "print(os.listdir('/dev/shm'))", "[]"},
    {"other_processes", "pid namespace",
     "print([one for one in os.listdir('/proc') if one.isdigit()])", "['1', '2']"},
    {"its_first_process", "pid namespace", "print(attempt(os.kill, 1, 9))", "EPERM"},
};

class Jail : public testing::TestWithParam<Attempt> {};

TEST_P(Jail, Answers) {
  const auto reasons = missing_isolation();
  if (const auto found = reasons.find(GetParam().measure); found != reasons.end())
    GTEST_SKIP() << "this machine has no " << found->first << ": " << found->second;
  const Finished finished = python_in_jail(std::string(prelude) + GetParam().code);
  EXPECT_EQ(finished.out, std::string(GetParam().prints) + "\n") << finished.err;
}

INSTANTIATE_TEST_SUITE_P(Jails, Jail, testing::ValuesIn(attempts),
                         [](const auto& one) { return std::string(one.param.name); });

// The attempt of Python code outside, and in a jail.
std::pair<std::string, std::string> out_and_in(const std::string& code) {
  return {run({PEP554_TEST_PYTHON, "-I", "-c", prelude + code}).out,
          python_in_jail(prelude + code).out};
}

TEST(JailFiles, OfTheUserCannotBeRead) {
  if (missing_isolation().contains("landlock"))
    GTEST_SKIP() << "this machine has no landlock";
  const ScratchFolder scratch;
  std::ofstream(scratch.path() / "secret") << "text";
  EXPECT_EQ(out_and_in("print(attempt(open, '" + (scratch.path() / "secret").native() + "'))"),
            std::pair(std::string("done\n"), std::string("EACCES\n")));
}

// Python gives its child a terminal.
TEST(JailTerminal, OfTheUserCannotBeOpened) {
  const std::string code = std::string(prelude) + "print(attempt(open, '/dev/tty', 'w'))";
  const auto on_a_terminal = [&code](const std::string& launcher) {
    return run({PEP554_TEST_PYTHON, "-c", "import pty, sys; pty.spawn(sys.argv[1:])", launcher,
                PEP554_TEST_PYTHON, "-I", "-c", code})
        .out;
  };
  EXPECT_EQ(on_a_terminal("/usr/bin/env"), "done\r\n");
  EXPECT_EQ(on_a_terminal(jail_program), "ENXIO\r\n");
}

// One that is open outside has a name there, and another one, or none, in the jail.
TEST(JailTerminal, OfOthersIsNotThere) {
  if (missing_isolation().contains("mount namespace"))
    GTEST_SKIP() << "this machine has no mount namespace";
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  ASSERT_GE(terminal, 0);
  EXPECT_EQ(out_and_in("print(sorted(os.listdir('/dev/pts')) == ['ptmx'])"),
            std::pair(std::string("False\n"), std::string("True\n")));
  ::close(terminal);
}

TEST(JailEnd, IsThatOfTheCommand) {
  EXPECT_EQ(in_jail({"sh", "-c", "exit 7"}).code, 7);
  EXPECT_EQ(in_jail({"sh", "-c", "kill -SEGV $$"}).code, -1);
  const Finished finished = in_jail({"no-such-command"});
  EXPECT_EQ(finished.code, 127);
  EXPECT_EQ(finished.err, "cannot start no-such-command: No such file or directory\n");
}

TEST(JailEnd, IsTheEndOfEverythingInIt) {
  const Finished finished = in_jail({"sh", "-c", "for i in 1 2 3; do setsid sleep 100 & done"});
  EXPECT_EQ(finished.code, 0);
  EXPECT_THAT(finished.left, IsEmpty());
}

// Inside of another jail, which permits no mounts, there is less to be had.
TEST(JailWithLess, SaysWhatIsMissingAndEndsEverything) {
  const Finished probe = in_jail({jail_program, "--probe"});
  EXPECT_THAT(probe.out, HasSubstr("pid namespace\tneeds a mount namespace\n"));
  EXPECT_THAT(probe.out, HasSubstr("seccomp\t\n"));
  const Finished finished =
      in_jail({jail_program, "sh", "-c", "setsid sleep 100 & echo $(cat /proc/1/comm); exit 3"});
  EXPECT_EQ(finished.code, 3);
  EXPECT_EQ(finished.out, "pep554-jail\n") << finished.err;
  EXPECT_THAT(finished.left, IsEmpty());
}

TEST(JailEnd, LeavesNoFolder) {
  const ScratchFolder scratch;
  ::setenv("TMPDIR", scratch.path().c_str(), 1);
  const Finished finished = in_jail({"sh", "-c", "mkdir -p $TMPDIR/a/b; echo $TMPDIR"});
  ::unsetenv("TMPDIR");
  EXPECT_THAT(finished.out, HasSubstr((scratch.path() / "pep554-jail-").native()));
  EXPECT_TRUE(fs::is_empty(scratch.path()));
}

// Its user holds the other end of a pipe.
TEST(JailEnd, FollowsTheEndOfItsUser) {
  const auto begin = std::chrono::steady_clock::now();
  const Finished finished =
      run({"sh", "-c", "sleep 0.2 | " + jail_program + " --life 0 setsid sleep 100; exit 3"});
  EXPECT_EQ(finished.code, 3);
  EXPECT_THAT(finished.left, IsEmpty());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST(JailEnd, FollowsTheEndOfItsUserWithoutAPidNamespace) {
  if (missing_isolation().contains("pid namespace"))
    GTEST_SKIP() << "this machine has no namespaces";
  const Finished finished =
      run({"unshare", "-r", "sh", "-c",
           "echo 0 >/proc/sys/user/max_pid_namespaces && sleep 0.2 | " + jail_program +
               " --life 0 sh -c 'setsid sleep 100 & sleep 100' >/dev/null 2>&1; exit 3"});
  EXPECT_EQ(finished.code, 3) << finished.err;
  EXPECT_THAT(finished.left, IsEmpty());
}

TEST(JailEnvironment, HasNoSecrets) {
  ::setenv("CI_TOKEN", "secret", 1);
  ::setenv("LC_PAPER", "C", 1);
  EXPECT_THAT(in_jail({"env"}).out, Not(HasSubstr("secret")));
  EXPECT_THAT(in_jail({"env"}).out, HasSubstr("LC_PAPER=C"));
  ::setenv("PEP554_ENV", "OTHER:CI_TOKEN", 1);
  EXPECT_THAT(in_jail({"env"}).out, HasSubstr("CI_TOKEN=secret"));
  ::unsetenv("PEP554_ENV");
  ::unsetenv("CI_TOKEN");
}

// On a kernel where it is not the namespace's own, nothing else would notice.
TEST(JailTasks, OfTheSystemAreNotLimited) {
  const std::string before = read_file("/proc/sys/kernel/pid_max");
  EXPECT_EQ(in_jail({"true"}).code, 0);
  EXPECT_EQ(read_file("/proc/sys/kernel/pid_max"), before);
}

TEST(JailTasks, AreLimitedFromLinux6_14On) {
  for (const char* old : {"", "6", "5.19.0", "6.1.0-35-amd64", "6.13.12", "Linux"})
    EXPECT_FALSE(jail::has_own_task_limit(old)) << old;
  for (const char* late : {"6.14.0-1-generic", "6.18.44", "7.0.0-rc1", "10.1"})
    EXPECT_TRUE(jail::has_own_task_limit(late)) << late;
}

TEST(JailFolders, AreThoseOfTheCommandsWords) {
  const ScratchFolder scratch;
  const fs::path& top = scratch.path();
  for (const char* folder : {"venv/bin", "base/bin", "modules", "plugins"})
    fs::create_directories(top / folder);
  std::ofstream(top / "base/bin/python") << "";
  fs::create_symlink(top / "base/bin/python", top / "venv/bin/python");
  std::ofstream(top / "plugins/mine.so") << "";
  EXPECT_THAT(jail::folders_of({top / "venv/bin/python", "path=" + (top / "modules").native(),
                                top / "plugins/mine.so", "adapter=auto", "/nowhere/x"}),
              testing::ElementsAre(top / "base", top / "modules", top / "plugins", top / "venv"));
  EXPECT_THAT(jail::folders_of({"sh"}), Contains("/usr"));
}

} // namespace
} // namespace pep554::test
