#include "harness/engine/host_process.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <poll.h>

#include "harness/engine/host_folder.h"
#include "harness/engine/termination.h"
#include "harness/engine/transcript.h"

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

bool given(int stop) {
  pollfd readable{stop, POLLIN, 0}; // poll leaves out what is -1
  return ::poll(&readable, 1, 0) > 0;
}

// Signals that no process sends to itself: another process ended a host that one of these ends.
constexpr std::array sent_by_others{SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

// How a host ended whose program had not: by the program, or by its own fault.
Termination loss(std::optional<ProcessEnd> end) {
  Termination termination;
  termination.kind = Termination::Kind::host_fault;
  if (!end) {
    termination.note = "it closed its input or its output before the end of the program";
    return termination;
  }
  if (end->by_signal && std::ranges::find(sent_by_others, end->number) != sent_by_others.end())
    termination.kind = Termination::Kind::lost;
  termination.note = end->by_signal ? fmt::format("{} ended it", name_of_signal(end->number))
                                    : fmt::format("it exited with status {}", end->number);
  return termination;
}

} // namespace

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

std::string Hello::fact(std::string_view name) const {
  for (const auto& [key, value] : facts)
    if (key == name)
      return value;
  return {};
}

Result<std::unique_ptr<HostProcess>> HostProcess::start(const std::vector<std::string>& command,
                                                        milliseconds startup_timeout, int stop) {
  auto process = ChildProcess::start(command);
  if (!process)
    return tl::unexpected(process.error());
  std::unique_ptr<HostProcess> host(new HostProcess);
  host->process_ = std::move(*process);
  host->alive_ = true;
  host->stop_ = stop;
  CpuAwareDeadline deadline(host->process_->pid(), startup_timeout);
  const std::optional<std::string> body = host->receive(deadline);
  if (host->stopped_)
    return fail("stopped");
  try {
    const json message = parse_body(body.value_or(""));
    if (message.at("msg") == "hello" && message.value("protocol", json()) == protocol_version) {
      host->hello_ = hello_from(message);
      host->host_memory_ = host->process_->memory();
      return host;
    }
    return fail(host->process_->with_stderr(hello_problem(message, command.front())));
  } catch (const json::exception&) {
    return fail(host->missing_hello(command.front(), startup_timeout, body.has_value()));
  }
}

// Why there is no `hello`, and the last line of standard error.
std::string HostProcess::missing_hello(const std::string& program, milliseconds startup_timeout,
                                       bool has_sent) {
  const std::string why = has_sent || frames_.broken() ? "sent malformed data instead of `hello`"
                          : alive_
                              ? fmt::format("sent no `hello` within {:g} s",
                                            static_cast<double>(startup_timeout.count()) / 1000)
                              : "ended without `hello`";
  std::string stderr_line = process_->last_stderr_line();
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
  while (alive_ && receive(until)) {
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
  CpuAwareDeadline deadline(process_->pid(), most_deadlines * program.limits.deadline + grace);
  const std::int64_t id = next_id_++;
  Transcript transcript(program, id);
  json request{{"msg", "run"}, {"id", id}, {"program", to_json(program)}};
  if (start_mode == StartMode::spawn)
    request["fresh"] = true;
  memory_limit_ = can_limit_memory ? program.limits.memory_bytes : 0;
  next_look_ = Clock::now() + memory_interval;
  std::string fault; // of a host that is still there
  bool ended = false;
  try {
    alive_ = alive_ && process_->write(encode_frame(request), deadline.until(), stop_);
    bool resumed = false;
    while (alive_ && !ended && fault.empty()) {
      const std::optional<std::string> body = receive(deadline);
      if (stopped_)
        return std::nullopt;
      if (body) {
        ended = transcript.add(parse_body(*body), body->size());
      } else if (frames_.broken()) {
        fault = "it sent malformed data: a frame of more than 128 MiB";
      } else if (alive_ && !resumed) {
        resumed = true;
        deadline = resume();
      } else if (alive_) {
        fault = "it did not say how the program ended, and its time is over";
      }
    }
  } catch (const json::exception& error) {
    fault = fmt::format("it sent malformed data: {}", message_of(error));
  }
  if (!ended && given(stop_))
    return std::nullopt;
  memory_limit_ = 0;
  if (!ended)
    lose(transcript.history(), fault);
  if (transcript.host_leaves()) {
    alive_ = false;
    end();
  }
  return std::move(transcript.history());
}

// Ends a host that did not say how its program ended.
void HostProcess::lose(History& history, const std::string& fault) {
  alive_ = false;
  if (std::exchange(memory_exceeded_, false))
    history.termination = {
        .kind = Termination::Kind::limit_exceeded, .code = 0, .note = "", .limit = "memory"};
  else if (fault.empty())
    history.termination = loss(process_->status(Clock::now() + leaving));
  else
    history.termination = {Termination::Kind::host_fault, 0, false, fault};
  history.err += process_->stderr_tail();
  end();
}

// Processes that share no limit of the kernel's: a program and its children, each within its own.
bool HostProcess::exceeds_memory() {
  next_look_ = Clock::now() + memory_interval;
  const std::uint64_t most = memory_limit_ + host_memory_;
  return process_->memory(most) > most;
}

// A program may have stopped its host, which then enforces no deadline. Awake, it says at once how
// the program ended. This process may have been stopped too, and what the host said waits.
CpuAwareDeadline HostProcess::resume() {
  process_->resume();
  return {process_->pid(), after_waking};
}

std::optional<std::string> HostProcess::receive(CpuAwareDeadline& deadline) {
  std::optional<std::string> body;
  do
    body = receive(deadline.until());
  while (!body && alive_ && !stopped_ && !frames_.broken() && deadline.extend());
  return body;
}

// Looks at the clock whatever arrives: a host that never stops talking has no more time.
std::optional<std::string> HostProcess::receive(Clock::time_point until) {
  while (Clock::now() < until) {
    if (auto body = frames_.next())
      return body;
    const auto look = memory_limit_ == 0 ? until : std::min(until, next_look_);
    const ChildProcess::ReadResult result =
        frames_.broken() ? ChildProcess::ReadResult::timeout : process_->read(frames_, look, stop_);
    if (memory_limit_ != 0 && Clock::now() >= next_look_ && exceeds_memory()) {
      memory_exceeded_ = true;
      alive_ = false;
      return std::nullopt;
    }
    stopped_ = result == ChildProcess::ReadResult::stopped;
    if (result == ChildProcess::ReadResult::end_of_file)
      alive_ = false;
    if (result == ChildProcess::ReadResult::end_of_file ||
        result == ChildProcess::ReadResult::stopped || frames_.broken())
      return std::nullopt;
  }
  return std::nullopt;
}

} // namespace pep554
