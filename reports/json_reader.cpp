#include "reports/json_reader.h"

#include <limits>

#include <fmt/format.h>

#include "spec/readable.h"

namespace pep554 {

using nlohmann::ordered_json;

namespace {

const ordered_json nothing;

} // namespace

JsonReader::JsonReader(const ordered_json& object, Result<>& read, std::string pointer)
    : object_(&object), read_(&read), pointer_(std::move(pointer)) {
  if (!object.is_object() && read)
    read = fail(fmt::format("{}: not an object", pointer_.empty() ? "/" : pointer_));
}

const ordered_json& JsonReader::any(const char* key) {
  asked_.insert(key);
  const auto found = object_->find(key);
  if (found != object_->end())
    return *found;
  refuse(key, "is missing");
  return nothing;
}

bool JsonReader::has(const char* key) const {
  return object_->contains(key);
}

std::string JsonReader::text(const char* key) {
  const auto& value = any(key);
  if (value.is_string())
    return value.get<std::string>();
  refuse(key, "not a text");
  return "";
}

bool JsonReader::truth(const char* key) {
  const auto& value = any(key);
  if (value.is_boolean())
    return value.get<bool>();
  refuse(key, "neither true nor false");
  return false;
}

std::uint64_t JsonReader::count(const char* key) {
  const auto& value = any(key);
  // A number that was set rather than parsed may be signed and yet not negative.
  if (value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0))
    return value.get<std::uint64_t>();
  refuse(key, "not a count");
  return 0;
}

unsigned JsonReader::narrow_count(const char* key) {
  const auto value = count(key);
  if (value > std::numeric_limits<unsigned>::max())
    refuse(key, "too large");
  return static_cast<unsigned>(value);
}

std::int64_t JsonReader::integer(const char* key) {
  const auto& value = any(key);
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value.is_number_integer() &&
      (!value.is_number_unsigned() || value.get<std::uint64_t>() <= most))
    return value.get<std::int64_t>();
  refuse(key, "not an integer of 64 bits");
  return 0;
}

const ordered_json& JsonReader::array(const char* key) {
  const auto& value = any(key);
  if (value.is_array())
    return value;
  refuse(key, "not a list");
  return nothing;
}

std::vector<std::string> JsonReader::texts(const char* key) {
  std::vector<std::string> all;
  for (const auto& item : array(key)) {
    if (item.is_string())
      all.push_back(item.get<std::string>());
    else
      refuse(key, "not a list of texts");
  }
  return all;
}

JsonReader JsonReader::object(const char* key) {
  return {any(key), *read_, pointer_to(key)};
}

std::vector<JsonReader> JsonReader::objects(const char* key) {
  std::vector<JsonReader> all;
  for (const auto& item : array(key))
    all.emplace_back(item, *read_, fmt::format("{}/{}", pointer_to(key), all.size()));
  return all;
}

void JsonReader::finish() const {
  for (const auto& [key, value] : object_->items())
    if (!asked_.contains(key))
      refuse(readable(key), "not a key of this format");
}

void JsonReader::refuse(std::string_view key, std::string_view complaint) const {
  if (*read_)
    *read_ = fail(fmt::format("{}: {}", pointer_to(key), complaint));
}

std::string JsonReader::pointer_to(std::string_view key) const {
  return fmt::format("{}/{}", pointer_, key);
}

} // namespace pep554
