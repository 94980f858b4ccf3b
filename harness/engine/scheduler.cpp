#include "harness/engine/scheduler.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "harness/engine/surroundings.h"

namespace pep554 {
namespace {

// Executes a program on a host, and starts a new one where that has gone. Nothing when it was
// stopped.
std::optional<History> run_on(std::unique_ptr<HostProcess>& host, const SchedulerOptions& options,
                              const StopSignal& stop, const Program& program,
                              StartMode start_mode) {
  if (stop.given())
    return std::nullopt;
  if (!host || !host->alive()) {
    auto started = HostProcess::start(options.command, options.startup_timeout, stop.fd());
    if (!started && stop.given())
      return std::nullopt;
    if (!started) {
      History history;
      history.termination.note = started.error().message;
      return history;
    }
    host = std::move(*started);
  }
  auto history = host->run(program, start_mode);
  if (history)
    history->shortage = shortage(program);
  return history;
}

} // namespace

Result<> Scheduler::start(std::stop_token stop) {
  stop_ = std::make_unique<StopSignal>(std::move(stop));
  return HostProcess::start(options_.command, options_.startup_timeout, stop_->fd())
      .map([this](std::unique_ptr<HostProcess> first) {
        first_ = std::move(first);
        hello_ = first_->hello();
      });
}

void Scheduler::run(const std::vector<const Program*>& programs, const Done& done) {
  run(
      [&programs](size_t index) {
        return index < programs.size() ? std::optional(*programs[index]) : std::nullopt;
      },
      done);
}

void Scheduler::run(const Next& next, const Done& done) {
  std::atomic<size_t> count{0};
  std::mutex reporting;
  const auto work = [&](std::unique_ptr<HostProcess> host) {
    while (true) {
      const size_t index = count++;
      const auto program = next(index);
      auto history = program ? run_on(host, options_, *stop_, *program, StartMode::fork)
                             : std::optional<History>();
      if (!history)
        return;
      const std::lock_guard lock(reporting);
      done(index, std::move(*history));
    }
  };
  std::vector<std::jthread> threads;
  try {
    for (unsigned i = 1; i < options_.jobs; ++i)
      threads.emplace_back(work, nullptr);
  } catch (const std::system_error&) { // so many have to do
  }
  work(std::move(first_));
}

std::optional<History> Scheduler::run_alone(const Program& program, StartMode start_mode,
                                            Host host) {
  if (host == Host::another)
    exclusive_host_.reset();
  else if (!exclusive_host_)
    exclusive_host_ = std::move(first_); // null where it has left
  return run_on(exclusive_host_, options_, *stop_, program, start_mode);
}

} // namespace pep554
