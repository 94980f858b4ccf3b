#include "harness/doctor/finding.h"

#include <nlohmann/json.hpp>

namespace pep554 {

using nlohmann::json;

std::string to_string(Level level) {
  switch (level) {
  case Level::ok:
    return "ok";
  case Level::note:
    return "note";
  default:
    return "error";
  }
}

json to_json(const Finding& finding) {
  return {{"layer", finding.layer},  {"check", finding.check}, {"level", to_string(finding.level)},
          {"title", finding.title},  {"seen", finding.seen},   {"rule", finding.rule},
          {"advice", finding.advice}};
}

Finding finding_from(const json& message) {
  const std::string level = message.at("level");
  return {"abi",
          message.at("check"),
          level == "ok"     ? Level::ok
          : level == "note" ? Level::note
                            : Level::error,
          message.at("title"),
          message.at("seen"),
          message.at("rule"),
          message.at("advice")};
}

} // namespace pep554
