#include "harness/host/steps.h"

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/host/executor.h"

namespace pep554::host {

using nlohmann::json;

void StepEvents::up(size_t lane) {
  json event = events_.event("lane", lane, 0);
  event["text"] = std::to_string(::gettid());
  events_.write(event);
}

void StepEvents::called(size_t lane, size_t step) {
  events_.write(events_.event("called", lane, step));
}

void StepEvents::returned(size_t lane, size_t step, const json& answer) {
  json event = events_.event("returned", lane, step);
  event["answer"] = answer;
  if (events_.write(event))
    return;
  event["answer"] = answer_of(PEP554_FAILED, "the answer is too large for the event channel");
  events_.write(event);
}

} // namespace pep554::host
