#include "reports/json_reader.h"

#include <limits>

#include <fmt/format.h>

#include "spec/readable.h"

namespace pep554 {

using nlohmann::ordered_json;

JsonReader::JsonReader(const ordered_json& object, std::string pointer)
    : object_(&object), pointer_(std::move(pointer)) {
  if (!object.is_object())
    throw ResultsError(fmt::format("{}: not an object", pointer_.empty() ? "/" : pointer_));
}

const ordered_json& JsonReader::any(const char* key) {
  const auto found = object_->find(key);
  if (found == object_->end())
    fail(key, "is missing");
  read_.insert(key);
  return *found;
}

bool JsonReader::has(const char* key) const {
  return object_->contains(key);
}

std::string JsonReader::text(const char* key) {
  const auto& value = any(key);
  if (!value.is_string())
    fail(key, "not a text");
  return value.get<std::string>();
}

bool JsonReader::truth(const char* key) {
  const auto& value = any(key);
  if (!value.is_boolean())
    fail(key, "neither true nor false");
  return value.get<bool>();
}

std::uint64_t JsonReader::count(const char* key) {
  const auto& value = any(key);
  // A number that was set rather than parsed may be signed and yet not negative.
  if (!value.is_number_integer() || (!value.is_number_unsigned() && value.get<std::int64_t>() < 0))
    fail(key, "not a count");
  return value.get<std::uint64_t>();
}

unsigned JsonReader::narrow_count(const char* key) {
  const auto value = count(key);
  if (value > std::numeric_limits<unsigned>::max())
    fail(key, "too large");
  return static_cast<unsigned>(value);
}

std::int64_t JsonReader::integer(const char* key) {
  const auto& value = any(key);
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!value.is_number_integer() ||
      (value.is_number_unsigned() && value.get<std::uint64_t>() > most))
    fail(key, "not an integer of 64 bits");
  return value.get<std::int64_t>();
}

const ordered_json& JsonReader::array(const char* key) {
  const auto& value = any(key);
  if (!value.is_array())
    fail(key, "not a list");
  return value;
}

std::vector<std::string> JsonReader::texts(const char* key) {
  std::vector<std::string> all;
  for (const auto& item : array(key)) {
    if (!item.is_string())
      fail(key, "not a list of texts");
    all.push_back(item.get<std::string>());
  }
  return all;
}

JsonReader JsonReader::object(const char* key) {
  return JsonReader(any(key), pointer_to(key));
}

std::vector<JsonReader> JsonReader::objects(const char* key) {
  std::vector<JsonReader> all;
  for (const auto& item : array(key))
    all.emplace_back(item, fmt::format("{}/{}", pointer_to(key), all.size()));
  return all;
}

void JsonReader::finish() const {
  for (const auto& [key, value] : object_->items())
    if (!read_.contains(key))
      throw ResultsError(readable(pointer_to(key)) + ": not a key of this format");
}

void JsonReader::fail(const char* key, std::string_view complaint) const {
  throw ResultsError(fmt::format("{}: {}", pointer_to(key), complaint));
}

std::string JsonReader::pointer_to(std::string_view key) const {
  return fmt::format("{}/{}", pointer_, key);
}

} // namespace pep554
