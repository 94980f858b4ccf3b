#include "harness/bench/examples.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include <nlohmann/json.hpp>

#include "harness/bench/floor_process.h"
#include "harness/bench/programs.h"
#include "harness/engine/scheduler.h"
#include "harness/run/example.h"

namespace pep554::bench {
namespace {

using nlohmann::json;
using properties::Property;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t seed = 20170905;
constexpr unsigned crew = 2; // hosts, or floors, at once
// Programs until each host is there.
constexpr size_t warm_up = 200;

double seconds_since(Clock::time_point from) {
  return std::chrono::duration<double>(Clock::now() - from).count();
}

bool has_gates(const Program& program) {
  return program.lanes.size() != 1 ||
         std::ranges::any_of(program.lanes.front(), [](const Step& step) {
           return step.op == Op::open || step.op == Op::wait ||
                  step.text.find("$wait(") != std::string::npos ||
                  step.text.find("$open(") != std::string::npos;
         });
}

// The program without $emit: the floor evaluates the values too, but has no event channel.
Program without_emissions(Program program) {
  constexpr std::string_view macro = "$emit(";
  for (Step& step : program.lanes.front())
    for (size_t at = 0; (at = step.text.find(macro, at)) != std::string::npos;)
      step.text.replace(at, macro.size(), "(lambda v:str(v).encode().hex())(");
  return program;
}

class Examples {
public:
  Examples(const Property& property, const std::vector<std::string>& clauses)
      : property_(property), clauses_(clauses) {}

  Example operator[](std::uint64_t number) const {
    return {property_, generate(property_.profile, seed, number), clauses_};
  }

  // The first ones of which the floor knows every operation.
  std::vector<std::uint64_t> simple(size_t count) const {
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t number = 0; numbers.size() < count; ++number) {
      const Example example = (*this)[number];
      if (example.cases().size() == 1 && !has_gates(example.cases().front().program))
        numbers.push_back(number);
    }
    return numbers;
  }

private:
  const Property& property_;
  const std::vector<std::string>& clauses_;
};

double rate_of_ours(const Subjects& subjects, const Examples& all,
                    const std::vector<std::uint64_t>& numbers) {
  Scheduler scheduler({subjects.host, crew});
  value_of(scheduler.start());
  const Program nothing = program_called("nothing");
  std::atomic<size_t> failures = 0;
  std::atomic<Clock::rep> start = 0;
  scheduler.run(
      [&](size_t index) -> std::optional<Program> {
        if (index < warm_up)
          return nothing;
        if (index == warm_up)
          start = Clock::now().time_since_epoch().count();
        if (index - warm_up >= numbers.size())
          return std::nullopt;
        return all[numbers[index - warm_up]].cases().front().program;
      },
      [&](size_t index, const History& history) {
        if (index >= warm_up &&
            failure_of(all[numbers[index - warm_up]].cases(), {history}, Baseline{}))
          ++failures;
      });
  if (failures > 0)
    throw std::runtime_error(std::to_string(failures) + " examples failed");
  return static_cast<double>(numbers.size()) /
         seconds_since(Clock::time_point(Clock::duration(start)));
}

double rate_of_floors(const Subjects& subjects, const std::vector<Program>& programs) {
  const std::vector<std::string> plugin(subjects.host.begin() + 1, subjects.host.end());
  std::vector<std::unique_ptr<FloorProcess>> floors;
  for (unsigned i = 0; i < crew; ++i) {
    floors.push_back(std::make_unique<FloorProcess>(subjects.floor, plugin));
    floors.back()->ask("nothing", 1); // it is up
    floors.back()->answer();
  }
  std::atomic<size_t> next = 0;
  std::atomic<bool> gone = false;
  const auto start = Clock::now();
  {
    std::vector<std::jthread> threads;
    threads.reserve(floors.size());
    for (const auto& floor : floors)
      threads.emplace_back([&] {
        try {
          for (size_t mine = 0; (mine = next++) < programs.size();) {
            floor->send(programs[mine]);
            floor->ask("script", 1);
            floor->answer();
          }
        } catch (const std::runtime_error&) {
          gone = true;
        }
      });
  }
  if (gone)
    throw std::runtime_error("the floor has gone");
  return static_cast<double>(programs.size()) / seconds_since(start);
}

} // namespace

json examples(const Subjects& subjects, const Property& property,
              const std::vector<std::string>& clauses, const Size& size) {
  const Examples all(property, clauses);
  const std::vector<std::uint64_t> numbers = all.simple(static_cast<size_t>(size.crowd));
  std::vector<Program> programs;
  size_t operations = 0;
  for (const std::uint64_t number : numbers) {
    programs.push_back(without_emissions(all[number].cases().front().program));
    operations += programs.back().lanes.front().size();
  }
  json found{{"operations", static_cast<double>(operations) / static_cast<double>(numbers.size())}};
  for (int round = 0; round < std::max(1, size.rounds / 4); ++round) {
    found["ours"].push_back(rate_of_ours(subjects, all, numbers));
    found["floor"].push_back(rate_of_floors(subjects, programs));
  }
  return found;
}

} // namespace pep554::bench
