// What the runtime does not know of its interpreters: which of them a run or a destroy of ours
// occupies, below which of them one was started, which ones create() made. One object a process.
// Threads: any. Its mutex is never held across a call into Python.
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace pep554 {

class Registry {
public:
  static Registry& instance();

  // Occupies `id` on behalf of interpreter `caller`, which stays "running" below it. False, and no
  // effect, where it is occupied already. Undone by release() with the same arguments.
  bool occupy(int64_t id, int64_t caller);
  void release(int64_t id, int64_t caller);

  // Whether `id` is occupied, or below one that is.
  bool is_active(int64_t id) const;

  // The interpreters made by create() and not yet destroyed, newest first.
  void add_created(int64_t id);
  void remove_created(int64_t id);
  std::vector<int64_t> created() const;

  // Once the process exits no interpreter may be created: nobody would be left to destroy it.
  void close();
  bool is_closed() const;

  // Whether the runtime's hooks have been installed; the first call answers false.
  bool test_and_set_hooked();
  void unset_hooked();

  // Everything as at the start of a process: for a forked child, and for a second initialization.
  void forget_interpreters();
  void reset();

private:
  mutable std::mutex mutex_;
  std::unordered_set<int64_t> occupied_;
  std::unordered_map<int64_t, int> below_;
  std::unordered_set<int64_t> created_;
  bool closed_ = false;
  bool hooked_ = false;
};

// Occupation of an interpreter for the life of this object; false where it is another's already.
class Claim {
public:
  Claim(int64_t id, int64_t caller)
      : id_(id), caller_(caller), held_(Registry::instance().occupy(id, caller)) {}
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;
  ~Claim() {
    if (held_)
      Registry::instance().release(id_, caller_);
  }
  explicit operator bool() const { return held_; }

private:
  int64_t id_;
  int64_t caller_;
  bool held_;
};

} // namespace pep554
