#include "harness/engine/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sstream>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/engine/orphans.h"
#include "harness/isolation/memory.h"
#include "harness/isolation/process_tree.h"
#include "spec/readable.h"

extern char** environ;

namespace pep554 {
namespace {

// How long a guard may take to remove the private folder of its jail.
constexpr std::chrono::seconds time_to_tidy{5};

using std::chrono::milliseconds;

constexpr size_t stderr_kept = 8192;

struct Pipe {
  int read = -1;
  int write = -1;
};

bool make_pipe(Pipe& made) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return false;
  made = {ends[0], ends[1]};
  return true;
}

void close_fd(int& fd) {
  if (fd >= 0)
    ::close(fd);
  fd = -1;
}

int milliseconds_until(ChildProcess::Clock::time_point until) {
  const auto left =
      std::chrono::duration_cast<milliseconds>(until - ChildProcess::Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

// The child's streams and signals.
class SpawnSettings {
public:
  // Each gets the number of its place; -1: there is none.
  explicit SpawnSettings(const std::array<int, 4>& streams) {
    ::posix_spawn_file_actions_init(&actions);
    for (size_t i = 0; i < streams.size(); ++i)
      if (streams[i] >= 0)
        ::posix_spawn_file_actions_adddup2(&actions, streams[i], static_cast<int>(i));
    ::posix_spawnattr_init(&attributes);
    // Whatever this process ignores or holds back, the child begins with nothing of it.
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes, &signals);
    for (const int number : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP})
      ::sigaddset(&signals, number);
    ::posix_spawnattr_setsigdefault(&attributes, &signals);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

std::string& jail_program() {
  static std::string the_program;
  return the_program;
}

constexpr const char* life_fd = "3"; // of the jail, behind the standard streams

std::vector<std::string> in_jail(const std::vector<std::string>& command,
                                 const std::string& writable) {
  std::vector<std::string> words{jail_program(), "--life", life_fd};
  if (!writable.empty())
    words.insert(words.end(), {"--write", writable});
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

// Answers with 0, or the number of the error.
int spawn(const std::vector<std::string>& command, const SpawnSettings& settings, pid_t& pid) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command)
    words.push_back(const_cast<char*>(word.c_str())); // posix_spawn takes them so
  words.push_back(nullptr);
  const int failure = ::posix_spawnp(&pid, words[0], &settings.actions, &settings.attributes,
                                     words.data(), environ);
  if (failure != 0)
    pid = -1;
  return failure;
}

} // namespace

void start_through(std::string jail) {
  jail_program() = std::move(jail);
}

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(const std::vector<std::string>& command,
                                                          const std::string& writable) {
  std::unique_ptr<ChildProcess> child(new ChildProcess);
  Pipe in;
  Pipe out;
  Pipe err;
  Pipe life;
  int failure = 0;
  const bool jailed = !jail_program().empty();
  if (!make_pipe(in) || !make_pipe(out) || !make_pipe(err) || (jailed && !make_pipe(life)))
    failure = errno;
  else
    child->pid_ = start_known([&] {
      pid_t pid = -1;
      const SpawnSettings settings({in.read, out.write, err.write, life.read});
      failure = spawn(jailed ? in_jail(command, writable) : command, settings, pid);
      return pid;
    });
  close_fd(in.read);
  close_fd(out.write);
  close_fd(err.write);
  close_fd(life.read);
  child->life_ = life.write;
  child->in_ = in.write;
  child->out_ = out.read;
  child->err_ = err.read;
  if (failure != 0)
    return fail(fmt::format("cannot start {}: {}", jailed ? jail_program() : command.front(),
                            std::strerror(failure)));
  for (const int fd : {child->in_, child->out_, child->err_})
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  return child;
}

ChildProcess::~ChildProcess() {
  close_input();
  end();
  close_fd(out_);
  close_fd(err_);
}

bool ChildProcess::write(std::string_view bytes, Clock::time_point until, int stop) {
  while (!bytes.empty() && in_ >= 0) {
    const ssize_t count = ::write(in_, bytes.data(), bytes.size());
    if (count > 0) {
      bytes.remove_prefix(static_cast<size_t>(count));
      continue;
    }
    if (errno != EAGAIN && errno != EINTR)
      return false;
    std::array<pollfd, 2> ready{{{in_, POLLOUT, 0}, {stop, POLLIN, 0}}};
    if (::poll(ready.data(), ready.size(), milliseconds_until(until)) == 0 || ready[1].revents != 0)
      return false;
  }
  return in_ >= 0;
}

ChildProcess::ReadResult ChildProcess::read(FrameReader& frames, Clock::time_point until,
                                            int stop) {
  // poll leaves out what is -1
  std::array<pollfd, 3> ready{{{out_, POLLIN, 0}, {err_, POLLIN, 0}, {stop, POLLIN, 0}}};
  if (::poll(ready.data(), ready.size(), milliseconds_until(until)) == 0)
    return ReadResult::timeout;
  if (ready[2].revents != 0)
    return ReadResult::stopped;
  if (ready[1].revents != 0)
    take_stderr();
  if (ready[0].revents == 0)
    return ReadResult::data;
  std::array<char, 65536> portion; // NOLINT: filled by read
  const ssize_t size = ::read(out_, portion.data(), portion.size());
  if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR))
    return ReadResult::end_of_file;
  if (size > 0)
    frames.feed({portion.data(), static_cast<size_t>(size)});
  return ReadResult::data;
}

