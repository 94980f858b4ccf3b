#include "harness/tests/command.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

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

// Orphans are reparented to this process: its remaining children were left behind.
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
    if (state != 'Z') // a zombie was not left running
      names.push_back(name);
  }
  return names;
}

} // namespace

Running::Running(const std::vector<std::string>& command) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0)
    throw std::runtime_error("pipe2");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  // Whatever started the test, the program heeds signals.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  for (const int number : {SIGINT, SIGTERM, SIGHUP})
    sigaddset(&defaults, number);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command)
    words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const int failure = ::posix_spawnp(&pid_, words[0], &actions, &attributes, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  ::close(out[1]);
  ::close(err[1]);
  out_ = out[0];
  err_ = err[0];
  if (failure != 0)
    throw std::runtime_error("cannot start " + command.front());
}

Running::~Running() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    take_orphans();
  }
  for (const int fd : {out_, err_})
    if (fd >= 0)
      ::close(fd);
}

void Running::signal(int number) const {
  ::kill(pid_, number);
}

Finished Running::finish() {
  Finished finished;
  drain({{{out_, POLLIN, 0}, {err_, POLLIN, 0}}}, {&finished.out, &finished.err});
  int status = 0;
  ::waitpid(pid_, &status, 0);
  finished.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  finished.left = take_orphans();
  pid_ = out_ = err_ = -1;
  return finished;
}

bool Running::everybody_leaves() {
  for (int i = 0; i < 3'000; ++i) {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    if (::waitpid(-1, nullptr, WNOHANG) < 0) { // there are no children
      pid_ = -1;
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

std::map<std::string, std::string> missing_isolation() {
  std::map<std::string, std::string> found;
  std::istringstream lines(run({PEP554_BUILD_DIR "/bin/pep554-jail", "--probe"}).out);
  for (std::string line; std::getline(lines, line);)
    if (const size_t tab = line.find('\t'); tab + 1 < line.size())
      found[line.substr(0, tab)] = line.substr(tab + 1);
  return found;
}

bool appears(const fs::path& file) {
  for (int i = 0; i < 6'000 && !fs::exists(file); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return fs::exists(file);
}

Finished run(const std::vector<std::string>& command) {
  return Running(command).finish();
}

std::vector<std::string> pep554_words(std::vector<std::string> arguments) {
  // Generated programs only where a test is about them: they are not what costs nothing.
  const auto is_given = [&](const char* word) {
    return std::ranges::find(arguments, word) != arguments.end();
  };
  if (!arguments.empty() && arguments.front() == "run" && !is_given("--resume") &&
      !is_given("--examples") && !is_given("--help"))
    arguments.insert(arguments.end(), {"--examples", "0"});
  arguments.insert(arguments.begin(), PEP554_BUILD_DIR "/bin/pep554");
  return arguments;
}

Finished pep554(std::vector<std::string> arguments) {
  return run(pep554_words(std::move(arguments)));
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

nlohmann::json without_times(nlohmann::json document) {
  for (auto it = document.begin(); it != document.end(); ++it) {
    const std::string key = document.is_object() ? it.key() : "";
    if (key.ends_with("_us") || key.ends_with("_ms") || key == "started")
      *it = 0;
    else if (it->is_structured())
      *it = without_times(*it);
  }
  return document;
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
