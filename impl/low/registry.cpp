// See registry.h.
#include "impl/low/registry.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace pep554 {

using Lock = std::lock_guard<std::mutex>;

// Never destroyed: a thread stopped by the runtime's finalization may outlive static destructors.
Registry& Registry::instance() {
  static auto* const registry = new Registry;
  return *registry;
}

bool Registry::occupy(int64_t id, int64_t caller) {
  const Lock lock(mutex_);
  if (!occupied_.insert(id).second)
    return false;
  ++below_[caller];
  return true;
}

void Registry::release(int64_t id, int64_t caller) {
  const Lock lock(mutex_);
  occupied_.erase(id);
  if (--below_[caller] <= 0)
    below_.erase(caller);
}

bool Registry::is_active(int64_t id) const {
  const Lock lock(mutex_);
  return occupied_.contains(id) || below_.contains(id);
}

void Registry::add_created(int64_t id) {
  const Lock lock(mutex_);
  created_.insert(id);
}

void Registry::remove_created(int64_t id) {
  const Lock lock(mutex_);
  created_.erase(id);
}

std::vector<int64_t> Registry::created() const {
  const Lock lock(mutex_);
  std::vector<int64_t> ids(created_.begin(), created_.end());
  std::sort(ids.begin(), ids.end(), std::greater<>());
  return ids;
}

void Registry::close() {
  const Lock lock(mutex_);
  closed_ = true;
}

bool Registry::is_closed() const {
  const Lock lock(mutex_);
  return closed_;
}

bool Registry::test_and_set_hooked() {
  const Lock lock(mutex_);
  return std::exchange(hooked_, true);
}

void Registry::unset_hooked() {
  const Lock lock(mutex_);
  hooked_ = false;
}

void Registry::forget_interpreters() {
  const Lock lock(mutex_);
  occupied_.clear();
  below_.clear();
  created_.clear();
}

void Registry::reset() {
  forget_interpreters();
  const Lock lock(mutex_);
  closed_ = false;
  hooked_ = false;
}

} // namespace pep554
