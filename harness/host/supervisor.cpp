#include "harness/host/supervisor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <vector>

#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/host/event_socket.h"
#include "harness/host/output.h"
#include "harness/host/process_stats.h"
#include "harness/host/reaper.h"
#include "harness/host/records.h"
#include "harness/host/shared_memory.h"
#include "harness/host/traces.h"

namespace pep554::host {
namespace {

using nlohmann::json;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using Clock = EventChannel::Clock;

// A program that writes events for ever is stopped as one that prints for ever.
constexpr std::uint64_t event_limit = std::uint64_t{64} << 20U;
// Where the kernel has no pidfd, the end of a process is noticed this late.
constexpr milliseconds without_pidfd{20};
// How often a process that goes on is looked at: what it computed, how many it has become.
constexpr milliseconds sample_interval{100};
// How long a process may take to say where it is before it is killed at its deadline, and how long
// it may be silent while it does.
constexpr milliseconds trace_timeout{300};
constexpr milliseconds trace_silence{50};
constexpr size_t trace_limit = size_t{64} << 10U;
// How many times its deadline a process may have that waits for a processor.
constexpr int most_deadlines = 3;

struct Termination {
  const char* kind = "exited";
  int code = 0;
  const char* limit = ""; // that was exceeded
};

// How the process ended, if it has; does not reap it.
std::optional<Termination> termination_of(pid_t pid, int flags) {
  siginfo_t info{};
  int result = 0;
  do {
    result = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT | flags);
  } while (result < 0 && errno == EINTR);
  const bool stopped = info.si_code == CLD_TRAPPED || info.si_code == CLD_STOPPED;
  if (result < 0 || info.si_pid == 0 || stopped) // it may have made the host its tracer
    return std::nullopt;
  return Termination{info.si_code == CLD_EXITED ? "exited" : "signaled", info.si_status};
}

class Watch {
public:
  Watch(const Request& request, Spawned process, const HostContext& context, Engine& engine)
      : id_(request.id), program_(request.program), process_(std::move(process)), context_(context),
        engine_(engine), stats_(process_.pid), waited_before_(cpu_wait(::getpid())),
        deadline_(process_.fork + program_.deadline), active_(process_.fork),
        next_sample_(process_.fork + sample_interval), output_{program_.output_bytes},
        out_(1, std::move(process_.out)), err_(2, std::move(process_.err)),
        launching_(request.inheritance.fresh != nullptr) {}

  // Follows the process to its end, and sends everything from "begin" to "end". False when
  // processes of it are left.
  bool follow() {
    engine_.writer.queue({{"msg", "begin"}, {"id", id_}, {"pid", process_.pid}});
    engine_.writer.flush(); // so that it is known, whatever it does to its host
    std::optional<Termination> termination;
    while (!(termination = termination_of(process_.pid, WNOHANG)) && !must_stop())
      poll_once(poll_timeout_ms());
    if (deadline_passed_)
      request_trace();
    finish(termination);
    return !survivors_;
  }

private:
  // The reason to kill the process, if there is one.
  bool must_stop() {
    if (output_.exceeded())
      killed_as_ = {"flooded", 0, "output"};
    else if (event_bytes_ > event_limit)
      killed_as_ = {"flooded", 0, "events"};
    else if (too_many_)
      killed_as_ = {"flooded", 0, "processes"};
    else if (is_late())
      killed_as_ = {"deadline", 0, ""};
    else if (engine_gone())
      killed_as_ = {"signaled", 0, ""}; // no engine reads it
    return killed_as_.has_value();
  }

  // Past its deadline, what it had to wait for a processor not counted; nor what this host had to
  // wait, since the process was not read then.
  bool is_late() {
    if (Clock::now() < deadline_)
      return false;
    const auto most = process_.fork + most_deadlines * program_.deadline;
    const auto host_waited = cpu_wait(::getpid()) - waited_before_;
    deadline_ = std::min<Clock::time_point>(
        process_.fork + program_.deadline + stats_.cpu_wait() + host_waited + held_up_, most);
    deadline_passed_ = Clock::now() >= deadline_;
    return deadline_passed_;
  }

  bool engine_gone() const {
    return engine_.reader.state() != FrameReader::State::open || engine_.writer.broken();
  }

