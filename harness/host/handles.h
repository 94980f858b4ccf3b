// The handles of one program, by the names that its steps give them.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "harness/host/runtime.h"

namespace pep554::host {

// Released by the last owner, on its thread; so a handle in use is never released.
using Handle = std::shared_ptr<pep554_interpreter_t>;

Handle adopt(const Runtime& runtime, pep554_interpreter_t* interpreter);

// Any thread. What falls out of it is released by the caller's thread, outside of the lock.
class Handles {
public:
  void bind(const std::string& name, Handle handle); // a name bound before lets its handle go
  Handle find(const std::string& name) const;        // null when there is none
  Handle take(const std::string& name);              // ... and the name is free again

private:
  mutable std::mutex mutex_;
  std::map<std::string, Handle> by_name_;
};

} // namespace pep554::host
