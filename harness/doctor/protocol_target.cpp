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

std::string answer_in_words(const Talk& talk, size_t lane, size_t step) {
  const json answer = talk.answer(lane, step);
  if (answer.is_null())
    return "had no answer";
  const json raised = answer.is_object() ? answer.value("raised", json()) : json();
  if (raised.is_object())
    return fmt::format("answered {}: \"{}\"", talk.status(lane, step), text_at(raised, "message"));
  return "answered " + answer.dump();
}

std::unique_ptr<Conversation> ProtocolTarget::start(std::string& why) {
  auto host = Conversation::start(command_, why);
  if (!host)
    return nullptr;
  const auto first = host->receive(patience_);
  if (first && text_at(*first, "msg") == "hello") {
    hello_ = *first;
    return host;
  }
  if (first && text_at(*first, "msg") == "refused")
    why = text_at(*first, "reason");
  else
    why = first ? "it spoke before its greeting: " + first->dump()
          : host->state() == Conversation::State::rubbish ? "it spoke no protocol"
          : host->state() == Conversation::State::ended
              ? "it ended without a greeting"
              : fmt::format("it gave no greeting within {} s", patience_.count() / 1000);
  if (const std::string said = host->last_words(); !first && !said.empty())
    why += ": " + said;
  return nullptr;
}

// Of a host that has started before.
std::unique_ptr<Conversation> ProtocolTarget::start() {
  std::string why;
  auto host = start(why);
  findings_.expect(host != nullptr, "greeting.shape",
                   "started once more, the host did not greet: " + why);
  return host;
}

Talk ProtocolTarget::tell(Conversation& host, const json& program, const json& id) {
  host.send({{"msg", "run"}, {"id", id}, {"program", program}});
  Talk talk = listen(host, patience_ * 2);
  judge_talk(talk, program, id, findings_);
  return talk;
}

bool ProtocolTarget::claims(const char* extension) const {
  const json list = hello_.value("extensions", json::array());
  return std::ranges::find(list, json(extension)) != list.end();
}

json ProtocolTarget::program(const json& lanes) const {
  return {{"lanes", lanes}, {"finish", "quit"}, {"deadline_ms", patience_.count()}};
}

json ProtocolTarget::one_lane(const json& steps) const {
  return program(json::array({steps}));
}

} // namespace pep554
