#include "cases/properties/scenario_json.h"

#include <nlohmann/json.hpp>

namespace pep554::properties {
namespace {

using nlohmann::json;

template <class Info>
const Info& known(const Info* found, const std::string& name, const json& document) {
  if (found == nullptr)
    throw json::other_error::create(599, "unknown name \"" + name + "\"", &document);
  return *found;
}

json to_json(const std::vector<Snippet>& code) {
  json all = json::array();
  for (const Snippet& snippet : code) {
    json one{{"kind", info(snippet.kind).name}};
    if (snippet.which > 0)
      one["which"] = snippet.which;
    if (!snippet.inside.empty())
      one["inside"] = to_json(snippet.inside);
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<Snippet> code_from(const json& document) {
  std::vector<Snippet> code;
  for (const json& one : document) {
    const auto name = one.at("kind").get<std::string>();
    Snippet snippet{known(find_snippet_kind(name), name, one).kind, one.value("which", 0U)};
    if (snippet.which >= info(snippet.kind).variants)
      throw json::other_error::create(599, "\"which\" is too large for " + name, &one);
    if (one.contains("inside"))
      snippet.inside = code_from(one["inside"]);
    code.push_back(std::move(snippet));
  }
  return code;
}

json to_json(const Action& action) {
  json one{{"op", info(action.op).name}};
  const auto put = [&one](const char* key, const auto& value, const auto& usual) {
    if (value != usual)
      one[key] = value;
  };
  put("lane", action.lane, size_t{0});
  put("on", action.on, std::string());
  put("as", action.as, std::string());
  put("text", action.text, std::string());
  put("blocking", action.blocking, false);
  put("unblocks", action.unblocks, false);
  if (!action.code.empty())
    one["code"] = to_json(action.code);
  return one;
}

Action action_from(const json& one) {
  Action action;
  const auto name = one.at("op").get<std::string>();
  action.op = known(find_operation(name), name, one).op;
  action.lane = one.value("lane", size_t{0});
  action.on = one.value("on", "");
  action.as = one.value("as", "");
  action.text = one.value("text", "");
  action.blocking = one.value("blocking", false);
  action.unblocks = one.value("unblocks", false);
  if (one.contains("code"))
    action.code = code_from(one["code"]);
  return action;
}

} // namespace

json to_json(const Scenario& scenario) {
  json actions = json::array();
  for (const Action& action : scenario.actions)
    actions.push_back(to_json(action));
  json made{{"actions", std::move(actions)}};
  if (scenario.finish == Finish::finalize)
    made["finish"] = "finalize";
  return made;
}

Scenario scenario_from(const json& document) {
  Scenario scenario;
  for (const json& one : document.at("actions"))
    scenario.actions.push_back(action_from(one));
  if (document.value("finish", "quit") == std::string("finalize"))
    scenario.finish = Finish::finalize;
  return scenario;
}

} // namespace pep554::properties