  // Waits until something happens, and passes on what did.
  void poll_once(int timeout_ms) {
    // Requests that the engine sends ahead are buffered, up to one frame.
    const int engine_in = engine_.reader.buffered() < max_frame ? engine_.in : -1;
    std::array<pollfd, 6> polled{{{process_.pidfd.get(), POLLIN, 0},
                                  {process_.events.get(), POLLIN, 0},
                                  {out_.fd(), POLLIN, 0},
                                  {err_.fd(), POLLIN, 0},
                                  {context_.traces.host.get(), POLLIN, 0},
                                  {engine_in, POLLIN, 0}}};
    const int ready = ::poll(polled.data(), polled.size(), timeout_ms);
    if (Clock::now() >= next_sample_)
      sample();
    if (ready <= 0)
      return;
    if (polled[5].revents != 0)
      engine_.reader.fill(engine_.in);
    if (polled[1].revents != 0 || polled[2].revents != 0 || polled[3].revents != 0)
      active_ = Clock::now();
    if (polled[1].revents != 0)
      read_events();
    if (polled[2].revents != 0)
      forward(out_);
    if (polled[3].revents != 0)
      forward(err_);
    if (polled[4].revents != 0)
      read_trace();
    const auto before = Clock::now();
    engine_.writer.flush();
    held_up_ += Clock::now() - before;
  }

