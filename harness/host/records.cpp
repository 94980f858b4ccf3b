#include "harness/host/records.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "harness/host/wire.h"

namespace pep554::host {
namespace {

using nlohmann::json;

std::optional<std::uint8_t> digit(char c) {
  if (c >= '0' && c <= '9')
    return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f')
    return static_cast<std::uint8_t>(c - 'a' + 10);
  return std::nullopt;
}

std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0)
    return std::nullopt;
  std::string bytes;
  for (; !hex.empty(); hex.remove_prefix(2)) {
    const auto high = digit(hex[0]);
    const auto low = digit(hex[1]);
    if (!high || !low)
      return std::nullopt;
    bytes.push_back(static_cast<char>(*high << 4U | *low));
  }
  return bytes;
}

const json* member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() ? &*found : nullptr;
}

bool is_index(const json* value, size_t size) {
  return value != nullptr && value->is_number_unsigned() && value->get<size_t>() < size;
}

// A step of the program; a lane that has come up may have none at all.
bool copy_place(const json& from, json& to, const Program& program, bool lane_only) {
  const json* lane = member(from, "lane");
  const json* step = member(from, "step");
  if (!is_index(lane, program.lanes.size()))
    return false;
  if (!is_index(step, lane_only ? 1 : program.lanes[lane->get<size_t>()].size()))
    return false;
  to["lane"] = *lane;
  to["step"] = *step;
  return true;
}

// Whole, and in 64 bits with a sign.
bool copy_number(const json& from, json& to, const char* name) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const json* number = member(from, name);
  if (number == nullptr || !number->is_number_integer() ||
      (number->is_number_unsigned() && number->get<std::uint64_t>() > most))
    return false;
  to[name] = *number;
  return true;
}

bool copy_time(const json& from, json& to) {
  return copy_number(from, to, "us");
}

bool copy_text(const json& from, json& to) {
  const json* text = member(from, "text");
  if (text == nullptr || !text->is_string())
    return false;
  to["text"] = *text;
  return true;
}

bool is_answer(const json& answer) {
  static constexpr std::array names{"ok", "raised", "unsupported", "failed"};
  const json* status = answer.is_object() ? member(answer, "status") : nullptr;
  if (status == nullptr)
    return false;
  for (const char* name : names)
    if (*status == name)
      return true;
  return false;
}

bool are_texts(const json& list) {
  for (const json& item : list)
    if (!item.is_string())
      return false;
  return list.is_array();
}

// The three texts of an error, as far as they are there.
bool copy_raised(const json& from, json& to) {
  if (!from.is_object())
    return false;
  to["raised"] = json::object();
  for (const char* name : {"category", "type", "message"}) {
    const json* text = member(from, name);
    if (text != nullptr && !text->is_string())
      return false;
    if (text != nullptr)
      to["raised"][name] = *text;
  }
  return true;
}

bool copy_answer(const json& from, json& to) {
  const json* answer = member(from, "answer");
  if (answer == nullptr || !is_answer(*answer))
    return false;
  json& copy = to["answer"] = {{"status", answer->at("status")}};
  if (const json* raised = member(*answer, "raised"))
    return copy_raised(*raised, copy);
  const json* ids = member(*answer, "ids");
  const json* text = member(*answer, "text");
  const json* truth = member(*answer, "truth");
  if (ids != nullptr)
    copy["ids"] = *ids;
  if (text != nullptr)
    copy["text"] = *text;
  if (truth != nullptr)
    copy["truth"] = *truth;
  return (ids == nullptr || are_texts(*ids)) && (text == nullptr || text->is_string()) &&
         (truth == nullptr || truth->is_boolean());
}

// Written by $emit: no time, and the text in hexadecimal.
bool copy_emitted(const json& from, json& to) {
  const json* hex = member(from, "hex");
  const auto text = hex != nullptr && hex->is_string()
                        ? from_hex(hex->get_ref<const std::string&>())
                        : std::nullopt;
  if (!text)
    return false;
  to["us"] = 0;
  to["text"] = *text;
  return true;
}

// Copies a resource usage or its growth; see resource_usage.h.
bool copy_numbers(const json& from, json& to) {
  return copy_number(from, to, "memory") && copy_number(from, to, "descriptors") &&
         copy_number(from, to, "threads") && copy_number(from, to, "processes");
}

bool copy_event(const std::string& kind, const json& from, json& to, const Program& program) {
  to["e"] = kind;
  if (kind == "lane")
    return copy_place(from, to, program, true) && copy_time(from, to) && copy_text(from, to);
  if (kind == "called")
    return copy_place(from, to, program, false) && copy_time(from, to);
  if (kind == "emitted")
    return copy_place(from, to, program, false) && copy_emitted(from, to);
  if (kind == "returned")
    return copy_place(from, to, program, false) && copy_time(from, to) && copy_answer(from, to);
  if (kind == "grown")
    return copy_place(from, to, program, false) && copy_time(from, to) && copy_numbers(from, to);
  to["lane"] = 0;
  to["step"] = 0;
  if (kind == "measured")
    return copy_time(from, to) && copy_number(from, to, "repetition") &&
           copy_number(from, to, "files") && copy_numbers(from, to);
  if (kind == "finalize")
    return copy_time(from, to);
  return kind == "finalized" && copy_time(from, to) && copy_answer(from, to);
}

} // namespace

Record read_record(std::string_view bytes, const Program& program) {
  const json record = decode(bytes);
  const json* kind = record.is_object() ? member(record, "e") : nullptr;
  if (kind == nullptr || !kind->is_string())
    return Malformed{};
  const auto& name = kind->get_ref<const std::string&>();
  if (name == "done")
    return Done{};
  if (name == "starting")
    return Starting{};
  if (name == "started")
    return Started{};
  json copy;
  if (name == "note")
    return copy_text(record, copy) ? Record(Note{copy["text"]}) : Record(Malformed{});
  return copy_event(name, record, copy, program) ? Record(EventRecord{copy}) : Record(Malformed{});
}

} // namespace pep554::host
