#include "harness/doctor/protocol_target.h"

#include <algorithm>

#include <fmt/format.h>

namespace pep554 {

using nlohmann::json;

json step(const char* op, const char* on, const char* as, const char* text) {
  json made{{"op", op}};
  for (const auto& [key, value] : {std::pair{"on", on}, {"as", as}, {"text", text}})
    if (*value != '\0')
      made[key] = value;
  return made;
}

std::string describe_answer(const RunMessages& run, size_t lane, size_t step) {
  const json answer = run.answer(lane, step);
  if (answer.is_null())
    return "had no answer";
  const json raised = answer.is_object() ? answer.value("raised", json()) : json();
  if (raised.is_object())
    return fmt::format("answered {}: \"{}\"", run.status(lane, step), text_at(raised, "message"));
  return "answered " + answer.dump();
}

Result<std::unique_ptr<ProtocolConnection>> ProtocolTarget::try_start() {
  auto started = ProtocolConnection::start(command_);
  if (!started)
    return started;
  ProtocolConnection& host = **started;
  const auto first = host.receive(timeout_);
  if (first && text_at(*first, "msg") == "hello") {
    hello_ = *first;
    return started;
  }
  if (first && text_at(*first, "msg") == "refused")
    return fail(host.with_stderr(text_at(*first, "reason")));
  if (first)
    return fail("it sent another message before `hello`: " + first->dump());
  const std::string stderr_line = host.last_stderr_line();
  return fail((host.state() == ProtocolConnection::State::malformed
                   ? "it sent malformed data instead of `hello`"
               : host.state() == ProtocolConnection::State::ended
                   ? "it ended without `hello`"
                   : fmt::format("it sent no `hello` within {} s", timeout_.count() / 1000)) +
              (stderr_line.empty() ? "" : ": " + stderr_line));
}

// Starts a new host, after an earlier one has started.
std::unique_ptr<ProtocolConnection> ProtocolTarget::start() {
  auto host = try_start();
  findings_.expect(host.has_value(), "hello.shape",
                   "the host, started again, did not send `hello`: " +
                       (host ? "" : host.error().message));
  return host ? std::move(*host) : nullptr;
}

RunMessages ProtocolTarget::run(ProtocolConnection& host, const json& program, const json& id) {
  host.send({{"msg", "run"}, {"id", id}, {"program", program}});
  RunMessages run = listen(host, timeout_ * 2);
  check_messages(run, program, id, findings_);
  return run;
}

bool ProtocolTarget::claims(const char* extension) const {
  const json list = hello_.value("extensions", json::array());
  return std::ranges::find(list, json(extension)) != list.end();
}

json ProtocolTarget::program(const json& lanes) const {
  return {{"lanes", lanes}, {"finish", "quit"}, {"deadline_ms", timeout_.count()}};
}

json ProtocolTarget::one_lane(const json& steps) const {
  return program(json::array({steps}));
}

} // namespace pep554
