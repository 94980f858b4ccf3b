#include "harness/engine/leak.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

namespace pep554 {
namespace {

// With fewer repetitions nothing is clear.
constexpr size_t fewest = 16;
constexpr size_t quarters = 4;
// The least leak of memory, in bytes per repetition.
constexpr double least_memory = 4096;
// ... and in all, from the first quarter of the repetitions to the last: an allocator that still
// finds its size, and the kernel, which counts pages by processor, blur less.
constexpr double least_memory_in_all = 1024.0 * 1024;
// The least leak of a counted resource: one per four repetitions.
constexpr double least_count = 0.25;

struct Resource {
  std::int64_t ResourceUsage::*amount;
  std::string_view name;
  const char* what; // as the reason names it
  bool bytes;
};
constexpr std::array<Resource, 5> resources{{
    {&ResourceUsage::descriptors, "descriptors", "open descriptors", false},
    {&ResourceUsage::threads, "threads", "threads", false},
    {&ResourceUsage::processes, "processes", "processes", false},
    {&ResourceUsage::files, "files", "temporary files", false},
    {&ResourceUsage::memory, "memory", "memory", true},
}};

// The resource usage after each repetition, without the warm-up.
std::vector<ResourceUsage> series(const Program& program, const History& history) {
  std::vector<ResourceUsage> held;
  for (const Event& event : history.events)
    if (event.kind == Event::Kind::measured &&
        event.repetition > static_cast<std::int64_t>(program.repeat / 8))
      held.push_back(event.held);
  return held;
}

double median_of_quarter(const std::vector<ResourceUsage>& held, size_t quarter,
                         std::int64_t ResourceUsage::*amount) {
  const size_t from = held.size() * quarter / quarters;
  const size_t to = held.size() * (quarter + 1) / quarters;
  std::vector<std::int64_t> values;
  for (size_t i = from; i < to; ++i)
    values.push_back(held[i].*amount);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return static_cast<double>(*middle);
}

// By how much it grows each time, if it grows from each quarter to the next, by about as much.
std::optional<double> growth(const std::vector<ResourceUsage>& held,
                             std::int64_t ResourceUsage::*amount) {
  std::array<double, quarters> medians{};
  for (size_t quarter = 0; quarter < quarters; ++quarter)
    medians[quarter] = median_of_quarter(held, quarter, amount);
  const double mean = (medians.back() - medians.front()) / (quarters - 1);
  for (size_t quarter = 1; quarter < quarters; ++quarter)
    if (medians[quarter] - medians[quarter - 1] < mean / 2 || mean <= 0)
      return std::nullopt;
  return mean * quarters / static_cast<double>(held.size());
}

bool is_clear(double each, size_t repetitions, bool bytes) {
  if (!bytes)
    return each >= least_count;
  const double in_all = each * static_cast<double>(repetitions) * (quarters - 1) / quarters;
  return each >= least_memory && in_all >= least_memory_in_all;
}

std::string words(double each, const Resource& resource) {
  if (!resource.bytes)
    return fmt::format("{:.3g} {}", each, resource.what);
  return each < 1024.0 * 1024 ? fmt::format("{:.1f} KiB of memory", each / 1024)
                              : fmt::format("{:.1f} MiB of memory", each / 1024 / 1024);
}

// The step that grew most, if it is the greater part.
std::optional<StepRef> culprit(const Program& program, const History& history,
                               std::int64_t ResourceUsage::*amount) {
  const Event* most = nullptr;
  double all = 0; // a program may say any numbers
  for (const Event& event : history.events) {
    if (event.kind != Event::Kind::grown)
      continue;
    all += static_cast<double>(event.held.*amount);
    if (most == nullptr || event.held.*amount > most->held.*amount)
      most = &event;
  }
  const bool known = most != nullptr && most->at.lane < program.lanes.size() &&
                     most->at.step < program.lanes[most->at.lane].size();
  if (!known || most->held.*amount <= 0 || static_cast<double>(most->held.*amount) < all / 2)
    return std::nullopt;
  return most->at;
}

} // namespace

Program baseline_program() {
  Program program;
  program.lanes = {{{Op::open, "", "", "gate"}}};
  program.repeat = 64;
  return program;
}

Baseline baseline_from(const History& history) {
  const std::vector<ResourceUsage> held = series(baseline_program(), history);
  if (held.size() < fewest)
    return {};
  return {std::max(0.0, growth(held, &ResourceUsage::memory).value_or(0))};
}

std::string too_few_repetitions(const Program& program, const History& history) {
  const size_t wanted = program.repeat - program.repeat / 8;
  const size_t measured = series(program, history).size();
  return wanted >= fewest && measured < fewest
             ? fmt::format("only {} of {} repetitions were measured in time: too few to see a leak",
                           measured, wanted)
             : "";
}

std::optional<Leak> leak_in(const Program& program, const History& history,
                            const Baseline& baseline) {
  const std::vector<ResourceUsage> held = series(program, history);
  if (held.size() < fewest)
    return std::nullopt;
  for (const Resource& resource : resources) {
    const auto each = growth(held, resource.amount);
    const double own = resource.bytes ? baseline.memory : 0;
    if (!each || !is_clear(*each - own, held.size(), resource.bytes))
      continue;
    const auto at = culprit(program, history, resource.amount);
    return Leak{fmt::format("{} leaked per repetition{} (over {} repetitions)",
                            words(*each - own, resource),
                            at ? ", by " + render(program.lanes[at->lane][at->step]) : "",
                            held.size()),
                resource.name, at};
  }
  return std::nullopt;
}

} // namespace pep554
