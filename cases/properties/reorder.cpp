#include "cases/properties/reorder.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace pep554::properties {
namespace {

// Neither asks the module nor leaves anything that is not of its interpreter.
bool is_local(const std::vector<Snippet>& code) {
  return std::ranges::all_of(code, [](const Snippet& one) {
    switch (one.kind) {
    case SnippetKind::raise:
    case SnippetKind::leave:
    case SnippetKind::bad_syntax:
    case SnippetKind::odd_source:
    case SnippetKind::print:
      return true;
    default:
      return one.kind <= SnippetKind::get_name;
    }
  });
}

class Interpreters {
public:
  void meet(const Action& action) {
    if (action.as.empty())
      return;
    const bool main = action.op == Op::get_main || action.op == Op::get_current;
    first_[action.as] = main ? "" : action.op == Op::construct ? of(action.on) : action.as;
  }
  // By its first name; empty for the main one, and where it is not known.
  std::string of(const std::string& name) const {
    const auto found = first_.find(name);
    return found == first_.end() ? "" : found->second;
  }

private:
  std::map<std::string, std::string> first_;
};

// The interpreter that an action concerns alone; empty where there is none.
std::string concerns(const Action& action, const Interpreters& interpreters) {
  const bool local = action.op == Op::read_id || action.op == Op::is_running ||
                     (action.op == Op::run && is_local(action.code));
  return local ? interpreters.of(action.on) : "";
}

} // namespace

std::optional<Scenario> reordered(const Scenario& scenario) {
  Scenario other = scenario;
  if (std::ranges::any_of(other.actions, [](const Action& one) { return one.lane > 0; }))
    return std::nullopt;
  Interpreters interpreters;
  bool changed = false;
  for (size_t i = 0; i < other.actions.size(); ++i) {
    interpreters.meet(other.actions[i]);
    if (i + 1 == other.actions.size())
      break;
    const std::string one = concerns(other.actions[i], interpreters);
    const std::string next = concerns(other.actions[i + 1], interpreters);
    if (one.empty() || next.empty() || one == next)
      continue;
    std::swap(other.actions[i], other.actions[i + 1]);
    changed = true;
    ++i;
  }
  return changed ? std::optional(std::move(other)) : std::nullopt;
}

} // namespace pep554::properties
