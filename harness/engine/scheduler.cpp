#include "harness/engine/scheduler.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

namespace pep554 {
namespace {

// One thread's share: takes the next program, executes it on its host, hands the history over.
class Worker {
public:
  Worker(const SchedulerOptions& options, std::unique_ptr<HostProcess> host)
      : options_(options), host_(std::move(host)) {}

  History run(const Program& program) {
    std::string error;
    if (!host_ || !host_->alive())
      host_ = HostProcess::start(options_.command, options_.patience, error);
    if (host_)
      return host_->run(program);
    History history;
    history.ending.note = error;
    return history;
  }

private:
  const SchedulerOptions& options_;
  std::unique_ptr<HostProcess> host_;
};

} // namespace

bool Scheduler::start(std::string& error) {
  first_ = HostProcess::start(options_.command, options_.patience, error);
  if (!first_)
    return false;
  hello_ = first_->hello();
  return true;
}

void Scheduler::run(const std::vector<const Program*>& programs, const Done& done) {
  std::atomic<size_t> next{0};
  std::mutex reporting;
  const auto work = [&](std::unique_ptr<HostProcess> host) {
    Worker worker(options_, std::move(host));
    for (size_t i = next++; i < programs.size(); i = next++) {
      History history = worker.run(*programs[i]);
      const std::lock_guard lock(reporting);
      done(i, std::move(history));
    }
  };
  const size_t wanted = std::clamp<size_t>(options_.jobs, 1, std::max<size_t>(programs.size(), 1));
  std::vector<std::jthread> threads;
  for (size_t i = 1; i < wanted; ++i)
    threads.emplace_back(work, nullptr);
  work(std::move(first_));
}

} // namespace pep554
