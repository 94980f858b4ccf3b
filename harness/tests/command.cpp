#include "harness/tests/command.h"

#include <array>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

extern char** environ;

namespace pep554::test {
namespace {

namespace fs = std::filesystem;

// Reads both streams until both are closed.
void drain(std::array<pollfd, 2> streams, std::array<std::string*, 2> texts) {
  std::array<char, 65536> portion{};
  for (size_t open = 2; open > 0;) {
    if (::poll(streams.data(), streams.size(), -1) < 0)
      throw std::runtime_error("poll");
    for (size_t i = 0; i < streams.size(); ++i) {
      if (streams[i].revents == 0)
        continue;
      const ssize_t size = ::read(streams[i].fd, portion.data(), portion.size());
      if (size > 0) {
        texts[i]->append(portion.data(), static_cast<size_t>(size));
        continue;
      }
      ::close(streams[i].fd);
      streams[i].fd = -1; // poll leaves it out
      --open;
    }
  }
}

// Orphans come to this process: whoever is its child now was left behind.
std::vector<std::string> take_orphans() {
  std::vector<std::string> names;
  std::ifstream children("/proc/self/task/" + std::to_string(::getpid()) + "/children");
  for (pid_t pid = 0; children >> pid;) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string number;
    std::string name;
    char state = 'Z';
    stat >> number >> name >> state;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    if (state != 'Z') // one that has ended, and was only not waited for, did not stay
      names.push_back(name);
  }
  return names;
}

} // namespace

Finished run(const std::vector<std::string>& command) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0)
    throw std::runtime_error("pipe2");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command)
    words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_t pid = -1;
  const int failure = ::posix_spawnp(&pid, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  ::close(err[1]);
  if (failure != 0)
    throw std::runtime_error("cannot start " + command.front());
  Finished finished;
  drain({{{out[0], POLLIN, 0}, {err[0], POLLIN, 0}}}, {&finished.out, &finished.err});
  int status = 0;
  ::waitpid(pid, &status, 0);
  finished.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  finished.left = take_orphans();
  return finished;
}

Finished pep554(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), PEP554_BUILD_DIR "/bin/pep554");
  return run(arguments);
}

fs::path fresh_folder() {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  std::string name = std::string(info->test_suite_name()) + "." + info->name();
  for (char& c : name)
    c = c == '/' ? '_' : c;
  fs::path folder = fs::path(PEP554_BUILD_DIR) / "tests" / "out" / name;
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

nlohmann::json results(const fs::path& folder) {
  return nlohmann::json::parse(read_file(folder / "results.json"));
}

std::string verdict(const nlohmann::json& results, const char* list, const std::string& id) {
  for (const auto& entry : results.at(list))
    if (entry.at("id") == id)
      return entry.at("verdict");
  return {};
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace pep554::test
