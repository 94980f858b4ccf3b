// Keeps apart what must not happen at the same time where each interpreter has a GIL of its own:
// interpreters being made or ended, and the process forking or exiting. Threads: any.
#pragma once

namespace pep554 {

// An interpreter is being made or ended, for the life of this object. Needs a GIL; waits, without
// it, while another thread forks the process. False, without an exception, where the process exits,
// this thread forks it (in hooks and destructors on the way), or another one for five seconds (in a
// hook that may be waiting for this thread): not to be done then. The thread that closes the gate
// does not wait.
class Change {
public:
  Change();
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;
  ~Change();
  explicit operator bool() const { return refusal_ == nullptr; }
  // Why the change is refused: the process "exits" or "forks"; null if it is not refused.
  const char* refusal() const { return refusal_; }

private:
  const char* refusal_ = nullptr;
};

// Waits, without the GIL, until no other thread is making or ending an interpreter, and lets none
// begin to, until this thread resumes them. What ends may be waiting for something in a destructor:
// so for five seconds at most.
void halt_changes();
void resume_changes(); // no effect but after a halt

// As halt_changes, for good: only the calling thread may end interpreters, and no thread may make
// one.
void close_gate();
bool is_gate_closed();

// For a forked child, where other threads do not exist, and for a second initialization.
void reset_gate();

// Around any fork, in which no thread may be in here.
void lock_gate_for_fork();
void unlock_gate_after_fork();

} // namespace pep554
