// pep554-jail [--life FD] [--write FOLDER] COMMAND [ARG...]: executes a host with what the kernel
// of this machine offers to keep it apart: from the user's processes, files, network, terminal and
// secrets. Ends as the command does, and all of its processes with it; at once when the other end
// of FD is closed.
//
// pep554-jail --probe: prints each measure, a tabulator, and why it is missing; empty if it is
// there.
//
// Three processes: the guard waits, unconfined, for the end of the jail or of its user, and removes
// the private folder. The first process of the jail has the number 1 in its namespace: with it ends
// everything there. The third becomes the command.
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/isolation/process_tree.h"
#include "harness/isolation/remove_tree.h"
#include "harness/jail/confine.h"
#include "harness/jail/namespaces.h"
#include "harness/jail/settings.h"

namespace {

using pep554::jail::Measures;
using pep554::jail::Settings;

constexpr int exit_usage = 2;
constexpr int exit_failed = 126;      // no process or pipe to be had
constexpr int exit_not_started = 127; // as a shell has it

// What the first process reports to the guard.
struct Report {
  enum { no_proc, ended } kind = ended;
  int status = 0; // as waitpid has it
  std::array<char, 120> reason{};
};

void print_failure(const std::vector<std::string>& command) {
  const std::string why = pep554::jail::last_error();
  std::fprintf(stderr, "cannot start %s: %s\n", command[0].c_str(), // NOLINT(cert-err33-c)
               why.c_str());
}

[[noreturn]] void execute(const std::vector<std::string>& command) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command)
    words.push_back(const_cast<char*>(word.c_str())); // execvp takes them so
  words.push_back(nullptr);
  ::execvp(words[0], words.data());
  print_failure(command);
  ::_exit(exit_not_started);
}

[[noreturn]] void print_and_exit(const Measures& measures) {
  for (const auto& measure : measures)
    std::printf("%s\t%s\n", measure.name.c_str(), measure.missing.c_str());
  ::_exit(std::fflush(stdout) == 0 ? 0 : 1);
}

void close_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    ::close(fd);
}

class Jail {
public:
  Jail(Settings settings, bool probe, int life)
      : settings_(std::move(settings)), probe_(probe), life_(life) {}

  int guard() {
    pep554::jail::clean_environment(settings_);
    const char* parent = std::getenv("TMPDIR");
    folder_ = pep554::make_private_folder(parent != nullptr && *parent != 0 ? parent : "/tmp",
                                          "pep554-jail");
    if (!folder_.path.empty())
      ::setenv("TMPDIR", folder_.path.c_str(), 1);
    pep554::jail::enter_user_namespace();
    const int status = run();
    if (!folder_.path.empty())
      pep554::remove_tree(folder_.path.c_str());
    if (WIFEXITED(status))
      return WEXITSTATUS(status);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::signal(WTERMSIG(status), SIG_DFL); // NOLINT(cert-err33-c)
    ::raise(WTERMSIG(status));           // NOLINT(cert-err33-c)
    return exit_failed;
  }

private:
  int run() {
    Report report = start_and_wait("");
    if (report.kind == Report::no_proc)
      report = start_and_wait(report.reason.data());
    return report.status;
  }

  // `no_pids`: why there is no pid namespace; empty: there is one, if the kernel permits it.
  Report start_and_wait(std::string no_pids) {
    Report report;
    report.status = exit_failed << 8U;
    std::array<int, 2> ends{};
    pid_t first = -1;
    const bool piped = ::pipe2(ends.data(), O_CLOEXEC) == 0;
    if (piped && no_pids.empty() && (first = pep554::jail::fork_into_pid_namespace()) < 0)
      no_pids = pep554::jail::last_error();
    if (piped && !no_pids.empty()) {
      ::prctl(PR_SET_CHILD_SUBREAPER, 1); // what the first process leaves is then this one's
      first = ::fork();
    }
    if (first < 0) {
      print_failure(settings_.command);
      return report;
    }
    if (first == 0) {
      ::close(ends[0]);
      be_first(no_pids, ends[1]);
    }
    ::close(ends[1]);
    wait_for(ends[0], report);
    ::kill(first, SIGKILL); // with it ends what is left
    ::waitpid(first, nullptr, 0);
    if (!no_pids.empty())
      pep554::kill_descendants([](pid_t) { return false; });
    ::close(ends[0]);
    return report;
  }

