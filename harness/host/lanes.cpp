#include "harness/host/lanes.h"

#include <atomic>
#include <chrono>
#include <system_error>
#include <thread>

#include <nlohmann/json.hpp>

#include <signal.h>
#include <unistd.h>

#include "harness/host/traces.h"

namespace pep554::host {

using nlohmann::json;

namespace {

// A thread can be joined before the kernel has taken it off the process's tasks, where what is
// measured next would count it.
void wait_until_gone(pid_t thread) {
  while (::tgkill(::getpid(), thread, 0) == 0)
    std::this_thread::sleep_for(std::chrono::microseconds(100));
}

} // namespace

Lanes::Lanes(const Runtime& runtime, const Program& program, StepListener& listener, int emit_fd)
    : runtime_(runtime), program_(program), listener_(listener), gates_(gates_of(program)),
      executor_(runtime, gates_, emit_fd), stalls_(program.lanes.size()) {}

bool Lanes::run() {
  const size_t count = program_.lanes.size();
  // All or none: a lane without the others would wait at their gates for ever.
  if (count > 1 && runtime_.plugin.thread == nullptr) {
    for (size_t lane = 0; lane < count; ++lane)
      refuse(lane, answer_of(PEP554_UNSUPPORTED, "the plugin lacks " PEP554_EXT_THREAD));
    return false;
  }
  std::atomic<size_t> completed = 0; // a lane whose thread was ended under it is none
  std::vector<std::thread> threads;
  std::vector<pid_t> numbers(count); // each written by the thread itself
  for (size_t lane = 1; lane < count; ++lane) {
    try {
      threads.emplace_back([this, lane, &completed, &numbers] {
        numbers[lane] = ::gettid();
        const AlternateStack stack;
        if (run_attached(lane))
          ++completed;
      });
    } catch (const std::system_error& problem) {
      refuse(lane, answer_of(PEP554_FAILED, std::string("no thread: ") + problem.what()));
    }
  }
  if (count > 0 && run_steps(0))
    ++completed;
  for (std::thread& thread : threads)
    thread.join();
  for (const pid_t thread : numbers)
    if (thread != 0)
      wait_until_gone(thread);
  return completed == count;
}

bool Lanes::run_attached(size_t lane) {
  void* state = nullptr;
  ErrorRecord error;
  const pep554_status_t status = runtime_.plugin.thread->attach(runtime_.handle, &state, &error);
  if (status != PEP554_OK) {
    refuse(lane, answer_of(status, error));
    return false;
  }
  const bool complete = run_steps(lane);
  runtime_.plugin.thread->detach(runtime_.handle, state);
  return complete;
}

bool Lanes::run_steps(size_t lane) {
  listener_.up(lane);
  bool complete = true;
  for (size_t step = 0; complete && step < program_.lanes[lane].size(); ++step)
    complete = perform(lane, step);
  stalls_.lane_blocked();
  return complete;
}

// False when the step can have no answer any more.
bool Lanes::perform(size_t lane, size_t index) {
  const Step& step = program_.lanes[lane][index];
  listener_.called(lane, index);
  if (step.op == Op::wait && !gates_.wait(step.text, stalls_)) {
    stalls_.lane_resumed(); // to the lane's end
    return false;
  }
  report_answer(lane, index, answer(step, lane, index));
  return true;
}

// Memory may be limited: what the host itself cannot do is no crash of the implementation.
json Lanes::answer(const Step& step, size_t lane, size_t index) {
  try {
    return executor_.perform(step, lane, index);
  } catch (const std::exception& problem) {
    return answer_of(PEP554_FAILED, std::string("the host: ") + problem.what());
  }
}

void Lanes::report_answer(size_t lane, size_t index, const json& answer) {
  const json& status = answer.at("status");
  if (status == "unsupported" || status == "failed")
    stalls_.step_failed();
  listener_.returned(lane, index, answer);
}

void Lanes::refuse(size_t lane, const json& answer) {
  stalls_.lane_blocked();
  if (program_.lanes[lane].empty())
    return;
  listener_.called(lane, 0);
  report_answer(lane, 0, answer);
}

} // namespace pep554::host
