// The messages of a host about one program, and their check against PROTOCOL.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/doctor/protocol_checks.h"
#include "harness/doctor/protocol_connection.h"

namespace pep554 {

struct RunMessages {
  std::vector<nlohmann::json> messages; // "end" included, if it came
  std::string failure;                  // why there is no "end"; empty when there is
  std::string advice;                   // what to do about the failure

  bool ended() const { return failure.empty(); }
  const nlohmann::json& end() const { return messages.back(); }
  std::vector<nlohmann::json> events(const std::string& kind) const;
  // Null when the step did not return.
  nlohmann::json answer(size_t lane, size_t step) const;
  std::string status(size_t lane, size_t step) const; // "" when there is none
  std::vector<std::string> emitted() const;
};

// A text of an object, "" when there is none.
std::string text_at(const nlohmann::json& object, const char* key);

// Whether the object has this value under the key.
bool has(const nlohmann::json& object, const char* key, const nlohmann::json& value);

// What to do about a program that ended otherwise than it should; "" where the check knows best.
std::string_view advice_on(const nlohmann::json& end);

// The messages until the end of the program, for which the host has `timeout`. Of a host that sends
// without end, the first ones.
RunMessages listen(ProtocolConnection& host, std::chrono::milliseconds timeout);

// Checks the messages of a program that was run under `id` against PROTOCOL.md.
void check_messages(const RunMessages& run, const nlohmann::json& program, const nlohmann::json& id,
                    ProtocolFindings& findings);

} // namespace pep554
