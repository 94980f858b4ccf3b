// Listeners to the steps of a program.
#pragma once

#include <cstddef>

#include <nlohmann/json_fwd.hpp>

#include "harness/host/events.h"

namespace pep554::host {

// Called by every lane on its own thread.
class StepListener {
public:
  StepListener() = default;
  virtual ~StepListener() = default;
  StepListener(const StepListener&) = delete;
  StepListener& operator=(const StepListener&) = delete;

  virtual void up(size_t lane) = 0; // its thread runs
  virtual void called(size_t lane, size_t step) = 0;
  virtual void returned(size_t lane, size_t step, const nlohmann::json& answer) = 0;
};

// Sends an event of each.
class StepEvents : public StepListener {
public:
  explicit StepEvents(const EventChannel& events) : events_(events) {}

  void up(size_t lane) override;
  void called(size_t lane, size_t step) override;
  void returned(size_t lane, size_t step, const nlohmann::json& answer) override;

private:
  const EventChannel& events_;
};

} // namespace pep554::host
