// See session.h.
#include "impl/low/session.h"

#include "impl/common/version.h"
#include "impl/low/runtime_access.h"
#include "impl/low/stack.h"

#include <semaphore.h>
#include <signal.h>

#include <atomic>
#include <cerrno>
#include <ctime>
#include <system_error>
#include <thread>

namespace pep554 {

static PyThreadState* new_state(PyInterpreterState* interp) {
  if (kKeepsFirstState && pep554_other_state(interp, nullptr) == nullptr) {
    PyErr_Format(PyExc_RuntimeError, "interpreter %lld has lost its thread state",
                 static_cast<long long>(PyInterpreterState_GetID(interp)));
    return nullptr;
  }
  PyThreadState* state = PyThreadState_New(interp);
  if (state == nullptr)
    PyErr_NoMemory(); // GCOVR_EXCL_LINE: only without memory
  return state;
}

static uint64_t this_thread() {
  static std::atomic<uint64_t> threads = 0;
  static thread_local const uint64_t number = ++threads;
  return number;
}

static PyThreadState* obtain_state(PyInterpreterState* interp, Parked* parked) {
  if (parked == nullptr || parked->state == nullptr)
    return new_state(interp);
  PyThreadState* state = std::exchange(parked->state, nullptr);
  pep554_unpark(state, parked->thread == this_thread());
  return state;
}

Session::Session(PyInterpreterState* interp, Parked* parked)
    : caller_(PyThreadState_Get()), known_(PyGILState_GetThisThreadState()), parked_(parked),
      state_(check_stack() ? obtain_state(interp, parked) : nullptr) {
  if (state_ == nullptr)
    return;
  pep554_set_gilstate(state_);
  in_python([this] { PyThreadState_Swap(state_); });
  depth_.emplace(state_, caller_);
}

void Session::allow_depth() {
  constexpr int kDepth = 100; // of the 256 KiB of stack that there are, see stack.cpp
  depth_->allow(state_, kDepth);
}

void Session::return_to_caller() {
  pep554_set_gilstate(known_);
  in_python([this] { PyThreadState_Swap(caller_); });
}

void Session::leave() {
  if (state_ == nullptr)
    return;
  allow_depth();
  // While it is still current: what dies with it may have destructors, and they belong in there.
  if (parked_ != nullptr && in_python([this] { return pep554_scrub(state_); }) != 0)
    keep();
  else
    free();
}

void Session::keep() {
  depth_->end(state_);
  pep554_park(state_);
  return_to_caller();
  *parked_ = {std::exchange(state_, nullptr), this_thread()};
}

void Session::free() {
  if (auto* heir = pep554_other_state(state_->interp, state_))
    pass_on_delete(state_, heir);
  in_python([this] { PyThreadState_Clear(state_); });
  return_to_caller();
  PyThreadState_Delete(std::exchange(state_, nullptr));
}

void Session::end_interpreter() {
  in_python([this] { Py_EndInterpreter(std::exchange(state_, nullptr)); });
  return_to_caller();
}

namespace {

// The data of hold_forever's thread; never freed, as the thread never ends.
struct Hold {
  PyThreadState* state;
  sem_t held;
};

void hold(Hold* hold) {
  in_python([hold] { PyEval_RestoreThread(hold->state); });
  sem_post(&hold->held);
  for (;;)
    pause();
}

// False where the process may not have any more threads.
template <class Function>
bool start(const Function& function) {
  try {
    std::thread(function).detach();
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

void wait_for(sem_t* held) {
  constexpr int kSeconds = 5;
  timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += kSeconds;
  PyThreadState* caller = PyEval_SaveThread();
  while (sem_clockwait(held, CLOCK_MONOTONIC, &until) != 0 && errno == EINTR) {
  }
  in_python([caller] { PyEval_RestoreThread(caller); });
}

} // namespace

void hold_forever(PyInterpreterState* interp) {
  auto* one = new Hold;
  sem_init(&one->held, 0, 0);
  // Signals are for other threads.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const bool started = start([one, interp] {
    one->state = PyThreadState_New(interp);
    hold(one);
  });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (started)
    wait_for(&one->held);
}

} // namespace pep554
