// Reading a JSON object strictly: each key exactly once read, of the right type, none left over.
// Every complaint names the place as a JSON pointer.
#pragma once

#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace pep554 {

// A document that is not what it should be. what() is "POINTER: complaint", e.g.
// "/cases/3/verdict: \"passed\" is not a verdict".
class ResultsError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

// One object of a document, which must outlive the reader. All members throw ResultsError.
class JsonReader {
public:
  // The document itself, whose pointer is empty.
  explicit JsonReader(const nlohmann::ordered_json& object, std::string pointer = "");

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

  // Call last: complains of a key that was not asked for.
  void finish() const;
  [[noreturn]] void fail(const char* key, std::string_view complaint) const;

private:
  const nlohmann::ordered_json& array(const char* key);
  std::string pointer_to(std::string_view key) const;

  const nlohmann::ordered_json* object_;
  std::string pointer_;
  std::set<std::string, std::less<>> read_;
};

} // namespace pep554