  // Until there is a report, or the other end of `life` is closed.
  void wait_for(int channel, Report& report) const {
    while (true) {
      std::array<pollfd, 2> polled{{{channel, POLLIN, 0}, {life_, 0, 0}}};
      if (::poll(polled.data(), polled.size(), -1) < 0)
        continue;
      if (polled[0].revents != 0) {
        Report got;
        if (::read(channel, &got, sizeof got) == sizeof got)
          report = got;
        else
          report.status = SIGKILL; // it did not come to a report
        return;
      }
      if (polled[1].revents != 0)
        return;
    }
  }

  // The first process of the jail, for as long as the command runs.
  [[noreturn]] void be_first(const std::string& no_pids, int channel) {
    const bool new_pids = no_pids.empty();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::setsid(); // no terminal
    measures_.push_back({"pid namespace", no_pids});
    const auto mounts = pep554::jail::separate(settings_, folder_.path, new_pids, measures_);
    if (new_pids && !mounts.missing_proc.empty()) {
      Report report{Report::no_proc, 0, {}};
      mounts.missing_proc.copy(report.reason.data(), report.reason.size() - 1);
      static_cast<void>(::write(channel, &report, sizeof report));
      ::_exit(0);
    }
    const pid_t command = ::fork();
    if (command == 0)
      be_command(mounts);
    if (command < 0)
      print_failure(settings_.command);
    close_streams(); // their ends are the command's
    ::prctl(PR_SET_DUMPABLE, 0);
    Report report{Report::ended, SIGKILL, {}};
    if (command > 0)
      report.status = reap_until(command);
    if (!new_pids)
      pep554::kill_descendants([](pid_t) { return false; });
    static_cast<void>(::write(channel, &report, sizeof report));
    ::_exit(0);
  }

  static int reap_until(pid_t command) {
    while (true) {
      int status = 0;
      const pid_t pid = ::waitpid(-1, &status, 0);
      if (pid == command || (pid < 0 && errno != EINTR))
        return status;
    }
  }

  [[noreturn]] void be_command(const pep554::jail::Mounts& mounts) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    pep554::jail::drop_privileges(measures_);
    pep554::jail::confine_files(settings_, folder_.path, mounts, measures_);
    pep554::jail::filter_system_calls(settings_, measures_);
    if (probe_)
      print_and_exit(measures_);
    execute(settings_.command);
  }

  Settings settings_;
  bool probe_;
  int life_;
  pep554::PrivateFolder folder_;
  Measures measures_;
};

int usage(const char* problem) {
  std::fprintf(stderr, // NOLINT(cert-err33-c)
               "pep554-jail: %s\nusage: pep554-jail [--life FD] [--write FOLDER] COMMAND [ARG...]\n"
               "       pep554-jail --probe\n",
               problem);
  return exit_usage;
}

} // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words{argv + 1, argv + argc};
  int life = -1;
  std::vector<std::string> writable;
  for (; words.size() > 2 && (words[0] == "--life" || words[0] == "--write");
       words.erase(words.begin(), words.begin() + 2))
    if (words[0] == "--write")
      writable.push_back(words[1]);
    else
      life = std::atoi(words[1].c_str()); // NOLINT(cert-err34-c): a number of the engine's
  if (life >= 0)
    ::fcntl(life, F_SETFD, FD_CLOEXEC);
  const bool probe = words.size() == 1 && words[0] == "--probe";
  if (words.empty() || (!probe && words[0].starts_with("--")))
    return usage(words.empty() ? "no command is given" : "an option is not known");
  Settings settings = pep554::jail::settings_from(std::move(words));
  settings.writable.insert(settings.writable.end(), writable.begin(), writable.end());
  return Jail(std::move(settings), probe, life).guard();
}
