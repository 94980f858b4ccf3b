#include "harness/doctor/conversation.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace pep554 {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr size_t stderr_kept = 8192;

struct Pipes {
  std::array<int, 2> in{-1, -1};
  std::array<int, 2> out{-1, -1};
  std::array<int, 2> err{-1, -1};

  bool make() {
    return ::pipe2(in.data(), O_CLOEXEC) == 0 && ::pipe2(out.data(), O_CLOEXEC) == 0 &&
           ::pipe2(err.data(), O_CLOEXEC) == 0;
  }
};

void close_fd(int& fd) {
  if (fd >= 0)
    ::close(fd);
  fd = -1;
}

int spawn(const std::vector<std::string>& command, const Pipes& pipes, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&actions, pipes.in[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, pipes.out[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, pipes.err[1], STDERR_FILENO);
  sigset_t defaults;
  ::sigemptyset(&defaults);
  ::sigaddset(&defaults, SIGPIPE);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command)
    words.push_back(const_cast<char*>(word.c_str())); // posix_spawn takes them so
  words.push_back(nullptr);
  const int failure = ::posix_spawnp(&pid, words[0], &actions, &attributes, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  return failure;
}

int left_until(Clock::time_point until) {
  const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now()).count();
  return static_cast<int>(std::max<std::int64_t>(0, left));
}

} // namespace

std::unique_ptr<Conversation> Conversation::start(const std::vector<std::string>& command,
                                                  std::string& error) {
  std::unique_ptr<Conversation> made(new Conversation);
  Pipes pipes;
  const int failure = pipes.make() ? spawn(command, pipes, made->pid_) : errno;
  close_fd(pipes.in[0]);
  close_fd(pipes.out[1]);
  close_fd(pipes.err[1]);
  made->in_ = pipes.in[1];
  made->out_ = pipes.out[0];
  made->err_ = pipes.err[0];
  if (failure != 0) {
    made->pid_ = -1;
    error = fmt::format("cannot start {}: {}", command.front(), std::strerror(failure));
    return nullptr;
  }
  for (const int fd : {made->in_, made->out_, made->err_})
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  return made;
}

Conversation::~Conversation() {
  close_fd(in_);
  if (pid_ > 0) {
    ::kill(-pid_, SIGKILL);
    if (program_ > 0)
      ::kill(-program_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  close_fd(out_);
  close_fd(err_);
}

bool Conversation::send(const json& message) {
  return send_bytes(encode_frame(message));
}

bool Conversation::send_bytes(const std::string& bytes) {
  size_t sent = 0;
  while (sent < bytes.size() && in_ >= 0) {
    const ssize_t count = ::write(in_, bytes.data() + sent, bytes.size() - sent);
    if (count > 0)
      sent += static_cast<size_t>(count);
    else if (errno != EAGAIN && errno != EINTR)
      return false;
    pollfd ready{in_, POLLOUT, 0};
    if (sent < bytes.size() && ::poll(&ready, 1, 5'000) == 0)
      return false;
  }
  return in_ >= 0;
}

std::optional<json> Conversation::receive(milliseconds patience) {
  const Clock::time_point until = Clock::now() + patience;
  std::array<char, 65536> portion{};
  while (state_ == State::talking) {
    if (const auto body = frames_.next()) {
      json message = json::parse(*body, nullptr, false);
      if (!message.is_object()) {
        state_ = State::rubbish;
        break;
      }
      if (message.contains("pid") && message["pid"].is_number_integer())
        program_ = message["pid"].get<pid_t>();
      return message;
    }
    if (frames_.broken()) {
      state_ = State::rubbish;
      break;
    }
    std::array<pollfd, 2> ready{{{out_, POLLIN, 0}, {err_, POLLIN, 0}}};
    if (::poll(ready.data(), ready.size(), left_until(until)) == 0)
      state_ = State::silent;
    take_stderr();
    if (ready[0].revents == 0)
      continue;
    const ssize_t size = ::read(out_, portion.data(), portion.size());
    if (size > 0)
      frames_.feed({portion.data(), static_cast<size_t>(size)});
    else if (size == 0 || (errno != EAGAIN && errno != EINTR))
      state_ = State::ended;
  }
  return std::nullopt;
}

void Conversation::hang_up() {
  close_fd(in_);
}

std::optional<int> Conversation::wait(milliseconds patience) {
  const Clock::time_point until = Clock::now() + patience;
  while (pid_ > 0) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      ::kill(-pid_, SIGKILL); // what it left behind
      pid_ = -1;
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    if (left_until(until) == 0)
      return std::nullopt;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return std::nullopt;
}

void Conversation::take_stderr() {
  std::array<char, 4096> portion{};
  ssize_t size = -1;
  while (err_ >= 0 && (size = ::read(err_, portion.data(), portion.size())) > 0)
    said_.append(portion.data(), static_cast<size_t>(size));
  if (size == 0)
    close_fd(err_);
  if (said_.size() > stderr_kept)
    said_.erase(0, said_.size() - stderr_kept);
}

std::string Conversation::last_words() {
  take_stderr();
  const size_t end = said_.find_last_not_of(" \t\r\n");
  if (end == std::string::npos)
    return "";
  const size_t newline = said_.rfind('\n', end);
  const size_t begin = newline == std::string::npos ? 0 : newline + 1;
  return said_.substr(begin, end + 1 - begin);
}

} // namespace pep554
