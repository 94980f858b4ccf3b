// Histories as JSON, with the keys of the host protocol.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/engine/history.h"

namespace pep554 {
namespace {

using nlohmann::json;
using Kind = Event::Kind;
using How = Ending::How;

template <typename Enum, size_t count>
using Names = std::array<std::pair<Enum, std::string_view>, count>;

constexpr Names<Status, 4> statuses{{{Status::ok, "ok"},
                                     {Status::raised, "raised"},
                                     {Status::unsupported, "unsupported"},
                                     {Status::failed, "failed"}}};
constexpr Names<Kind, 8> kinds{{{Kind::lane, "lane"},
                                {Kind::called, "called"},
                                {Kind::emitted, "emitted"},
                                {Kind::returned, "returned"},
                                {Kind::finalize, "finalize"},
                                {Kind::finalized, "finalized"},
                                {Kind::measured, "measured"},
                                {Kind::grown, "grown"}}};
constexpr Names<How, 6> hows{{{How::exited, "exited"},
                              {How::signaled, "signaled"},
                              {How::deadline, "deadline"},
                              {How::flooded, "flooded"},
                              {How::lost, "lost"},
                              {How::not_run, "not_run"}}};

template <typename Enum, size_t count>
std::string_view name_of(const Names<Enum, count>& names, Enum value) {
  return std::ranges::find(names, value, &std::pair<Enum, std::string_view>::first)->second;
}

template <typename Enum, size_t count>
Enum named(const Names<Enum, count>& names, const json& value) {
  const auto name = value.get<std::string>();
  const auto* found = std::ranges::find(names, name, &std::pair<Enum, std::string_view>::second);
  if (found == names.end())
    throw json::other_error::create(599, "unknown name \"" + name + "\"", &value);
  return found->first;
}

// The number under a key, 0 when there is none; it must be whole, and fit.
template <typename Number>
Number whole(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end())
    return 0;
  if (found->is_number_unsigned() && std::in_range<Number>(found->get<std::uint64_t>()))
    return static_cast<Number>(found->get<std::uint64_t>());
  if (found->is_number_integer() && !found->is_number_unsigned() &&
      std::in_range<Number>(found->get<std::int64_t>()))
    return static_cast<Number>(found->get<std::int64_t>());
  throw json::other_error::create(597, std::string("\"") + key + "\" is no whole number that fits",
                                  &object);
}

json to_json(const Answer& answer) {
  json object{{"status", name_of(statuses, answer.status)}};
  if (!answer.ids.empty())
    object["ids"] = answer.ids;
  if (answer.text)
    object["text"] = *answer.text;
  if (answer.truth)
    object["truth"] = *answer.truth;
  if (answer.status != Status::ok)
    object["raised"] = {{"category", answer.raised.category},
                        {"type", answer.raised.type},
                        {"message", answer.raised.message}};
  return object;
}

Answer answer_from(const json& object) {
  Answer answer;
  answer.status = named(statuses, object.at("status"));
  answer.ids = object.value("ids", std::vector<std::string>{});
  if (object.contains("text"))
    answer.text = object.at("text").get<std::string>();
  if (object.contains("truth"))
    answer.truth = object.at("truth").get<bool>();
  if (object.contains("raised")) {
    const json& raised = object.at("raised");
    answer.raised = {raised.value("category", ""), raised.value("type", ""),
                     raised.value("message", "")};
  }
  return answer;
}

bool has_answer(Kind kind) {
  return kind == Kind::returned || kind == Kind::finalized;
}

bool has_holdings(Kind kind) {
  return kind == Kind::measured || kind == Kind::grown;
}

void put(const Holdings& held, json& object) {
  object["memory"] = held.memory;
  object["descriptors"] = held.descriptors;
  object["threads"] = held.threads;
  object["processes"] = held.processes;
  object["files"] = held.files;
}

Holdings holdings_from(const json& object) {
  const auto number = [&object](const char* name) { return whole<std::int64_t>(object, name); };
  return {number("memory"), number("descriptors"), number("threads"), number("processes"),
          number("files")};
}

std::optional<std::int64_t> number_if_any(const json& object, const char* name) {
  return object.contains(name) ? std::optional(whole<std::int64_t>(object, name)) : std::nullopt;
}

json to_json(const Ending& ending) {
  json object{{"how", name_of(hows, ending.how)},
              {"code", ending.code},
              {"completed", ending.completed},
              {"note", ending.note},
              {"limit", ending.limit}};
  if (ending.cpu_microseconds)
    object["cpu_us"] = *ending.cpu_microseconds;
  if (ending.idle_microseconds)
    object["idle_us"] = *ending.idle_microseconds;
  return object;
}

json to_json(const Event& event) {
  json object{{"e", name_of(kinds, event.kind)},
              {"lane", event.at.lane},
              {"step", event.at.step},
              {"us", event.microseconds}};
  if (!event.text.empty())
    object["text"] = event.text;
  if (has_answer(event.kind))
    object["answer"] = to_json(event.answer);
  if (has_holdings(event.kind)) {
    object["repetition"] = event.repetition;
    put(event.held, object);
  }
  return object;
}

} // namespace

json to_json(const History& history) {
  json events = json::array();
  for (const Event& event : history.events)
    events.push_back(to_json(event));
  return {{"events", std::move(events)}, {"out", history.out},
          {"err", history.err},          {"trace", history.trace},
          {"us", history.microseconds},  {"end", to_json(history.ending)}};
}

Event event_from(const json& document) {
  Event event;
  event.kind = named(kinds, document.at("e"));
  event.at = {whole<size_t>(document, "lane"), whole<size_t>(document, "step")};
  event.microseconds = whole<std::int64_t>(document, "us");
  event.text = document.value("text", "");
  if (has_answer(event.kind))
    event.answer = answer_from(document.at("answer"));
  if (has_holdings(event.kind)) {
    event.repetition = whole<std::int64_t>(document, "repetition");
    event.held = holdings_from(document);
  }
  return event;
}

Ending ending_from(const json& document) {
  Ending ending{named(hows, document.at("how")),
                whole<int>(document, "code"),
                document.value("completed", false),
                document.value("note", ""),
                document.value("limit", ""),
                {},
                {}};
  ending.cpu_microseconds = number_if_any(document, "cpu_us");
  ending.idle_microseconds = number_if_any(document, "idle_us");
  return ending;
}

std::int64_t microseconds_from(const json& document) {
  return whole<std::int64_t>(document, "us");
}

History history_from(const json& document) {
  History history;
  for (const json& event : document.at("events"))
    history.events.push_back(event_from(event));
  history.out = document.value("out", "");
  history.err = document.value("err", "");
  history.trace = document.value("trace", "");
  history.microseconds = microseconds_from(document);
  history.ending = ending_from(document.at("end"));
  return history;
}

} // namespace pep554
