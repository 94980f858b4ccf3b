#include "harness/host/testing/host_process.h"

#include <array>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

namespace pep554::host {
namespace {

using nlohmann::json;

// Spawned rather than forked: the test program may have threads.
pid_t spawn_with(std::vector<std::string>& arguments, int in, int out) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments)
    argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  pid_t pid = -1;
  const int failure = ::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failure != 0)
    throw std::runtime_error("cannot start " + arguments[0]);
  return pid;
}

} // namespace

std::string built(const std::string& file) {
  return PEP554_BUILD_DIR "/" + file;
}

std::string testing_plugin(const std::string& name) {
  return built("lib/testing/" + name + ".so");
}

json running(const std::vector<std::string>& words) {
  json lane = json::array({{{"op", "get_main"}, {"as", "m"}}});
  for (const std::string& word : words)
    lane.push_back({{"op", "run"}, {"on", "m"}, {"text", word}});
  return {{"lanes", json::array({lane})}, {"finish", "quit"}};
}

std::vector<json> Messages::events(const std::string& kind) const {
  std::vector<json> found;
  for (const json& message : all)
    if (message["msg"] == "event" && message["e"] == kind)
      found.push_back(message);
  return found;
}

json Messages::answer(size_t lane, size_t step) const {
  for (const json& event : events("returned"))
    if (event["lane"] == lane && event["step"] == step)
      return event["answer"];
  return nullptr;
}

std::vector<std::string> Messages::emitted() const {
  std::vector<std::string> texts;
  for (const json& event : events("emitted"))
    texts.push_back(event["text"]);
  return texts;
}

std::string Messages::output(int fd) const {
  std::string text;
  for (const json& message : all)
    if (message["msg"] == "output" && message["fd"] == fd)
      text += message["text"].get<std::string>();
  return text;
}

std::string Messages::trace() const {
  std::string text;
  for (const json& message : all)
    if (message["msg"] == "trace")
      text += message["text"].get<std::string>();
  return text;
}

HostProcess::HostProcess(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), built("bin/pep554-host"));
  std::array<int, 2> to{};
  std::array<int, 2> from{};
  if (::pipe2(to.data(), O_CLOEXEC) != 0 || ::pipe2(from.data(), O_CLOEXEC) != 0)
    throw std::runtime_error("no pipes");
  Descriptor host_in(to[0]);
  Descriptor host_out(from[1]);
  in_ = Descriptor(to[1]);
  out_ = Descriptor(from[0]);
  pid_ = spawn_with(arguments, host_in.get(), host_out.get());
  host_in.reset();
  host_out.reset(); // so that the end of the host is the end of the stream
  hello_ = receive();
}

HostProcess::~HostProcess() {
  hang_up();
  wait();
}

void HostProcess::hang_up() {
  in_.reset();
}

int HostProcess::wait() {
  int status = 0;
  if (pid_ > 0 && ::waitpid(pid_, &status, 0) == pid_) {
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    pid_ = -1;
  }
  return exit_code_;
}

void HostProcess::send(const json& message) {
  write_all(in_.get(), frame(encode(message)));
}

json HostProcess::receive() {
  while (true) {
    if (const auto payload = reader_.next())
      return json::parse(*payload);
    if (reader_.state() != FrameReader::State::open)
      return nullptr;
    reader_.fill(out_.get());
  }
}

Messages HostProcess::run(const json& program, bool fresh) {
  const int id = next_id_++;
  send({{"msg", "run"}, {"id", id}, {"program", program}, {"fresh", fresh}});
  Messages messages;
  do {
    messages.all.push_back(receive());
    if (messages.all.back().is_null())
      throw std::runtime_error("the host went away");
    if (messages.all.back()["id"] != id)
      throw std::runtime_error("a message of another program");
  } while (messages.end()["msg"] != "end");
  return messages;
}

} // namespace pep554::host
