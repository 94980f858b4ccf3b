#include "harness/host/examine/check_results.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "harness/host/examine/checks.h"

namespace pep554::host {
namespace {

using nlohmann::json;

const char* name_of(Level level) {
  switch (level) {
  case Level::ok:
    return "ok";
  case Level::error:
    return "error";
  default:
    return "note";
  }
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts)
    text += (text.empty() ? "" : "; ") + part;
  return text;
}

} // namespace

void CheckResults::add(Level level, const std::string& check, const std::string& seen,
                       std::string_view advice) {
  Entry& entry = entries_[check];
  if (level < entry.level)
    return;
  if (level > entry.level)
    entry = {level, {}, advice};
  if (!seen.empty() && std::ranges::find(entry.seen, seen) == entry.seen.end())
    entry.seen.push_back(seen);
}

std::string_view CheckResults::first_failed(std::initializer_list<std::string_view> checks) const {
  for (const std::string_view check : checks) {
    const auto found = entries_.find(check);
    if (found != entries_.end() && found->second.level == Level::error)
      return check;
  }
  return "";
}

std::string CheckResults::observations_of(std::string_view check) const {
  const auto found = entries_.find(check);
  return found != entries_.end() ? joined(found->second.seen) : "";
}

std::vector<json> CheckResults::messages(std::string_view last) const {
  std::vector<json> all;
  bool over = false;
  const std::string unseen =
      "not examined: " +
      (blockers_.empty() ? std::string("nothing gave occasion to") : blockers_.front());
  for (const Check& check : checks()) {
    const auto found = entries_.find(check.id);
    const Entry entry =
        found != entries_.end() ? found->second : Entry{Level::unseen, {unseen}, {}};
    if (entry.level != Level::absent && (!over || entry.level == Level::error))
      all.push_back({{"msg", "check"},
                     {"check", check.id},
                     {"level", name_of(entry.level)},
                     {"title", check.title},
                     {"seen", joined(entry.seen)},
                     {"rule", check.rule},
                     {"advice", entry.advice.empty() ? check.advice : entry.advice}});
    over = over || check.id == last;
  }
  return all;
}

} // namespace pep554::host