void ChildProcess::close_input() {
  close_fd(in_);
}

std::optional<ProcessEnd> ChildProcess::status(Clock::time_point until) const {
  while (pid_ > 0) {
    siginfo_t ended{};
    // Until it is waited for, the number is surely its own.
    if (::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOWAIT | WNOHANG) == 0 &&
        ended.si_pid == pid_)
      return ProcessEnd{ended.si_status, ended.si_code != CLD_EXITED};
    if (Clock::now() >= until)
      return std::nullopt;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return std::nullopt;
}

std::optional<int> ChildProcess::wait(Clock::time_point until) {
  const auto ended = status(until);
  if (ended)
    end(); // with what it left behind
  return ended ? std::optional(ended->number + (ended->by_signal ? 128 : 0)) : std::nullopt;
}

void ChildProcess::end() {
  if (pid_ <= 0)
    return;
  if (life_ >= 0) {
    close_fd(life_); // its guard ends the jail, and tidies up
    status(Clock::now() + time_to_tidy);
  }
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL); // in case it has not yet come to be the leader of its group
  ::waitpid(pid_, nullptr, 0);
  forget_known(pid_);
  pid_ = -1;
  end_orphans();
}

pid_t ChildProcess::command_pid() const {
  if (life_ < 0)
    return pid_;
  for (const pid_t first : children_of(pid_)) // the first process of the jail; it has one child
    for (const pid_t command : children_of(first))
      return command;
  return -1;
}

void ChildProcess::resume() {
  const pid_t command = command_pid();
  const int pidfd = command < 0 ? -1 : static_cast<int>(::syscall(SYS_pidfd_open, command, 0));
  if (pidfd >= 0 && command_pid() == command) // the number was not another's meanwhile
    ::syscall(SYS_pidfd_send_signal, pidfd, SIGCONT, nullptr, 0);
  ::close(pidfd);
}

std::uint64_t ChildProcess::memory(std::uint64_t enough) const {
  return pid_ <= 0 ? 0 : memory_of(descendants_of(pid_), enough);
}

void ChildProcess::take_stderr() {
  constexpr int most_portions = 256; // a full pipe, whatever its size; more may come meanwhile
  std::array<char, 4096> portion{};
  ssize_t size = -1;
  for (int count = 0; count < most_portions && err_ >= 0 &&
                      (size = ::read(err_, portion.data(), portion.size())) > 0;
       ++count) {
    stderr_tail_.append(portion.data(), static_cast<size_t>(size));
    if (stderr_tail_.size() > stderr_kept)
      stderr_tail_.erase(0, stderr_tail_.size() - stderr_kept);
  }
  if (size == 0)
    close_fd(err_);
}

const std::string& ChildProcess::stderr_tail() {
  take_stderr();
  return stderr_tail_;
}

std::string ChildProcess::last_stderr_line() {
  take_stderr();
  const size_t end = stderr_tail_.find_last_not_of(" \t\r\n");
  if (end == std::string::npos)
    return {};
  const size_t newline = stderr_tail_.rfind('\n', end);
  const size_t begin = newline == std::string::npos ? 0 : newline + 1;
  return stderr_tail_.substr(begin, end + 1 - begin);
}

std::string ChildProcess::with_stderr(const std::string& reason) {
  constexpr std::ptrdiff_t most_lines = 4;
  constexpr size_t most_bytes = 600;
  take_stderr();
  std::vector<std::string> lines;
  std::istringstream all(stderr_tail_);
  for (std::string line; std::getline(all, line);)
    if (line.find_first_not_of(" \t\r") != std::string::npos &&
        line.find(reason) == std::string::npos)
      lines.push_back(on_one_line(line.substr(line.find_first_not_of(' '))));
  lines.erase(lines.begin(), lines.end() - std::min(std::ssize(lines), most_lines));
  std::string tail = fmt::format("{}", fmt::join(lines, " | "));
  if (tail.size() > most_bytes)
    tail.replace(0, tail.size() - most_bytes, "...");
  return tail.empty() ? reason : fmt::format("{}; its standard error: {}", reason, tail);
}

} // namespace pep554
