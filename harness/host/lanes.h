// Runs the lanes of a program, each on a thread of its own, and reports every step.
#pragma once

#include "harness/host/events.h"
#include "harness/host/executor.h"

namespace pep554::host {

class Lanes {
public:
  // Throws std::system_error when the gates cannot be made. The arguments outlive it.
  Lanes(const Runtime& runtime, const Program& program, const EventChannel& events);

  // Lane 0 runs on the calling thread, which is the runtime's. True when every lane came to the end
  // of its last step; false when one could not be started, which its first step then answers.
  bool run();

private:
  bool run_attached(size_t lane);
  void run_steps(size_t lane);
  nlohmann::json perform(const Step& step, size_t lane, size_t index);
  void report(size_t lane, size_t step, nlohmann::json answer);
  void refuse(size_t lane, const nlohmann::json& answer);

  const Runtime& runtime_;
  const Program& program_;
  const EventChannel& events_;
  Gates gates_;
  Executor executor_;
};

} // namespace pep554::host
