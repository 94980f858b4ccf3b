// See gate.h.
#include "impl/low/gate.h"

#include "impl/common/python.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>
#include <optional>
#include <thread>

namespace pep554 {

namespace {

struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  int changes = 0; // under way
  int halts = 0;
  std::optional<std::thread::id> closer; // who may go on once it is closed
};

// Never destroyed: a thread stopped by the runtime's finalization may outlive static destructors.
Gate& gate() {
  static auto* const one = new Gate;
  return *one;
}

// Counts of this thread: it may fork or exit in a destructor that its own change calls.
thread_local int own_changes = 0;
thread_local int own_halts = 0;

using Lock = std::unique_lock<std::mutex>;

bool is_closed_for_me() {
  return gate().closer && *gate().closer != std::this_thread::get_id();
}

bool is_closed_by_me() {
  return gate().closer && *gate().closer == std::this_thread::get_id();
}

constexpr std::chrono::seconds kLongest{5};

template <class Wait>
void without_gil(Lock& lock, const Wait& wait) {
  lock.unlock();
  PyThreadState* state = PyEval_SaveThread();
  lock.lock();
  wait();
  lock.unlock();
  in_python([state] { PyEval_RestoreThread(state); });
  lock.lock();
}

void wait_for_others(Lock& lock) {
  const auto quiet = [] { return gate().changes <= own_changes; };
  if (!quiet())
    without_gil(lock, [&] { gate().changed.wait_for(lock, kLongest, quiet); });
}

} // namespace

Change::Change() {
  if (own_halts > 0) {
    refusal_ = "forks";
    return;
  }
  Lock lock(gate().mutex);
  const auto open = [] { return gate().halts == 0 || own_changes > 0 || is_closed_by_me(); };
  const auto until = std::chrono::steady_clock::now() + kLongest;
  while (!open() && std::chrono::steady_clock::now() < until)
    without_gil(lock, [&] { gate().changed.wait_until(lock, until, open); });
  refusal_ = is_closed_for_me() ? "exits" : open() ? nullptr : "forks";
  if (refusal_ != nullptr)
    return;
  ++gate().changes;
  ++own_changes;
}

Change::~Change() {
  if (refusal_ != nullptr)
    return;
  const Lock lock(gate().mutex);
  --gate().changes;
  --own_changes;
  gate().changed.notify_all();
}

void halt_changes() {
  Lock lock(gate().mutex);
  ++gate().halts;
  ++own_halts;
  wait_for_others(lock);
}

void resume_changes() {
  if (own_halts == 0)
    return;
  const Lock lock(gate().mutex);
  --gate().halts;
  --own_halts;
  gate().changed.notify_all();
}

void close_gate() {
  Lock lock(gate().mutex);
  gate().closer = std::this_thread::get_id();
  wait_for_others(lock);
}

bool is_gate_closed() {
  const Lock lock(gate().mutex);
  return gate().closer.has_value();
}

void reset_gate() {
  const Lock lock(gate().mutex);
  Gate& one = gate();
  new (&one.changed) std::condition_variable; // no thread waits, whatever its state
  one.changes = own_changes;
  one.halts = own_halts = 0;
  one.closer.reset();
}

void lock_gate_for_fork() {
  gate().mutex.lock();
}

void unlock_gate_after_fork() {
  gate().mutex.unlock();
}

} // namespace pep554
