#include "harness/host/lanes.h"

#include <atomic>
#include <system_error>
#include <thread>

#include <nlohmann/json.hpp>
#include <unistd.h>

namespace pep554::host {

using nlohmann::json;

Lanes::Lanes(const Runtime& runtime, const Program& program, const EventChannel& events)
    : runtime_(runtime), program_(program), events_(events), gates_(gates_of(program)),
      executor_(runtime, gates_, events.fd()) {}

bool Lanes::run() {
  const size_t count = program_.lanes.size();
  // All or none: a lane without the others would wait at their gates for ever.
  if (count > 1 && runtime_.plugin.thread == nullptr) {
    for (size_t lane = 0; lane < count; ++lane)
      refuse(lane, answer_of(PEP554_UNSUPPORTED, "the plugin lacks " PEP554_EXT_THREAD));
    return false;
  }
  std::atomic<bool> complete = true;
  std::vector<std::thread> threads;
  for (size_t lane = 1; lane < count; ++lane) {
    try {
      threads.emplace_back([this, lane, &complete] {
        if (!run_attached(lane))
          complete = false;
      });
    } catch (const std::system_error& problem) {
      refuse(lane, answer_of(PEP554_FAILED, std::string("no thread: ") + problem.what()));
      complete = false;
    }
  }
  if (count > 0)
    run_steps(0);
  for (std::thread& thread : threads)
    thread.join();
  return complete;
}

bool Lanes::run_attached(size_t lane) {
  void* state = nullptr;
  ErrorRecord error;
  const pep554_status_t status = runtime_.plugin.thread->attach(runtime_.handle, &state, &error);
  if (status != PEP554_OK) {
    refuse(lane, answer_of(status, error));
    return false;
  }
  run_steps(lane);
  runtime_.plugin.thread->detach(runtime_.handle, state);
  return true;
}

void Lanes::run_steps(size_t lane) {
  json up = events_.event("lane", lane, 0);
  up["text"] = std::to_string(::gettid());
  events_.write(up);
  const std::vector<Step>& steps = program_.lanes[lane];
  for (size_t step = 0; step < steps.size(); ++step) {
    events_.write(events_.event("called", lane, step));
    report(lane, step, perform(steps[step], lane, step));
  }
}

// Memory may be limited: what the host itself cannot do is no crash of the implementation.
json Lanes::perform(const Step& step, size_t lane, size_t index) {
  try {
    return executor_.perform(step, lane, index);
  } catch (const std::exception& problem) {
    return answer_of(PEP554_FAILED, std::string("the host: ") + problem.what());
  }
}

void Lanes::report(size_t lane, size_t step, json answer) {
  json event = events_.event("returned", lane, step);
  event["answer"] = std::move(answer);
  if (events_.write(event))
    return;
  event["answer"] = answer_of(PEP554_FAILED, "the answer is too large for the event channel");
  events_.write(event);
}

void Lanes::refuse(size_t lane, const json& answer) {
  if (program_.lanes[lane].empty())
    return;
  events_.write(events_.event("called", lane, 0));
  report(lane, 0, answer);
}

} // namespace pep554::host
