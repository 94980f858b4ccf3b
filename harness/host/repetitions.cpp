#include "harness/host/repetitions.h"

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <nlohmann/json.hpp>

#include "harness/host/descriptor.h"
#include "harness/host/lanes.h"
#include "harness/host/resource_usage.h"

namespace pep554::host {
namespace {

using nlohmann::json;

// Measures around each step, and is silent where a later repetition goes as the first.
class RepeatedSteps : public StepListener {
public:
  RepeatedSteps(const Program& program, const EventChannel& events)
      : events_(events), steps_(events), single_(program.lanes.size() == 1),
        grown_(single_ ? program.lanes[0].size() : 0) {}

  void begin(std::uint64_t repetition, bool counts) {
    first_ = repetition == 1;
    counts_ = counts;
  }
  bool differed() const { return differed_; } // between repetitions

  void up(size_t lane) override {
    if (first_)
      steps_.up(lane);
  }

  void called(size_t lane, size_t step) override {
    steps_.called(lane, step);
    if (single_)
      before_ = resource_usage();
  }

  void returned(size_t lane, size_t step, const json& answer) override {
    if (single_ && counts_)
      grown_[step] += resource_usage() - before_;
    const bool different = differs({lane, step}, answer.at("status"));
    if (first_ || different)
      steps_.returned(lane, step, answer);
  }

  void send_growth() const {
    for (size_t step = 0; step < grown_.size(); ++step) {
      json event = events_.event("grown", 0, step);
      add_fields(grown_[step], event);
      events_.write(event);
    }
  }

private:
  using StepKey = std::pair<size_t, size_t>;

  bool differs(StepKey key, const std::string& status) {
    const std::lock_guard lock(mutex_);
    const auto [known, fresh] = statuses_.emplace(key, status);
    const bool different = !fresh && known->second != status;
    differed_ = differed_ || different;
    return different;
  }

  const EventChannel& events_;
  StepEvents steps_;
  bool single_;
  bool first_ = true;
  bool counts_ = false;
  bool differed_ = false;
  ResourceUsage before_;
  std::vector<ResourceUsage> grown_;
  std::mutex mutex_;
  std::map<StepKey, std::string> statuses_; // of the first time
};

void send_usage(const EventChannel& events, std::uint64_t repetition) {
  json event = events.event("measured", 0, 0);
  event["repetition"] = repetition;
  add_fields(resource_usage(), event);
  event["files"] = temporary_files();
  events.write(event);
}

bool repeat(const Runtime& runtime, const Program& program, const EventChannel& events) {
  const auto until = EventChannel::Clock::now() + program.deadline * 3 / 4;
  const Descriptor nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  RepeatedSteps steps(program, events);
  send_usage(events, 0);
  bool complete = true;
  for (std::uint64_t n = 1; complete && n <= program.repeat && !steps.differed(); ++n) {
    steps.begin(n, n > program.repeat / 8);
    Lanes lanes(runtime, program, steps, n == 1 ? events.fd() : nowhere.get());
    complete = lanes.run();
    if (!complete)
      break;
    send_usage(events, n);
    if (EventChannel::Clock::now() >= until)
      break;
  }
  steps.send_growth();
  return complete;
}

} // namespace

bool run_lanes(const Runtime& runtime, const Program& program, const EventChannel& events) {
  if (program.repeat > 1)
    return repeat(runtime, program, events);
  StepEvents steps(events);
  // Never destroyed: handles are still held when the runtime is finalized and the process ends.
  auto* lanes = new Lanes(runtime, program, steps, events.fd());
  return lanes->run();
}

} // namespace pep554::host