  int poll_timeout_ms() const {
    auto left = std::chrono::ceil<milliseconds>(std::min(deadline_, next_sample_) - Clock::now());
    if (!process_.pidfd.open())
      left = std::min(left, without_pidfd);
    return static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, 3'600'000));
  }

  void sample() {
    next_sample_ = Clock::now() + sample_interval;
    if (stats_.used_cpu_since_last_call())
      active_ = Clock::now();
    too_many_ = count_descendants(program_.processes) > program_.processes;
  }

  // Requests a stack trace of a process before it is killed at its deadline.
  void request_trace() {
    read_events();
    asked_ = true; // what the question itself interrupts and brings to an answer is none in time
    idle_ = std::chrono::duration_cast<microseconds>(Clock::now() - active_);
    if (::kill(process_.pid, ask_signal()) != 0)
      return;
    const auto until = Clock::now() + trace_timeout;
    auto last_read = Clock::time_point::max();
    while (Clock::now() < until && Clock::now() - last_read < trace_silence &&
           !termination_of(process_.pid, WNOHANG)) {
      const size_t before = trace_.size();
      pollfd trace{context_.traces.host.get(), POLLIN, 0};
      ::poll(&trace, 1, static_cast<int>(trace_silence.count()));
      read_trace();
      if (trace_.size() > before)
        last_read = Clock::now();
    }
  }

  // Reads everything, and drops the part beyond the limit.
  void read_trace() {
    std::array<char, 4096> portion; // NOLINT: filled by read
    ssize_t size = 0;
    while ((size = ::read(context_.traces.host.get(), portion.data(), portion.size())) > 0)
      trace_.append(portion.data(),
                    std::min(static_cast<size_t>(size), trace_limit - trace_.size()));
  }

  // Reads records until there are none, or so many that the rest must have its turn.
  void read_events() {
    for (int count = 0; process_.events.open() && count < 1000; ++count) {
      char* const room = context_.record.get(); // a record that is cut is malformed
      const ReceivedRecord got = receive_record(process_.events.get(), room);
      events_drained_ = got.kind == ReceivedRecord::none;
      if (events_drained_)
        return;
      if (got.kind == ReceivedRecord::end)
        process_.events.reset();
      else
        take({room, got.size});
    }
    events_drained_ = !process_.events.open();
  }

  void take(std::string_view bytes) {
    event_bytes_ += bytes.size();
    if (asked_)
      return;
    Record record = read_record(bytes, program_);
    if (auto* event = std::get_if<EventRecord>(&record)) {
      event->event["msg"] = "event";
      event->event["id"] = id_;
      engine_.writer.queue(event->event);
    } else if (const auto* note = std::get_if<Note>(&record)) {
      notes_.push_back(note->text);
    } else if (std::holds_alternative<Done>(record)) {
      completed_ = true;
    } else if (std::holds_alternative<Starting>(record)) {
      starting_ = true;
      launching_ = false;
    } else if (std::holds_alternative<Started>(record)) {
      starting_ = false;
    } else {
      ++malformed_;
    }
  }

  void forward(OutputStream& stream) { send_output(stream, stream.read(output_)); }

  void send_output(const OutputStream& stream, const std::string& text) {
    if (!text.empty())
      engine_.writer.queue(
          {{"msg", "output"}, {"id", id_}, {"fd", stream.number()}, {"text", text}});
  }

  void finish(std::optional<Termination> termination) {
    if (killed_as_) {
      ::kill(-process_.pid, SIGKILL);
      ::kill(process_.pid, SIGKILL); // it may have left its group
      termination_of(process_.pid, 0);
      termination = killed_as_;
    }
    const auto wall = Clock::now() - process_.fork;
    const Reaped reaped = reap_all(process_.pid);
    note_leftovers(reaped.killed);
    if (reaped.all) // else what is left may write for ever
      drain();
    if (!killed_as_ && output_.exceeded() && termination->kind == std::string_view("exited"))
      termination = {"flooded", 0, "output"}; // whether the kill came in time is no difference
    if (is_abnormal(*termination) && reached_memory_limit(reaped.used))
      termination = {"flooded", 0, "memory"};
    if (launching_) {
      notes_.push_back("the new process did not come to start its runtime: " +
                       std::string(termination->kind) + " " + std::to_string(termination->code));
      termination = {"not_run", 0, ""};
    }
    send_trace();
    send_end(*termination, std::chrono::duration_cast<microseconds>(wall), reaped);
  }

  bool is_abnormal(const Termination& termination) const {
    return termination.limit[0] == 0 &&
           (termination.kind != std::string_view("exited") || termination.code != 0);
  }

  bool reached_memory_limit(const rusage& used) const {
    return program_.memory_bytes > 0 && peak_of(used) >= program_.memory_bytes / 10 * 9;
  }

  static std::uint64_t peak_of(const rusage& used) {
    return static_cast<std::uint64_t>(used.ru_maxrss) << 10U;
  }

  // Reads the remaining data, once no process holds the other ends.
  void drain() {
    do
      read_events();
    while (!events_drained_ && event_bytes_ <= 2 * event_limit);
    read_trace();
    for (OutputStream* stream : {&out_, &err_}) {
      do
        forward(*stream);
      while (!stream->drained());
      send_output(*stream, stream->rest());
    }
  }

  void note_leftovers(size_t count) {
    if (count == 0)
      return;
    const std::string number = std::to_string(count) + (count == 1 ? " process" : " processes");
    notes_.push_back(!killed_as_ ? "left " + number + " behind" : number + " ended with it");
  }

  void send_trace() {
    if (!trace_.empty())
      engine_.writer.queue({{"msg", "trace"}, {"id", id_}, {"text", trace_}});
  }

  void send_end(const Termination& termination, microseconds wall, const Reaped& reaped) {
    if (starting_ && notes_.empty())
      notes_.emplace_back("the new runtime did not start");
    if (malformed_ > 0)
      notes_.push_back(std::to_string(malformed_) + " unreadable on the event channel");
    std::string note;
    for (const std::string& part : notes_)
      note += (note.empty() ? "" : "; ") + part;
    engine_.writer.queue({{"msg", "end"},
                          {"id", id_},
                          {"how", termination.kind},
                          {"code", termination.code},
                          {"limit", termination.limit},
                          {"completed", completed_},
                          {"us", wall.count()},
                          {"cpu_us", processor_time(reaped.used).count()},
                          {"idle_us", idle_.count()},
                          {"peak_bytes", peak_of(reaped.used)},
                          {"processes", reaped.killed},
                          {"files", context_.folder.clear() + clear_shared_memory()},
                          {"note", note},
                          {"leaves", !reaped.all}});
    engine_.writer.flush();
    survivors_ = !reaped.all;
  }

  const json& id_;
  const Program& program_;
  Spawned process_;
  const HostContext& context_;
  Engine& engine_;
  ProcessStats stats_;
  std::chrono::nanoseconds waited_before_; // this host, for a processor
  Clock::time_point deadline_;
  Clock::time_point active_; // when it last computed or sent something, as observed
  Clock::time_point next_sample_;
  Clock::duration held_up_{0}; // by an engine that reads slowly, while the process is not read
  microseconds idle_{0};
  OutputBudget output_;
  OutputStream out_;
  OutputStream err_;
  std::vector<std::string> notes_;
  std::string trace_;
  std::uint64_t event_bytes_ = 0;
  size_t malformed_ = 0;
  bool completed_ = false;
  bool launching_; // a fresh process does not yet start its runtime
  bool starting_ = false;
  bool events_drained_ = false;
  bool too_many_ = false;
  bool deadline_passed_ = false;
  bool asked_ = false;
  bool survivors_ = false;
  std::optional<Termination> killed_as_;
};

} // namespace

json not_run(const json& id, const std::string& why) {
  return {{"msg", "end"},       {"id", id}, {"how", "not_run"}, {"code", 0},
          {"completed", false}, {"us", 0},  {"note", why}};
}

bool supervise(const Request& request, const Runtime& runtime, const HostContext& context,
               Engine& engine) {
  engine.writer.flush(); // nothing unsent is inherited
  try {
    return Watch(request, spawn(runtime, request.program, request.inheritance), context, engine)
        .follow();
  } catch (const std::system_error& problem) {
    engine.writer.queue(not_run(request.id, problem.what()));
    engine.writer.flush();
    return true;
  }
}

} // namespace pep554::host
