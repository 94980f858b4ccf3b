// Histories as JSON, with the keys of the host protocol.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/engine/history.h"
#include "harness/engine/program.h"

namespace pep554 {
namespace {

using nlohmann::json;
using Kind = Event::Kind;
using TerminationKind = Termination::Kind;

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
constexpr Names<TerminationKind, 7> termination_kinds{{{TerminationKind::exited, "exited"},
                                                       {TerminationKind::signaled, "signaled"},
                                                       {TerminationKind::deadline, "deadline"},
                                                       {TerminationKind::limit_exceeded, "flooded"},
                                                       {TerminationKind::lost, "lost"},
                                                       {TerminationKind::host_fault, "host_fault"},
                                                       {TerminationKind::not_run, "not_run"}}};

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

void put(const ResourceUsage& held, json& object) {
  object["memory"] = held.memory;
  object["descriptors"] = held.descriptors;
  object["threads"] = held.threads;
  object["processes"] = held.processes;
  object["files"] = held.files;
}

ResourceUsage holdings_from(const json& object) {
  const auto number = [&object](const char* name) { return whole<std::int64_t>(object, name); };
  return {number("memory"), number("descriptors"), number("threads"), number("processes"),
          number("files")};
}

std::optional<std::int64_t> number_if_any(const json& object, const char* name) {
  return object.contains(name) ? std::optional(whole<std::int64_t>(object, name)) : std::nullopt;
}

json to_json(const Termination& termination) {
  json object{{"how", name_of(termination_kinds, termination.kind)},
              {"code", termination.code},
              {"completed", termination.completed},
              {"note", termination.note},
              {"limit", termination.limit}};
  if (termination.cpu_microseconds)
    object["cpu_us"] = *termination.cpu_microseconds;
  if (termination.idle_microseconds)
    object["idle_us"] = *termination.idle_microseconds;
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
  json object{{"events", std::move(events)}, {"out", history.out},
              {"err", history.err},          {"trace", history.trace},
              {"us", history.microseconds},  {"end", to_json(history.termination)}};
  if (!history.shortage.empty())
    object["shortage"] = history.shortage;
  return object;
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

Termination termination_from(const json& document) {
  Termination termination{named(termination_kinds, document.at("how")),
                          whole<int>(document, "code"),
                          document.value("completed", false),
                          document.value("note", ""),
                          document.value("limit", ""),
                          {},
                          {}};
  termination.cpu_microseconds = number_if_any(document, "cpu_us");
  termination.idle_microseconds = number_if_any(document, "idle_us");
  return termination;
}

std::int64_t microseconds_from(const json& document) {
  return whole<std::int64_t>(document, "us");
}

std::string message_of(const std::exception& problem) {
  const std::string words = problem.what();
  const size_t at = words.starts_with("[json.exception.") ? words.find("] ") : std::string::npos;
  return at == std::string::npos ? words : words.substr(at + 2);
}

Result<> fits(const Event& event, const Program& program) {
  const auto [lane, step] = event.at;
  const bool of_a_step = event.kind == Kind::called || event.kind == Kind::emitted ||
                         event.kind == Kind::returned || event.kind == Kind::grown;
  if (event.kind != Kind::lane && !of_a_step)
    return {};
  if (lane >= program.lanes.size())
    return fail(fmt::format("lane {}: the program has {}", lane, program.lanes.size()));
  if (of_a_step && step >= program.lanes[lane].size())
    return fail(fmt::format("step {} of lane {}: the program has {} there", step, lane,
                            program.lanes[lane].size()));
  return {};
}

Result<> fits(const History& history, const Program& program) {
  for (size_t i = 0; i < history.events.size(); ++i)
    if (const auto one = fits(history.events[i], program); !one)
      return fail(fmt::format("events {}: {}", i, one.error().message));
  return {};
}

History history_from(const json& document) {
  if (!document.is_object())
    throw json::other_error::create(596, "an object was expected", &document);
  History history;
  const json& events = document.at("events");
  if (!events.is_array())
    throw json::other_error::create(596, "\"events\": an array was expected", &events);
  for (const json& event : events)
    try {
      if (!event.is_object())
        throw json::other_error::create(596, "an object was expected", &event);
      history.events.push_back(event_from(event));
    } catch (const json::exception& problem) {
      const std::string where = fmt::format("events {}: ", history.events.size());
      throw json::other_error::create(596, where + message_of(problem), &event);
    }
  history.out = document.value("out", "");
  history.err = document.value("err", "");
  history.trace = document.value("trace", "");
  history.shortage = document.value("shortage", "");
  history.microseconds = microseconds_from(document);
  history.termination = termination_from(document.at("end"));
  return history;
}

} // namespace pep554
