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

Record& Registry::record_of(int64_t id) {
  auto& record = records_[id];
  if (!record)
    record = std::make_unique<Record>();
  return *record;
}

// The record may be one that the child of a fork has forgotten: that one belongs to no interpreter,
// and is not freed.
void Registry::drop_if_unused(int64_t id, const Record& record) {
  if (record.created || record.occupied || record.below > 0)
    return;
  const bool is_main = id == PyInterpreterState_GetID(PyInterpreterState_Main());
  const auto found = records_.find(id);
  if (!is_main && found != records_.end() && found->second.get() == &record)
    records_.erase(found);
}

Registry::Occupation Registry::occupy(int64_t id, int64_t caller) {
  const Lock lock(mutex_);
  Record& record = record_of(id);
  if (record.occupied || record.below > 0)
    return {};
  Record& callers = record_of(caller);
  ++callers.below;
  record.occupied = true;
  return {id, caller, &record, &callers};
}

void Registry::release(const Occupation& occupation) {
  const Lock lock(mutex_);
  occupation.record->occupied = false;
  --occupation.callers->below;
  drop_if_unused(occupation.id, *occupation.record);
  if (occupation.callers != occupation.record)
    drop_if_unused(occupation.caller, *occupation.callers);
}

bool Registry::is_active(int64_t id) const {
  const Lock lock(mutex_);
  const auto found = records_.find(id);
  return found != records_.end() && (found->second->occupied || found->second->below > 0);
}

void Registry::begin_creation(int64_t next_id) {
  const Lock lock(mutex_);
  creations_.insert(next_id);
  ++creating_;
}

void Registry::end_creation(int64_t next_id) {
  const Lock lock(mutex_);
  const auto found = creations_.find(next_id);
  if (found == creations_.end())
    return; // in the child of a fork
  creations_.erase(found);
  --creating_;
}

bool Registry::hides(int64_t id) const {
  if (creations_.empty() || id < *creations_.begin())
    return false;
  const auto found = records_.find(id);
  return found == records_.end() || !found->second->created;
}

bool Registry::is_hidden(int64_t id) const {
  if (creating_ == 0)
    return false;
  const Lock lock(mutex_);
  return hides(id);
}

void Registry::remove_hidden(std::vector<int64_t>* ids) const {
  const Lock lock(mutex_);
  if (!creations_.empty())
    std::erase_if(*ids, [this](int64_t id) { return hides(id); });
}

void Registry::add_created(int64_t id) {
  const Lock lock(mutex_);
  record_of(id).created = true;
}

void Registry::remove_created(int64_t id) {
  const Lock lock(mutex_);
  Record& record = record_of(id);
  record.created = false;
  drop_if_unused(id, record);
}

std::vector<int64_t> Registry::created() const {
  const Lock lock(mutex_);
  std::vector<int64_t> ids;
  for (const auto& [id, record] : records_)
    if (record->created)
      ids.push_back(id);
  std::sort(ids.begin(), ids.end(), std::greater<>());
  return ids;
}

void Registry::set_ending(int64_t id) {
  const Lock lock(mutex_);
  record_of(id).ending = true;
}

bool Registry::is_ending(int64_t id) const {
  const Lock lock(mutex_);
  const auto found = records_.find(id);
  return found != records_.end() && found->second->ending;
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
  // Leaked, since a fork may have been called from inside a run, which still has its record.
  for (auto& [id, record] : records_)
    (void)record.release();
  records_.clear();
  creations_.clear();
  creating_ = 0;
}

void Registry::reset() {
  forget_interpreters();
  const Lock lock(mutex_);
  hooked_ = false;
}

} // namespace pep554
