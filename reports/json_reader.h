// Reading a JSON object strictly: each key exactly once read, of the right type, none left over.
// An error names the place as a JSON pointer: "/cases/3/verdict: \"passed\" is not a verdict".
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "spec/result.h"

namespace pep554 {

// One object of a document. Reading goes on after an error, with empty values; `read` then has the
// first error. The document and `read` must outlive the reader.
class JsonReader {
public:
  // The document itself, whose pointer is empty.
  JsonReader(const nlohmann::ordered_json& object, Result<>& read, std::string pointer = "");

  bool has(const char* key) const;
  std::string text(const char* key);
  bool truth(const char* key);
  std::uint64_t count(const char* key); // not negative
  unsigned narrow_count(const char* key);
  std::int64_t integer(const char* key); // of either sign
  std::vector<std::string> texts(const char* key);
  JsonReader object(const char* key);
  std::vector<JsonReader> objects(const char* key);
  const nlohmann::ordered_json& any(const char* key); // of any type

  // Call last: a key that was not asked for is an error.
  void finish() const;
  void refuse(std::string_view key, std::string_view complaint) const;

private:
  const nlohmann::ordered_json& array(const char* key);
  std::string pointer_to(std::string_view key) const;

  const nlohmann::ordered_json* object_;
  Result<>* read_;
  std::string pointer_;
  std::set<std::string, std::less<>> asked_;
};

} // namespace pep554
