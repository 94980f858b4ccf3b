#include "harness/host/spawned_host.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/host/limits.h"
#include "harness/host/traces.h"

namespace pep554::host {
namespace {

using nlohmann::json;

constexpr int program_fd = 198;

std::vector<std::string> whole_command() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');)
    words.push_back(word);
  return words;
}

std::string contents(int fd) {
  std::string text;
  std::string portion(65536, '\0');
  ssize_t size = 0;
  while ((size = ::read(fd, portion.data(), portion.size())) > 0)
    text.append(portion, 0, static_cast<size_t>(size));
  return text;
}

// Makes a descriptor one that exec keeps, with the number under which the new host looks for it.
bool hand_over(int fd, int number) {
  return ::dup2(fd, number) == number && ::fcntl(number, F_SETFD, 0) == 0;
}

std::string problem(const char* what) {
  return std::system_error(errno, std::generic_category(), what).what();
}

// Discards output of the runtime's start, which is not the program's. Reports the beginning and the
// end to the host, which so distinguishes a failed start from a failed program.
Runtime start_quietly(const std::string& plugin, const Options& options,
                      const EventChannel& events) {
  handle_signals();
  const Descriptor out(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  const Descriptor err(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3));
  const Descriptor nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  ::dup2(nowhere.get(), STDOUT_FILENO);
  ::dup2(nowhere.get(), STDERR_FILENO);
  events.write(events.event("starting"));
  const Runtime runtime = start_runtime(load_plugin(plugin), options);
  std::fflush(nullptr); // NOLINT(cert-err33-c): nothing to be done about it
  ::dup2(out.get(), STDOUT_FILENO);
  ::dup2(err.get(), STDERR_FILENO);
  events.write(events.event("started"));
  return runtime;
}

} // namespace

SpawnCommand::SpawnCommand(const std::vector<std::string>& own) {
  launcher_ = whole_command();
  if (launcher_.size() >= own.size())
    launcher_.resize(launcher_.size() - own.size());
  launcher_.push_back(own.front());
  arguments_.assign(own.begin() + 1, own.end());
}

void send_note(const EventChannel& events, const std::string& what) {
  json note = events.event("note");
  note["text"] = what;
  events.write(note);
}

std::string SpawnCommand::replace_process(const ChildSetup& setup, const Program& program,
                                          int document) const {
  const std::string word =
      spawn_option + std::to_string(setup.fork.time_since_epoch().count()); // the clock is shared
  if (!hand_over(setup.events, event_channel_fd) || !hand_over(document, program_fd) ||
      !hand_over(setup.trace, trace_fd))
    return problem("cannot hand over its descriptors");
  std::vector<char*> words;
  for (const std::string& part : launcher_)
    words.push_back(const_cast<char*>(part.c_str())); // execv takes them so
  words.push_back(const_cast<char*>(word.c_str()));
  for (const std::string& part : arguments_)
    words.push_back(const_cast<char*>(part.c_str()));
  words.push_back(nullptr);
  apply_limits(program);
  ::execv("/proc/self/exe", words.data());
  return problem("cannot execute /proc/self/exe");
}

Descriptor file_with(const std::string& text) {
  Descriptor file(::memfd_create("pep554-program", MFD_CLOEXEC));
  size_t written = 0;
  while (file.open() && written < text.size()) {
    const ssize_t size = ::pwrite(file.get(), text.data() + written, text.size() - written,
                                  static_cast<off_t>(written));
    if (size < 0)
      file.reset();
    else
      written += static_cast<size_t>(size);
  }
  if (!file.open())
    throw std::system_error(errno, std::generic_category(), "cannot hand over the program");
  return file;
}

void run_spawned(const std::string& word, const std::string& plugin, const Options& options) {
  EventChannel::Clock::rep ticks = 0;
  const std::string_view number =
      std::string_view(word).substr(std::string_view(spawn_option).size());
  std::from_chars(number.data(), number.data() + number.size(), ticks);
  for (const int fd : {event_channel_fd, program_fd, trace_fd})
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  const EventChannel events(event_channel_fd,
                            EventChannel::Clock::time_point(EventChannel::Clock::duration(ticks)));
  try {
    const Program program = program_from(json::parse(contents(program_fd)));
    ::close(program_fd);
    const Runtime runtime = start_quietly(plugin, options, events);
    install_traces(runtime);
    execute(runtime, program, events);
  } catch (const std::exception& problem) {
    send_note(events, std::string("the new runtime did not start: ") + problem.what());
    leave_child(1);
  }
}

} // namespace pep554::host
