// See code_cache.h.
#include "impl/low/code_cache.h"

#include <algorithm>

namespace pep554 {

Ref CodeCache::find(Py_hash_t hash, std::string_view text) {
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    if (entry->hash != hash || entry->text != text)
      continue;
    entries_.splice(entries_.begin(), entries_, entry);
    return Ref::borrowed(entry->code.get());
  }
  return {};
}

bool CodeCache::test_and_set_seen(Py_hash_t hash) {
  if (std::find(seen_.begin(), seen_.end(), hash) != seen_.end())
    return true;
  seen_[next_seen_++ % seen_.size()] = hash;
  return false;
}

// An entry is taken out of the list before it dies: nothing of the list is in use while code does.
void CodeCache::add(Py_hash_t hash, std::string_view text, const Ref& code) {
  if (text.size() > kLongestText || !test_and_set_seen(hash))
    return;
  entries_.push_front({hash, std::string(text), Ref::borrowed(code.get())});
  if (entries_.size() <= kMostTexts)
    return;
  std::list<Entry> oldest;
  oldest.splice(oldest.begin(), entries_, std::prev(entries_.end()));
}

void CodeCache::clear() {
  entries_.clear();
  file_name_ = Ref();
  main_name_ = Ref();
}

Ref CodeCache::file_name(int64_t id) {
  if (!file_name_)
    file_name_ = Ref(PyUnicode_FromFormat("<interpreter %lld>", static_cast<long long>(id)));
  return Ref::borrowed(file_name_.get());
}

Ref CodeCache::main_name() {
  if (!main_name_)
    main_name_ = Ref(PyUnicode_InternFromString("__main__"));
  return Ref::borrowed(main_name_.get());
}

} // namespace pep554
