// Compiled code of one interpreter by its source text, the most recently used first. Small and
// bounded: long texts are not kept, a text is kept from its second use on, and the least recently
// used one makes room. What is kept is code, constants and names; no object that the code has made.
#pragma once

#include "impl/common/python.h"

#include <array>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>

namespace pep554 {

// All of it needs the interpreter to be current.
class CodeCache {
public:
  CodeCache() = default;
  CodeCache(const CodeCache&) = delete;
  CodeCache& operator=(const CodeCache&) = delete;

  static constexpr size_t kMostTexts = 32;
  static constexpr size_t kLongestText = size_t{64} * 1024; // bytes

  // `hash` is the text's, any. Empty where the text is not kept.
  Ref find(Py_hash_t hash, std::string_view text);
  // Keeps it if it was to be added before.
  void add(Py_hash_t hash, std::string_view text, const Ref& code);
  void clear();

  // The file name that code of this interpreter has, and the name of the module that it is executed
  // in; made at the first call.
  Ref file_name(int64_t id);
  Ref main_name();

private:
  struct Entry {
    Py_hash_t hash;
    std::string text;
    Ref code;
  };

  bool test_and_set_seen(Py_hash_t hash);

  std::list<Entry> entries_;
  std::array<Py_hash_t, 2 * kMostTexts> seen_{}; // a ring
  size_t next_seen_ = 0;
  Ref file_name_;
  Ref main_name_;
};

} // namespace pep554
