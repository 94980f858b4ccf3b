// Runs the lanes of a program, each on a thread of its own, and reports every step to a listener.
#pragma once

#include "harness/host/executor.h"
#include "harness/host/stall_detector.h"
#include "harness/host/steps.h"

namespace pep554::host {

class Lanes {
public:
  // Code writes its emissions to `emit_fd`. Throws std::system_error when the gates cannot be
  // made. The arguments outlive it.
  Lanes(const Runtime& runtime, const Program& program, StepListener& listener, int emit_fd);

  // Lane 0 runs on the calling thread, which is the runtime's. True when every lane came to the end
  // of its last step; false when one could not be started, which its first step then answers, or
  // when the lanes deadlock at gates.
  bool run();

private:
  bool run_attached(size_t lane);
  bool run_steps(size_t lane);
  bool perform(size_t lane, size_t index);
  nlohmann::json answer(const Step& step, size_t lane, size_t index);
  void report_answer(size_t lane, size_t index, const nlohmann::json& answer);
  void refuse(size_t lane, const nlohmann::json& answer);

  const Runtime& runtime_;
  const Program& program_;
  StepListener& listener_;
  Gates gates_;
  Executor executor_;
  StallDetector stalls_;
};

} // namespace pep554::host
