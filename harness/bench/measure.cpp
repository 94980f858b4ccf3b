#include "harness/bench/measure.h"

#include <chrono>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>

#include <sys/resource.h>

#include <nlohmann/json.hpp>

#include "harness/bench/floor_process.h"
#include "harness/bench/programs.h"
#include "harness/engine/host_process.h"
#include "harness/engine/scheduler.h"

namespace pep554::bench {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

double microseconds_since(Clock::time_point from) {
  return std::chrono::duration<double, std::micro>(Clock::now() - from).count();
}

void check(const History& history) {
  if (history.termination.kind != Termination::Kind::exited || history.termination.code != 0 ||
      !history.termination.completed)
    throw std::runtime_error("a program did not end well: " + history.termination.note +
                             history.err);
  for (const Event& event : history.events)
    if (event.kind == Event::Kind::returned && event.answer.status != Status::ok)
      throw std::runtime_error("a step was refused: " + event.answer.raised.message);
}

std::vector<std::string> plugin_of(const Subjects& subjects) {
  return {subjects.host.begin() + 1, subjects.host.end()};
}

// Executes one program `count` times with so many hosts.
class Ours {
public:
  Ours(const Subjects& subjects, unsigned jobs) : scheduler_({subjects.host, jobs}) {
    value_of(scheduler_.start());
  }

  void run(const Program& program, int count, const Scheduler::Done& done) {
    const std::vector<const Program*> programs(static_cast<size_t>(count), &program);
    std::optional<std::string> failure; // an exception would end a thread of the scheduler's
    scheduler_.run(programs, [&](size_t index, History history) {
      try {
        check(history);
      } catch (const std::runtime_error& problem) {
        failure = problem.what();
      }
      done(index, std::move(history));
    });
    if (failure)
      throw std::runtime_error(*failure);
  }

private:
  Scheduler scheduler_;
};

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// Processor time of this process and of all children that it has waited for.
double cpu_microseconds() {
  double sum = 0;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    ::getrusage(who, &usage);
    sum += seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
  }
  return sum * 1e6;
}

struct Rate {
  double a_second = 0;
  double cpu = 0; // microseconds a program
};

// The wall time excludes the first fifth: the scheduler starts its other hosts meanwhile.
Rate rate_of_ours(const Subjects& subjects, unsigned jobs, const Program& program, int count) {
  const double cpu = cpu_microseconds();
  const int ignored = count / 5;
  double wall = 0;
  {
    Ours ours(subjects, jobs);
    int done = 0;
    Clock::time_point start;
    ours.run(program, count, [&](size_t, const History&) {
      if (done++ == ignored)
        start = Clock::now();
    });
    wall = microseconds_since(start);
  }
  return {(count - ignored - 1) * 1e6 / wall, (cpu_microseconds() - cpu) / count};
}

// Each of `floors` executes its share at the same time.
Rate rate_of_floors(const Subjects& subjects, int floors, const std::string& program, int count) {
  const double cpu = cpu_microseconds();
  double wall = 0;
  {
    std::vector<std::unique_ptr<FloorProcess>> processes;
    for (int i = 0; i < floors; ++i) {
      processes.push_back(std::make_unique<FloorProcess>(subjects.floor, plugin_of(subjects)));
      processes.back()->ask(program, 1); // it is up
      processes.back()->answer();
    }
    const auto start = Clock::now();
    for (const auto& process : processes)
      process->ask(program, count / floors);
    for (const auto& process : processes)
      process->answer();
    wall = microseconds_since(start);
  }
  return {count * 1e6 / wall, (cpu_microseconds() - cpu) / count};
}

double peak_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes)
      return kibibytes * 1024;
  }
  throw std::runtime_error("/proc/self/status has no VmHWM");
}

} // namespace

json isolated(const Subjects& subjects, const std::string& program, const Size& size) {
  const auto host = value_of(HostProcess::start(subjects.host, std::chrono::seconds(60)));
  FloorProcess floor(subjects.floor, plugin_of(subjects));
  const Program measured = program_called(program);
  std::vector<double> ours;
  std::vector<double> theirs;
  for (int round = 0; round <= size.rounds; ++round) {
    floor.ask(program, size.batch);
    const std::vector<double> batch = floor.answer();
    std::vector<double> mine;
    for (int i = 0; i < size.batch; ++i) {
      const auto start = Clock::now();
      const auto history = host->run(measured); // without a stop token
      mine.push_back(microseconds_since(start));
      check(history.value());
    }
    if (round == 0)
      continue; // both have warmed up
    theirs.insert(theirs.end(), batch.begin(), batch.end());
    ours.insert(ours.end(), mine.begin(), mine.end());
  }
  return {{"ours", ours}, {"floor", theirs}};
}

json throughput(const Subjects& subjects, const std::string& program, const Size& size) {
  const Program measured = program_called(program);
  json found = json::object();
  for (int round = 0; round < size.rounds; ++round) {
    for (const int jobs : {1, 2}) {
      const std::string suffix = std::to_string(jobs);
      const int count = size.crowd * jobs;
      const Rate ours = rate_of_ours(subjects, static_cast<unsigned>(jobs), measured, count);
      const Rate floor = rate_of_floors(subjects, jobs, program, count);
      found["ours_" + suffix].push_back(ours.a_second);
      found["floor_" + suffix].push_back(floor.a_second);
      found["ours_cpu"].push_back(ours.cpu);
      found["floor_cpu"].push_back(floor.cpu);
    }
  }
  return found;
}

json endurance(const Subjects& subjects, const std::string& program, const Size& size) {
  const Program measured = program_called(program);
  const int tenth = std::max(1, size.many / 10);
  std::vector<double> tenths;
  int done = 0;
  Ours ours(subjects, 2);
  auto start = Clock::now();
  ours.run(measured, 10 * tenth, [&](size_t, const History&) {
    if (++done % tenth != 0)
      return;
    tenths.push_back(microseconds_since(start) / tenth);
    start = Clock::now();
  });
  return {{"count", 10 * tenth}, {"tenths", tenths}, {"peak_bytes", peak_bytes()}};
}

} // namespace pep554::bench
