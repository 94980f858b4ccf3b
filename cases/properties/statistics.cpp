#include "cases/properties/statistics.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cases/properties/oracle.h"

namespace pep554::properties {
namespace {

// Groups of counts, by how their names begin, with a heading each.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> groups{{
    {"operation ", "operations"},
    {"on ", "operations on interpreters in a state"},
    {"after ", "operations on one interpreter, in pairs"},
    {"unknown id: ", "ids of no interpreter"},
    {"snippet ", "what code does"},
    {"lanes ", "lanes"},
    {"ends: ", "how they end"},
    {"property ", "properties"},
}};

std::string state_of(const Oracle& oracle, const std::string& name) {
  const auto has = [&](Oracle::Life life) {
    const auto names = oracle.names(life);
    return std::ranges::find_first_of(names, oracle.aliases(name)) != names.end();
  };
  if (oracle.is_main(name))
    return "main";
  if (oracle.blocking(name))
    return "running";
  if (oracle.has_threads(name))
    return "live with threads";
  if (has(Oracle::Life::dead))
    return "dead";
  return has(Oracle::Life::unknown) ? "unknown" : "live";
}

// An id that could be one, or text that could be none.
bool could_be_an_id(std::string_view text) {
  std::int64_t value = -1;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc() && read.ptr == end && value >= 0;
}

std::string nobodys(std::string_view user, bool possible) {
  return fmt::format("unknown id: {}, {}", user, possible ? "an id" : "malformed");
}

void add_deeds(const std::vector<Snippet>& code, size_t depth, std::set<std::string>& met) {
  for (const Snippet& snippet : code) {
    met.insert(fmt::format("snippet {}", info(snippet.kind).name));
    if (snippet.kind == SnippetKind::nest)
      met.insert(fmt::format("snippet nest, {} deep", depth + 1));
    if (snippet.kind == SnippetKind::run_invalid_id)
      met.insert(nobodys("run", could_be_an_id(invalid_id(snippet.which))));
    add_deeds(snippet.inside, depth + 1, met);
  }
}

} // namespace

void Statistics::add(const Scenario& scenario, const std::string& property) {
  std::set<std::string> met;
  if (!property.empty())
    met.insert("property " + property);
  std::set<size_t> lanes;
  std::map<std::string, std::string_view> last; // operation, by interpreter
  Oracle oracle;
  for (const Action& action : scenario.actions) {
    lanes.insert(action.lane);
    if (action.unblocks || !oracle.precondition(action)) {
      if (action.unblocks)
        oracle.expect(action);
      continue;
    }
    const std::string_view name = info(action.op).name;
    met.insert(fmt::format("operation {}{}", name, action.blocking ? ", blocking" : ""));
    if (!action.on.empty())
      met.insert(fmt::format("on {}: {}", state_of(oracle, action.on), name));
    const std::string& subject = action.on.empty() ? action.as : action.on;
    if (!subject.empty()) {
      auto& before = last[subject];
      if (!before.empty())
        met.insert(fmt::format("after {}: {}", before, name));
      before = name;
    }
    if (action.op == Op::construct && action.on.empty())
      met.insert(nobodys(name, could_be_an_id(action.text)));
    add_deeds(action.code, 0, met);
    oracle.expect(action);
  }
  met.insert(fmt::format("lanes {}", lanes.size()));
  met.insert(scenario.finish == Finish::finalize ? "ends: finalize" : "ends: quit");
  if (!scenario.actions.empty() && oracle.names(Oracle::Life::live).empty() &&
      !oracle.names(Oracle::Life::dead).empty())
    met.insert("ends: nothing alive");
  for (const std::string& what : met)
    ++counts_[what];
  ++lengths_[scenario.actions.size() / 4];
  ++scenarios_;
}

double Statistics::share(const std::string& what) const {
  const auto found = counts_.find(what);
  return found == counts_.end() || scenarios_ == 0
             ? 0
             : static_cast<double>(found->second) / static_cast<double>(scenarios_);
}

std::string Statistics::text() const {
  std::string text = fmt::format("{} scenarios\n\nactions\n", scenarios_);
  const auto line = [&](std::string_view what, size_t count) {
    const double share = 100.0 * static_cast<double>(count) / static_cast<double>(scenarios_);
    text += fmt::format("  {:<38} {:>7}  {:>5.1f} %  {}\n", what, count, share,
                        std::string(static_cast<size_t>(share / 2.5), '#'));
  };
  for (const auto& [step, count] : lengths_)
    line(fmt::format("{} to {}", step * 4, step * 4 + 3), count);
  for (const auto& [prefix, heading] : groups) {
    text += fmt::format("\n{}\n", heading);
    for (const auto& [what, count] : counts_)
      if (what.starts_with(prefix))
        line(std::string_view(what).substr(prefix.size()), count);
  }
  return text;
}

} // namespace pep554::properties
