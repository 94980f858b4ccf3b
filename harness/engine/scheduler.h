// Executes many programs on several hosts at once. When a host dies, only its current program is
// affected; a new host replaces it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "harness/engine/history.h"
#include "harness/engine/host_process.h"
#include "harness/engine/program.h"
#include "harness/engine/stop_signal.h"

namespace pep554 {

struct SchedulerOptions {
  std::vector<std::string> command;                  // starts one host
  unsigned jobs = 1;                                 // hosts at once, at least 1
  std::chrono::milliseconds startup_timeout{60'000}; // for a host's `hello`
};

class Scheduler {
public:
  explicit Scheduler(SchedulerOptions options) : options_(std::move(options)) {}

  // Starts the first host. A request through `stop`, from any thread and from `done` too, ends this
  // and run at once. The error says in one line why the target did not start.
  Result<> start(std::stop_token stop = {});
  const Hello& hello() const { return hello_; } // after start

  // Called once for each program, from any of the scheduler's threads, never from two at a time.
  using Done = std::function<void(size_t index, History history)>;

  // Executes every program and returns when all are done. Programs that no host could be started
  // for end as "not-run", with the reason as the note. When it is stopped, programs that have not
  // ended are killed and never handed over. When this returns, every host has left. Once, after
  // start.
  void run(const std::vector<const Program*>& programs, const Done& done);

  // The same with programs that are made when their turn comes, by any of the scheduler's threads,
  // several at a time, until there are no more.
  using Next = std::function<std::optional<Program>(size_t index)>;
  void run(const Next& next, const Done& done);

  // Executes one program alone, always on the same host, or on a new one. Nothing when it was
  // stopped. After start.
  enum class Host { same, another };
  std::optional<History> run_alone(const Program& program, StartMode start_mode,
                                   Host host = Host::same);

private:
  SchedulerOptions options_;
  std::unique_ptr<StopSignal> stop_;
  std::unique_ptr<HostProcess> first_; // until it is used
  std::unique_ptr<HostProcess> exclusive_host_;
  Hello hello_;
};

} // namespace pep554
