#include "harness/bench/floor_process.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <map>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace pep554::bench {
namespace {

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
  return ends;
}

pid_t spawn(const std::vector<std::string>& command, int in, int out) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command)
    words.push_back(const_cast<char*>(word.c_str())); // posix_spawn takes them so
  words.push_back(nullptr);
  pid_t pid = -1;
  const int failure = posix_spawn(&pid, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0)
    throw std::system_error(failure, std::generic_category(), "cannot start " + command.front());
  return pid;
}

} // namespace

FloorProcess::FloorProcess(const std::string& executable, const std::vector<std::string>& plugin) {
  const auto in = make_pipe();
  const auto out = make_pipe();
  std::vector<std::string> command{executable};
  command.insert(command.end(), plugin.begin(), plugin.end());
  pid_ = spawn(command, in[0], out[1]);
  ::close(in[0]);
  ::close(out[1]);
  in_.reset(::fdopen(in[1], "w"));
  out_.reset(::fdopen(out[0], "r"));
}

FloorProcess::~FloorProcess() {
  in_.reset();
  out_.reset();
  ::waitpid(pid_, nullptr, 0);
}

void FloorProcess::ask(const std::string& program, int count) {
  // A failed write shows as a missing answer.
  static_cast<void>(std::fprintf(in_.get(), "%s %d\n", program.c_str(), count));
  static_cast<void>(std::fflush(in_.get()));
}

void FloorProcess::send(const Program& program) {
  std::map<std::string, int> numbers;
  const auto number = [&numbers](const std::string& name) {
    return name.empty() ? -1
                        : numbers.emplace(name, static_cast<int>(numbers.size())).first->second;
  };
  std::string steps;
  for (const Step& step : program.lanes.front())
    steps += fmt::format("{} {} {} {}\n{}\n", info(step.op).name, number(step.on), number(step.as),
                         step.text.size(), step.text);
  const std::string text =
      fmt::format("define\n{} {} {}\n{}", program.lanes.front().size(), numbers.size(),
                  program.finish == Finish::finalize ? 1 : 0, steps);
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), in_.get()));
}

std::vector<double> FloorProcess::answer() {
  char* line = nullptr;
  size_t room = 0;
  const ssize_t size = ::getline(&line, &room, out_.get());
  std::istringstream numbers(size > 0 ? std::string(line, static_cast<size_t>(size)) : "");
  std::free(line);
  std::vector<double> microseconds;
  for (double nanoseconds = 0; numbers >> nanoseconds;)
    microseconds.push_back(nanoseconds / 1000);
  if (microseconds.empty())
    throw std::runtime_error("the floor has gone");
  return microseconds;
}

} // namespace pep554::bench
