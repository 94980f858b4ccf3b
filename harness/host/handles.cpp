#include "harness/host/handles.h"

#include <utility>

namespace pep554::host {

Handle adopt(const Runtime& runtime, pep554_interpreter_t* interpreter) {
  return {interpreter, [&api = runtime.api(), owner = runtime.handle](
                           pep554_interpreter_t* dropped) { api.release(owner, dropped); }};
}

void Handles::bind(const std::string& name, Handle handle) {
  const std::scoped_lock lock(mutex_);
  by_name_[name].swap(handle);
}

Handle Handles::find(const std::string& name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = by_name_.find(name);
  return found != by_name_.end() ? found->second : nullptr;
}

Handle Handles::take(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  const auto found = by_name_.find(name);
  if (found == by_name_.end())
    return nullptr;
  Handle taken = std::move(found->second);
  by_name_.erase(found);
  return taken;
}

} // namespace pep554::host
