#include "harness/host/supervisor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/wait.h>

#include "harness/host/event_socket.h"
#include "harness/host/output.h"
#include "harness/host/reaper.h"
#include "harness/host/records.h"
#include "harness/host/spawn.h"

namespace pep554::host {
namespace {

using nlohmann::json;
using Clock = EventChannel::Clock;

// A program that writes events for ever is stopped as one that prints for ever.
constexpr std::uint64_t event_limit = std::uint64_t{64} << 20U;
// Where the kernel has no pidfd, the end of a process is noticed this late.
constexpr std::chrono::milliseconds without_pidfd{20};

struct Ending {
  const char* how = "exited";
  int code = 0;
};

// How the process ended, if it has; it stays to be reaped.
std::optional<Ending> ending_of(pid_t pid, int flags) {
  siginfo_t info{};
  int result = 0;
  do {
    result = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT | flags);
  } while (result < 0 && errno == EINTR);
  if (result < 0 || info.si_pid == 0)
    return std::nullopt;
  return Ending{info.si_code == CLD_EXITED ? "exited" : "signaled", info.si_status};
}

class Watch {
public:
  Watch(const json& id, const Program& program, Spawned process, Engine& engine)
      : id_(id), program_(program), process_(std::move(process)), engine_(engine),
        deadline_(process_.fork + program.deadline), output_{program.output_bytes},
        out_(1, std::move(process_.out)), err_(2, std::move(process_.err)),
        record_(std::make_unique_for_overwrite<char[]>(max_record)) {}

  // Follows the process to its end, and sends everything from "begin" to "end".
  void follow() {
    engine_.writer.queue({{"msg", "begin"}, {"id", id_}, {"pid", process_.pid}});
    std::optional<Ending> ending;
    while (!(ending = ending_of(process_.pid, WNOHANG)) && !must_stop())
      turn();
    finish(ending);
  }

private:
  // The reason to kill the process, if there is one.
  bool must_stop() {
    if (output_.exceeded() || event_bytes_ > event_limit)
      killed_as_ = "flooded";
    else if (Clock::now() >= deadline_)
      killed_as_ = "deadline";
    else if (engine_gone())
      killed_as_ = "signaled"; // nobody will read it
    return killed_as_ != nullptr;
  }

  bool engine_gone() const {
    return engine_.reader.state() != FrameReader::State::open || engine_.writer.broken();
  }

  // Waits until something happens, and passes on what did.
  void turn() {
    // What the engine sends ahead is kept for later, up to one frame's worth.
    const int engine_in = engine_.reader.buffered() < max_frame ? engine_.in : -1;
    std::array<pollfd, 5> polled{{{process_.pidfd.get(), POLLIN, 0},
                                  {process_.events.get(), POLLIN, 0},
                                  {out_.fd(), POLLIN, 0},
                                  {err_.fd(), POLLIN, 0},
                                  {engine_in, POLLIN, 0}}};
    if (::poll(polled.data(), polled.size(), patience()) <= 0)
      return;
    if (polled[4].revents != 0)
      engine_.reader.fill(engine_.in);
    read_events();
    forward(out_);
    forward(err_);
    engine_.writer.flush();
  }

  int patience() const {
    auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now());
    if (!process_.pidfd.open())
      left = std::min(left, without_pidfd);
    using Count = std::chrono::milliseconds::rep;
    return static_cast<int>(std::clamp<Count>(left.count(), 0, 3'600'000));
  }

  // Reads records until there are none, or so many that the rest must have its turn.
  void read_events() {
    for (int count = 0; process_.events.open() && count < 1000; ++count) {
      const ReceivedRecord got = receive_record(process_.events.get(), record_.get());
      events_drained_ = got.what == ReceivedRecord::nothing;
      if (events_drained_)
        return;
      if (got.what == ReceivedRecord::end)
        process_.events.reset();
      else
        take({record_.get(), got.size});
    }
    events_drained_ = !process_.events.open();
  }

  void take(std::string_view bytes) {
    event_bytes_ += bytes.size();
    Record record = read_record(bytes, program_);
    if (auto* event = std::get_if<EventRecord>(&record)) {
      event->event["msg"] = "event";
      event->event["id"] = id_;
      engine_.writer.queue(event->event);
    } else if (const auto* note = std::get_if<Note>(&record)) {
      notes_.push_back(note->text);
    } else if (std::holds_alternative<Done>(record)) {
      completed_ = true;
    } else {
      ++rubbish_;
    }
  }

  void forward(OutputStream& stream) { send_output(stream, stream.read(output_)); }

  void send_output(const OutputStream& stream, const std::string& text) {
    if (!text.empty())
      engine_.writer.queue(
          {{"msg", "output"}, {"id", id_}, {"fd", stream.number()}, {"text", text}});
  }

  void finish(std::optional<Ending> ending) {
    if (killed_as_ != nullptr) {
      ::kill(-process_.pid, SIGKILL);
      ::kill(process_.pid, SIGKILL); // it may have left its group
      ending_of(process_.pid, 0);
      ending = Ending{killed_as_, 0};
    }
    const auto wall = Clock::now() - process_.fork;
    note_leftovers(reap_all(process_.pid));
    drain();
    if (killed_as_ == nullptr && output_.exceeded() && ending->how == std::string_view("exited"))
      ending = Ending{"flooded", 0}; // whether the kill came in time is no difference
    send_end(*ending, std::chrono::duration_cast<std::chrono::microseconds>(wall).count());
  }

  // Nobody holds the other ends any more; what is there is all there will be.
  void drain() {
    do
      read_events();
    while (!events_drained_ && event_bytes_ <= 2 * event_limit);
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
    notes_.push_back(killed_as_ == nullptr ? "left " + number + " behind"
                                           : number + " ended with it");
  }

  void send_end(const Ending& ending, std::int64_t wall) {
    if (rubbish_ > 0)
      notes_.push_back(std::to_string(rubbish_) + " unreadable on the event channel");
    std::string note;
    for (const std::string& part : notes_)
      note += (note.empty() ? "" : "; ") + part;
    engine_.writer.queue({{"msg", "end"},
                          {"id", id_},
                          {"how", ending.how},
                          {"code", ending.code},
                          {"completed", completed_},
                          {"us", wall},
                          {"note", note}});
    engine_.writer.flush();
  }

  const json& id_;
  const Program& program_;
  Spawned process_;
  Engine& engine_;
  Clock::time_point deadline_;
  OutputBudget output_;
  OutputStream out_;
  OutputStream err_;
  std::unique_ptr<char[]> record_; // room for the largest; what is cut is rubbish
  std::vector<std::string> notes_;
  std::uint64_t event_bytes_ = 0;
  size_t rubbish_ = 0;
  bool completed_ = false;
  bool events_drained_ = false;
  const char* killed_as_ = nullptr;
};

} // namespace

json not_run(const json& id, const std::string& why) {
  return {{"msg", "end"},       {"id", id}, {"how", "not_run"}, {"code", 0},
          {"completed", false}, {"us", 0},  {"note", why}};
}

void supervise(const json& id, const Program& program, const Runtime& runtime, Engine& engine) {
  engine.writer.flush(); // nothing unsent is inherited
  try {
    Watch(id, program, spawn(runtime, program, {engine.in, engine.writer.fd()}), engine).follow();
  } catch (const std::system_error& problem) {
    engine.writer.queue(not_run(id, problem.what()));
    engine.writer.flush();
  }
}

} // namespace pep554::host
