#include "harness/engine/host_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

extern char** environ;

namespace pep554 {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

// How long a host may take beyond a program's deadline to kill it and say so.
constexpr milliseconds grace{5'000};
// How many times its deadline a program may have that waits for a processor, as PROTOCOL.md has it.
constexpr int most_deadlines = 3;
constexpr size_t stderr_kept = 4096;
constexpr int protocol_version = 1;

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

void set_nonblocking(int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

int milliseconds_until(std::chrono::steady_clock::time_point until) {
  const auto left =
      std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

// The last line that says something.
std::string last_line(std::string_view text) {
  const size_t end = text.find_last_not_of(" \t\r\n");
  if (end == std::string_view::npos)
    return {};
  text = text.substr(0, end + 1);
  const size_t newline = text.rfind('\n');
  return std::string(newline == std::string_view::npos ? text : text.substr(newline + 1));
}

pid_t spawn_with(const std::vector<std::string>& command, int in, int out, int err, int& failure) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  // A group of its own: a terminal's Ctrl-C is for pep554, which then ends its hosts in order.
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command)
    arguments.push_back(const_cast<char*>(word.c_str())); // posix_spawn takes them so
  arguments.push_back(nullptr);
  pid_t pid = -1;
  failure = posix_spawnp(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failure == 0 ? pid : -1;
}

// Why a first message that is JSON is no greeting that we understand.
std::string objection_to(const json& message, const std::string& host) {
  if (message.at("msg") == "refused")
    return message.at("reason").get<std::string>();
  if (message.at("msg") == "hello")
    return fmt::format("{} speaks version {} of the host protocol, this pep554 speaks version {}",
                       host, message.value("protocol", json()).dump(), protocol_version);
  return fmt::format("{} began with a message {} instead of \"hello\"", host,
                     message.at("msg").dump());
}

Hello hello_from(const json& message) {
  Hello hello;
  const json& plugin = message.at("plugin");
  hello.plugin = plugin.value("name", "");
  hello.version = plugin.value("version", "");
  for (const json& fact : message.at("facts"))
    hello.facts.emplace_back(fact.at(0).get<std::string>(), fact.at(1).get<std::string>());
  hello.extensions = message.value("extensions", std::vector<std::string>{});
  hello.lacks = message.value("lacks", "");
  hello.fresh = message.value("fresh", false);
  hello.temporary = message.value("temporary", "");
  return hello;
}

// Adds one message about a running program to its history; true when it was the last.
bool absorb(const json& message, History& history, pid_t& pid) {
  const auto kind = message.at("msg").get<std::string>();
  if (kind == "begin") {
    pid = message.at("pid").get<pid_t>();
  } else if (kind == "event") {
    history.events.push_back(event_from(message));
  } else if (kind == "output") {
    (message.at("fd").get<int>() == 2 ? history.err : history.out) +=
        message.at("text").get<std::string>();
  } else if (kind == "trace") {
    history.trace += message.at("text").get<std::string>();
  } else if (kind == "end") {
    history.ending = ending_from(message);
    history.microseconds = message.value("us", std::int64_t{0});
    return true;
  }
  return false;
}

} // namespace

std::unique_ptr<HostProcess> HostProcess::start(const std::vector<std::string>& command,
                                                milliseconds patience, std::string& error) {
  std::unique_ptr<HostProcess> host(new HostProcess);
  if (!host->spawn(command, error))
    return nullptr;
  const std::string body = host->receive(Clock::now() + patience);
  try {
    const json message = json::parse(body);
    if (message.at("msg") == "hello" && message.value("protocol", json()) == protocol_version) {
      host->hello_ = hello_from(message);
      return host;
    }
    error = objection_to(message, command.front());
  } catch (const json::exception&) {
    error = host->no_greeting(command.front(), patience, !body.empty());
  }
  return nullptr;
}

// Why there was no greeting, and the last that it said on its standard error.
std::string HostProcess::no_greeting(const std::string& program, milliseconds patience,
                                     bool spoke) {
  const std::string why = spoke || frames_.broken() ? "did not greet, but spoke rubbish"
                          : alive_                  ? fmt::format("gave no greeting within {:g} s",
                                                                  static_cast<double>(patience.count()) / 1000)
                                                    : "ended without a greeting";
  take_stderr();
  const std::string said = last_line(said_);
  return fmt::format("{} {}{}{}", program, why, said.empty() ? "" : ": ", said);
}

HostProcess::~HostProcess() {
  close_fd(requests_); // the end of its input tells the host to leave, with all it started
  if (pid_ > 0 && alive_) {
    const Clock::time_point until = Clock::now() + milliseconds(1'000);
    while (alive_ && !receive(until).empty()) {
    }
  }
  kill_all();
  close_fd(answers_);
  close_fd(stderr_);
}

bool HostProcess::spawn(const std::vector<std::string>& command, std::string& error) {
  Pipe in;
  Pipe out;
  Pipe err;
  int failure = 0;
  if (!make_pipe(in) || !make_pipe(out) || !make_pipe(err))
    failure = errno;
  else
    pid_ = spawn_with(command, in.read, out.write, err.write, failure);
  close_fd(in.read);
  close_fd(out.write);
  close_fd(err.write);
  requests_ = in.write;
  answers_ = out.read;
  stderr_ = err.read;
  if (pid_ <= 0) {
    error = fmt::format("cannot start {}: {}", command.front(), std::strerror(failure));
    return false;
  }
  for (const int fd : {requests_, answers_, stderr_})
    set_nonblocking(fd);
  alive_ = true;
  return true;
}

History HostProcess::run(const Program& program, Birth birth) {
  History history;
  history.ending.how = Ending::How::lost;
  program_pid_ = -1;
  const Clock::time_point until = Clock::now() + most_deadlines * program.limits.deadline + grace;
  json request{{"msg", "run"}, {"id", next_id_++}, {"program", to_json(program)}};
  if (birth == Birth::fresh)
    request["fresh"] = true;
  try {
    bool ended = false;
    alive_ = alive_ && send(encode_frame(request), until);
    while (alive_ && !ended) {
      const std::string body = receive(until);
      if (body.empty())
        alive_ = false;
      else
        ended = absorb(json::parse(body), history, program_pid_);
    }
  } catch (const json::exception& error) {
    alive_ = false;
    history.ending.note = fmt::format("the host spoke rubbish: {}", error.what());
  }
  if (!alive_) {
    take_stderr();
    history.err += said_;
    kill_all();
  }
  return history;
}

bool HostProcess::send(const std::string& frame, Clock::time_point until) {
  size_t sent = 0;
  while (sent < frame.size()) {
    const ssize_t count = ::write(requests_, frame.data() + sent, frame.size() - sent);
    if (count > 0) {
      sent += static_cast<size_t>(count);
      continue;
    }
    if (errno != EAGAIN && errno != EINTR)
      return false;
    pollfd ready{requests_, POLLOUT, 0};
    if (::poll(&ready, 1, milliseconds_until(until)) == 0)
      return false;
  }
  return true;
}

std::string HostProcess::receive(Clock::time_point until) {
  std::array<char, 65536> portion{};
  while (true) {
    if (auto body = frames_.next())
      return *body;
    std::array<pollfd, 2> ready{{{answers_, POLLIN, 0}, {stderr_, POLLIN, 0}}};
    const int count = ::poll(ready.data(), stderr_ < 0 ? 1 : 2, milliseconds_until(until));
    if (count == 0 || frames_.broken())
      return {};
    if (ready[1].revents != 0)
      take_stderr();
    if (ready[0].revents == 0)
      continue;
    const ssize_t size = ::read(answers_, portion.data(), portion.size());
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) {
      alive_ = false;
      return {};
    }
    if (size > 0)
      frames_.feed({portion.data(), static_cast<size_t>(size)});
  }
}

void HostProcess::take_stderr() {
  std::array<char, 4096> portion{};
  ssize_t size = -1;
  while (stderr_ >= 0 && (size = ::read(stderr_, portion.data(), portion.size())) > 0)
    said_.append(portion.data(), static_cast<size_t>(size));
  if (size == 0)
    close_fd(stderr_);
  if (said_.size() > stderr_kept)
    said_.erase(0, said_.size() - stderr_kept);
}

void HostProcess::kill_all() {
  if (pid_ <= 0)
    return;
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL); // in case it has not yet come to be the leader of its group
  if (program_pid_ > 0 && !alive_)
    ::kill(-program_pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
  alive_ = false;
}

} // namespace pep554
