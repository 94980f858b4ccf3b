#include "harness/engine/host_process.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/engine/host_folder.h"

namespace pep554 {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

// How long a host may take beyond a program's deadline to kill it and say so.
constexpr milliseconds grace{5'000};
// How many times its deadline a program may have that waits for a processor, as PROTOCOL.md has it.
constexpr int most_deadlines = 3;
// How long it may take after `quit` to end its programs and to exit.
constexpr milliseconds leaving{3'000};
// How long one that was stopped may take to say how the program ended, once it goes on.
constexpr milliseconds after_waking{1'000};
constexpr int protocol_version = 1;
// How often the memory of a program that goes on is looked at.
constexpr milliseconds memory_interval{100};

// A sanitizer's shadow memory alone is larger than any limit.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool can_limit_memory = false;
#else
constexpr bool can_limit_memory = true;
#endif

// Why a first message is no valid `hello`.
std::string hello_problem(const json& message, const std::string& host) {
  if (message.at("msg") == "refused")
    return message.at("reason").get<std::string>();
  if (message.at("msg") == "hello")
    return fmt::format("{} speaks version {} of the host protocol, this pep554 speaks version {}",
                       host, message.value("protocol", json()).dump(), protocol_version);
  return fmt::format("{} sent {} instead of `hello`", host, message.at("msg").dump());
}

Hello hello_from(const json& message) {
  Hello hello;
  const json& plugin = message.at("plugin");
  hello.plugin = plugin.value("name", "");
  hello.version = plugin.value("version", "");
  for (const json& fact : message.at("facts"))
    hello.facts.emplace_back(fact.at(0).get<std::string>(), fact.at(1).get<std::string>());
  hello.extensions = message.value("extensions", std::vector<std::string>{});
  hello.unsupported_reason = message.value("lacks", "");
  hello.fresh = message.value("fresh", false);
  hello.temporary = message.value("temporary", "");
  return hello;
}

// Adds one message about a running program to its history; true when it was the last.
bool append_message(const json& message, History& history, bool& alive) {
  const auto kind = message.at("msg").get<std::string>();
  if (kind == "event") {
    history.events.push_back(event_from(message));
  } else if (kind == "output") {
    (message.at("fd").get<int>() == 2 ? history.err : history.out) +=
        message.at("text").get<std::string>();
  } else if (kind == "trace") {
    history.trace += message.at("text").get<std::string>();
  } else if (kind == "end") {
    history.termination = termination_from(message);
    history.microseconds = microseconds_from(message);
    alive = !message.value("leaves", false); // it could not end the program's processes
    return true;
  }
  return false;
}

} // namespace

std::string Hello::fact(std::string_view name) const {
  for (const auto& [key, value] : facts)
    if (key == name)
      return value;
  return {};
}

std::unique_ptr<HostProcess> HostProcess::start(const std::vector<std::string>& command,
                                                milliseconds startup_timeout, std::string& error,
                                                int stop) {
  std::unique_ptr<HostProcess> host(new HostProcess);
  host->process_ = ChildProcess::start(command, error);
  if (!host->process_)
    return nullptr;
  host->alive_ = true;
  host->stop_ = stop;
  CpuAwareDeadline deadline(host->process_->pid(), startup_timeout);
  const std::string body = host->receive(deadline);
  if (host->stopped_) {
    error = "stopped";
    return nullptr;
  }
  try {
    const json message = parse_body(body);
    if (message.at("msg") == "hello" && message.value("protocol", json()) == protocol_version) {
      host->hello_ = hello_from(message);
      host->host_memory_ = host->process_->memory();
      return host;
    }
    error = host->process_->with_stderr(hello_problem(message, command.front()));
  } catch (const json::exception&) {
    error = host->missing_hello(command.front(), startup_timeout, !body.empty());
  }
  return nullptr;
}

// Why there is no `hello`, and the last line of standard error.
std::string HostProcess::missing_hello(const std::string& program, milliseconds startup_timeout,
                                       bool has_sent) {
  const std::string why = has_sent || frames_.broken() ? "sent malformed data instead of `hello`"
                          : alive_
                              ? fmt::format("sent no `hello` within {:g} s",
                                            static_cast<double>(startup_timeout.count()) / 1000)
                              : "ended without `hello`";
  const std::string stderr_line = process_->last_stderr_line();
  if (!alive_ && stderr_line.starts_with("cannot start " + program)) // said by the jail
    return stderr_line;
  return fmt::format("{} {}{}{}", program, why, stderr_line.empty() ? "" : ": ", stderr_line);
}

HostProcess::~HostProcess() {
  if (!process_)
    return;
  process_->close_input(); // makes the host exit, with all its processes
  stop_ = -1;              // from here on it is being ended in any case
  const Clock::time_point until = Clock::now() + leaving;
  while (alive_ && !receive(until).empty()) {
  }
  end();
}

void HostProcess::end() {
  const pid_t host = process_->pid();
  process_->end();
  if (host > 0)
    remove_folder_of(host);
}

std::optional<History> HostProcess::run(const Program& program, StartMode start_mode) {
  History history;
  history.termination.kind = Termination::Kind::lost;
  CpuAwareDeadline deadline(process_->pid(), most_deadlines * program.limits.deadline + grace);
  json request{{"msg", "run"}, {"id", next_id_++}, {"program", to_json(program)}};
  if (start_mode == StartMode::spawn)
    request["fresh"] = true;
  memory_limit_ = can_limit_memory ? program.limits.memory_bytes : 0;
  try {
    bool ended = false;
    alive_ = alive_ && process_->write(encode_frame(request), deadline.until(), stop_);
    while (alive_ && !ended) {
      std::string body = receive(deadline);
      if (body.empty() && alive_ && !stopped_ && !frames_.broken())
        body = resume_and_read();
      if (stopped_)
        return std::nullopt;
      if (body.empty())
        alive_ = false;
      else
        ended = append_message(parse_body(body), history, alive_);
    }
  } catch (const json::exception& error) {
    alive_ = false;
    history.termination.note = fmt::format("the host sent malformed data: {}", error.what());
  }
  if (std::exchange(memory_exceeded_, false)) {
    history.termination.kind = Termination::Kind::limit_exceeded;
    history.termination.limit = "memory";
  }
  memory_limit_ = 0;
  if (!alive_) {
    history.err += process_->stderr_tail();
    end();
  }
  return history;
}

// Processes that share no limit of the kernel's: a program and its children, each within its own.
bool HostProcess::exceeds_memory() const {
  const std::uint64_t most = memory_limit_ + host_memory_;
  return process_->memory(most) > most;
}

// A program may have stopped its host, which then enforces no deadline. Awake, it says at once how
// the program ended.
std::string HostProcess::resume_and_read() {
  process_->resume();
  CpuAwareDeadline awake(process_->pid(), after_waking);
  return receive(awake);
}

std::string HostProcess::receive(CpuAwareDeadline& deadline) {
  std::string body;
  do
    body = receive(deadline.until());
  while (body.empty() && alive_ && !stopped_ && !frames_.broken() && deadline.extend());
  return body;
}

std::string HostProcess::receive(Clock::time_point until) {
  while (true) {
    if (auto body = frames_.next())
      return *body;
    const auto look = memory_limit_ == 0 ? until : std::min(until, Clock::now() + memory_interval);
    const ChildProcess::ReadResult result =
        frames_.broken() ? ChildProcess::ReadResult::timeout : process_->read(frames_, look, stop_);
    if (look < until && result == ChildProcess::ReadResult::timeout && !frames_.broken()) {
      memory_exceeded_ = exceeds_memory();
      if (!memory_exceeded_)
        continue;
      alive_ = false;
    }
    stopped_ = result == ChildProcess::ReadResult::stopped;
    if (result == ChildProcess::ReadResult::end_of_file)
      alive_ = false;
    if (result != ChildProcess::ReadResult::data)
      return {};
  }
}

} // namespace pep554
