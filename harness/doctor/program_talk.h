// What a host says about one program, and whether it is said as PROTOCOL.md has it.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/doctor/conversation.h"
#include "harness/doctor/protocol_checks.h"

namespace pep554 {

struct Talk {
  std::vector<nlohmann::json> messages; // "end" included, if it came
  std::string broke_off;                // why there was no end; empty when there was

  bool ended() const { return broke_off.empty(); }
  const nlohmann::json& end() const { return messages.back(); }
  std::vector<nlohmann::json> events(const std::string& kind) const;
  // Null when the step did not return.
  nlohmann::json answer(size_t lane, size_t step) const;
  std::string status(size_t lane, size_t step) const; // "" when there is none
  std::vector<std::string> emitted() const;
};

// A text of an object, "" when there is none.
std::string text_at(const nlohmann::json& object, const char* key);

// Whether the object has this value there.
bool has(const nlohmann::json& object, const char* key, const nlohmann::json& value);

// The messages until the end of the program. The host has `patience` for each.
Talk listen(Conversation& host, std::chrono::milliseconds patience);

// Holds the messages of a program that was run under `id` against the page, whatever it did.
void judge_talk(const Talk& talk, const nlohmann::json& program, const nlohmann::json& id,
                ProtocolFindings& findings);

} // namespace pep554
