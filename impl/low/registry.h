// Records that the runtime itself does not keep: which interpreters a run or a destroy of this
// module occupies, below which of them one was started, which ones create() made, and what is kept
// for their next run. One object a process. Threads: any, of interpreters with GILs of their own,
// too. Its mutex is never held across a call into Python.
#pragma once

#include "impl/common/python.h"
#include "impl/low/code_cache.h"
#include "impl/low/session.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>
#include <vector>

namespace pep554 {

// An interpreter, as far as we have to do with it.
struct Record {
  bool created = false;  // by create()
  bool occupied = false; // by a run or a destroy
  bool ending = false;   // past its exit callbacks
  int below = 0;         // runs and destroys that its code has started elsewhere

  // Only for the occupant of an interpreter that create() made: the thread state of the last run,
  // parked, and the compiled code. Both belong to the interpreter and die in it.
  Parked parked;
  CodeCache code;
};

class Registry {
public:
  static Registry& instance();

  // Occupies `id` on behalf of interpreter `caller`, which stays "running" below it. Both records
  // are null, and there is no effect, where it is occupied already, or below one that is. Undone by
  // release() with what was returned.
  struct Occupation {
    int64_t id = 0;
    int64_t caller = 0;
    Record* record = nullptr;
    Record* callers = nullptr;
  };
  Occupation occupy(int64_t id, int64_t caller);
  void release(const Occupation& occupation);

  // Whether `id` is occupied, or below one that is.
  bool is_active(int64_t id) const;

  // Around the making of an interpreter: `next_id` is the lowest id that it may get. Until it is
  // made, what has that id or a higher one, and was not made by us, may be half of an interpreter:
  // hidden.
  void begin_creation(int64_t next_id);
  void end_creation(int64_t next_id);
  bool is_hidden(int64_t id) const;
  void remove_hidden(std::vector<int64_t>* ids) const;

  // The interpreters made by create() and not yet destroyed, newest first.
  void add_created(int64_t id);
  void remove_created(int64_t id);
  std::vector<int64_t> created() const;

  // Once it is being ended no other thread can enter it any more.
  void set_ending(int64_t id);
  bool is_ending(int64_t id) const;

  // Whether the runtime's hooks have been installed; the first call answers false.
  bool test_and_set_hooked();
  void unset_hooked();

  // Everything as at the start of a process: for a forked child, and for a second initialization.
  // Does not free the records' contents: their interpreters do not exist any more.
  void forget_interpreters();
  void reset();

  // Around a fork, in which a thread of another interpreter must not hold the mutex.
  void lock_for_fork() { mutex_.lock(); }
  void unlock_after_fork() { mutex_.unlock(); }

private:
  Record& record_of(int64_t id);
  void drop_if_unused(int64_t id, const Record& record);
  bool hides(int64_t id) const;

  mutable std::mutex mutex_;
  std::unordered_map<int64_t, std::unique_ptr<Record>> records_;
  std::multiset<int64_t> creations_;
  std::atomic<int> creating_ = 0; // their number
  bool hooked_ = false;
};

// Occupation of an interpreter for the life of this object; false where it is another's already.
class Claim {
public:
  Claim(int64_t id, int64_t caller) : occupation_(Registry::instance().occupy(id, caller)) {}
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;
  ~Claim() {
    if (*this)
      Registry::instance().release(occupation_);
  }
  explicit operator bool() const { return occupation_.record != nullptr; }
  Record& record() const { return *occupation_.record; }

private:
  Registry::Occupation occupation_;
};

} // namespace pep554
