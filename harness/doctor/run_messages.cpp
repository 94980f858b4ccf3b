#include "harness/doctor/run_messages.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

namespace pep554 {
namespace {

using nlohmann::json;

// The field of an answer that is ok, by operation; the others have none.
const std::map<std::string, const char*> answer_fields{
    {"enumerate", "ids"}, {"get_current", "ids"}, {"get_main", "ids"},    {"create", "ids"},
    {"construct", "ids"}, {"read_id", "text"},    {"is_running", "truth"}};

bool is_count(const json& object, const char* key) {
  return object.contains(key) && object[key].is_number_integer() && object[key] >= 0;
}

bool is_text(const json& object, const char* key) {
  return object.contains(key) && object[key].is_string();
}

bool is_one_of(const json& object, const char* key, std::initializer_list<const char*> values) {
  return std::ranges::any_of(values,
                             [&](const char* value) { return text_at(object, key) == value; });
}

bool has_field(const json& answer, const std::string& field) {
  if (field == "truth")
    return answer.contains(field) && answer[field].is_boolean();
  if (field == "text")
    return is_text(answer, "text");
  return answer.contains(field) && answer[field].is_array() &&
         std::ranges::all_of(answer[field], [](const json& id) { return id.is_string(); });
}

// The fault of an answer; "" without one.
std::string fault_of(const json& answer, const std::string& op) {
  if (!answer.is_object() ||
      !is_one_of(answer, "status", {"ok", "raised", "unsupported", "failed"}))
    return "has an unknown status";
  if (answer["status"] == "ok") {
    const auto field = answer_fields.find(op);
    return field == answer_fields.end() || has_field(answer, field->second)
               ? ""
               : fmt::format("is ok without {}", field->second);
  }
  const json raised = answer.value("raised", json());
  const bool whole =
      raised.is_object() && is_text(raised, "type") && is_text(raised, "message") &&
      is_one_of(raised, "category",
                {"not-found", "busy", "bad-argument", "script-failed", "unsupported", "other"});
  return whole ? "" : "has no raised with category, type and message";
}

const json* step_of(const json& event, const json& program) {
  if (!is_count(event, "lane") || !is_count(event, "step"))
    return nullptr;
  const json& lanes = program.at("lanes");
  const auto lane = event["lane"].get<size_t>();
  const auto step = event["step"].get<size_t>();
  return lane < lanes.size() && step < lanes[lane].size() ? &lanes[lane][step] : nullptr;
}

void judge_event(const json& event, const json& program, ProtocolFindings& findings) {
  const std::string kind = text_at(event, "e");
  const std::string says = "the event " + event.dump();
  findings.expect(is_count(event, "us") && is_count(event, "lane") && is_count(event, "step"),
                  "program.events", says + " lacks us, lane or step");
  if (kind == "returned" || kind == "called" || kind == "emitted") {
    const json* step = step_of(event, program);
    if (!findings.expect(step != nullptr, "program.events", says + " is of no step of the program"))
      return;
    if (kind != "returned")
      return;
    const std::string op = text_at(*step, "op");
    const std::string fault = fault_of(event.value("answer", json()), op);
    findings.expect(fault.empty(), "operation.shape",
                    fmt::format("the answer of {} {}", op, fault));
  } else if (kind == "lane") {
    findings.expect(is_text(event, "text"), "program.events", says + " names no thread");
  } else if (kind == "finalized") {
    const std::string fault = fault_of(event.value("answer", json()), "");
    findings.expect(fault.empty(), "finalize.events", "the answer of finalized " + fault);
  } else {
    findings.expect(kind == "finalize", "program.events", says + " is of an unknown kind");
  }
}

// Each step is called before it returns, and once.
void judge_order(const RunMessages& run, ProtocolFindings& findings) {
  std::map<std::string, int> called;
  for (const json& event : run.events("called"))
    ++called[event.value("lane", json()).dump() + '.' + event.value("step", json()).dump()];
  for (const json& event : run.events("returned"))
    --called[event.value("lane", json()).dump() + '.' + event.value("step", json()).dump()];
  const bool paired = std::ranges::all_of(
      called, [](const auto& one) { return one.second == 0 || one.second == 1; });
  findings.expect(paired, "program.events",
                  "a step returned that was not called, or was called twice");
}

void judge_end(const json& end, ProtocolFindings& findings) {
  const bool whole =
      is_one_of(end, "how", {"exited", "signaled", "deadline", "flooded", "not_run"}) &&
      end.contains("code") && end["code"].is_number_integer() && end.contains("completed") &&
      end["completed"].is_boolean() && is_count(end, "us") && is_text(end, "note");
  findings.expect(whole, "program.end", "the end was " + end.dump());
}

} // namespace

std::string text_at(const json& object, const char* key) {
  return is_text(object, key) ? object[key].get<std::string>() : "";
}

bool has(const json& object, const char* key, const json& value) {
  return object.contains(key) && object[key] == value;
}

std::vector<json> RunMessages::events(const std::string& kind) const {
  std::vector<json> found;
  for (const json& message : messages)
    if (text_at(message, "msg") == "event" && text_at(message, "e") == kind)
      found.push_back(message);
  return found;
}

json RunMessages::answer(size_t lane, size_t step) const {
  for (const json& event : events("returned"))
    if (event.value("lane", json()) == lane && event.value("step", json()) == step)
      return event.value("answer", json());
  return nullptr;
}

std::string RunMessages::status(size_t lane, size_t step) const {
  const json found = answer(lane, step);
  return found.is_object() ? text_at(found, "status") : "";
}

std::vector<std::string> RunMessages::emitted() const {
  std::vector<std::string> texts;
  for (const json& event : events("emitted"))
    texts.push_back(text_at(event, "text"));
  return texts;
}

std::string_view advice_on(const json& end) {
  if (has(end, "how", "signaled"))
    return "The process of the program crashed: run this one call under a debugger or a sanitizer. "
           "pep554 run shows the stacks of its threads.";
  if (has(end, "how", "deadline"))
    return "It hangs: see where it waits, for a lock that is held, a thread that does not run, or "
           "an answer that never comes. pep554 run shows the stacks of its threads.";
  return {};
}

RunMessages listen(ProtocolConnection& host, std::chrono::milliseconds timeout) {
  constexpr size_t most_messages = 10'000; // the doctor's programs send some dozens
  RunMessages run;
  const auto until = ProtocolConnection::Clock::now() + timeout;
  while (const auto message = host.receive(until)) {
    run.messages.push_back(*message);
    if (text_at(*message, "msg") == "end")
      return run;
    if (run.messages.size() == most_messages) {
      run.failure = fmt::format("the host sent {} messages", most_messages);
      run.advice = "End each program at its deadline, and its messages with `end`.";
      return run;
    }
  }
  switch (host.state()) {
  case ProtocolConnection::State::late:
    run.failure = fmt::format("the host sent no `end` within {:g} s",
                              std::chrono::duration<double>(timeout).count());
    run.advice = "Send `end` when the process of the program has ended, and kill it at "
                 "deadline_ms. Look where the host waits.";
    break;
  case ProtocolConnection::State::malformed:
    run.failure = "the host sent malformed data";
    run.advice = "Send frames: the length of the payload in four bytes, big-endian, then one JSON "
                 "object in UTF-8. Let nothing else write to the host's standard output.";
    break;
  default:
    run.failure = "the host closed its output";
    run.advice =
        "The host has to survive every program: see why it ended, in its standard error or "
        "under a debugger.";
  }
  if (const std::string stderr_line = host.last_stderr_line(); !stderr_line.empty())
    run.failure += ", and on standard error: " + stderr_line;
  return run;
}

void check_messages(const RunMessages& run, const json& program, const json& id,
                    ProtocolFindings& findings) {
  if (!findings.expect(run.ended(), "program.messages",
                       "before the end of a program, " + run.failure, run.advice))
    return;
  findings.expect(text_at(run.messages.front(), "msg") == "begin" &&
                      is_count(run.messages.front(), "pid"),
                  "program.messages", "the first message was " + run.messages.front().dump());
  for (const json& message : run.messages) {
    findings.expect(message.value("id", json()) == id, "program.id",
                    fmt::format("the program {} sent {}", id.dump(), message.dump()));
    if (text_at(message, "msg") == "event")
      judge_event(message, program, findings);
  }
  judge_order(run, findings);
  judge_end(run.end(), findings);
}

} // namespace pep554
