#include "cases/properties/scenario.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "cases/properties/oracle.h"

namespace pep554::properties {
namespace {

// Lays the actions out on their lanes, and keeps the lanes to the order by gates.
class Builder {
public:
  void add(const Action& action) {
    if (action.unblocks) {
      end_stay(action.on, action.lane);
      return;
    }
    const bool blocked = is_blocked(action.lane);
    if (blocked || !oracle_.precondition(action) || (action.blocking && !stays_.empty()))
      return;
    const size_t lane = follow(action.lane);
    Step step{action.op, action.on, action.as, action.text};
    if (action.op == Op::run || action.op == Op::eval)
      step.text = source_of(action.code);
    if (action.blocking)
      step.text += begin_stay(action);
    push(lane, std::move(step), oracle_.expect(action));
  }

  Case finished() && {
    if (!stays_.empty())
      end_stay(stays_.begin()->first, 0);
    return std::move(case_);
  }

private:
  struct Stay {
    size_t lane = 0; // of the scenario
    std::string gate;
  };

  bool is_blocked(size_t lane) const {
    return std::ranges::any_of(stays_,
                               [lane](const auto& entry) { return entry.second.lane == lane; });
  }

  // The lane of the program, in which the next step then comes after all before.
  size_t follow(size_t lane) {
    const size_t at = lanes_.emplace(lane, lanes_.size()).first->second;
    if (at == case_.program.lanes.size()) {
      case_.program.lanes.emplace_back();
      case_.expectations.emplace_back();
    }
    if (last_ && *last_ != lane)
      hand_over(*last_, at);
    last_ = lane;
    return at;
  }

  void hand_over(size_t from, size_t to) {
    if (is_blocked(from)) { // its code has reported its start
      const auto stay = std::ranges::find_if(
          stays_, [from](const auto& entry) { return entry.second.lane == from; });
      push(to, {Op::wait, "", "", "in-" + stay->second.gate});
      return;
    }
    const std::string gate = fmt::format("g{}", gates_++);
    push(lanes_.at(from), {Op::open, "", "", gate});
    push(to, {Op::wait, "", "", gate});
  }

  std::string begin_stay(const Action& action) {
    const std::string gate = fmt::format("s{}", gates_++);
    stays_[action.on] = {action.lane, gate};
    return fmt::format("$open('in-{0}')\n$wait('{0}')\n", gate);
  }

  // Some other lane opens the gate, and goes on when the run has answered.
  void end_stay(const std::string& name, size_t lane) {
    const auto found = stays_.find(name);
    if (found == stays_.end())
      return;
    const Stay stay = found->second;
    if (lane == stay.lane)
      lane = stay.lane == 0 ? 1 : 0;
    const size_t at = follow(lane);
    push(at, {Op::open, "", "", stay.gate});
    push(lanes_.at(stay.lane), {Op::open, "", "", "out-" + stay.gate});
    push(at, {Op::wait, "", "", "out-" + stay.gate});
    Action over;
    over.on = name;
    over.unblocks = true;
    oracle_.expect(over);
    stays_.erase(found);
  }

  void push(size_t at, Step step, std::optional<Expectation> expectation = std::nullopt) {
    case_.program.lanes.at(at).push_back(std::move(step));
    case_.expectations.at(at).push_back(std::move(expectation));
  }

  Case case_;
  Oracle oracle_;
  std::map<size_t, size_t> lanes_;    // of the scenario, to those of the program
  std::optional<size_t> last_;        // on which something happened
  std::map<std::string, Stay> stays_; // runs under way: one at a time, by name
  size_t gates_ = 0;
};

bool leaves_something(const std::vector<Snippet>& code) {
  return std::ranges::any_of(code, [](const Snippet& one) {
    return one.kind == SnippetKind::lingering_thread || leaves_something(one.inside);
  });
}

} // namespace

std::optional<Scenario> with_cleanup(const Scenario& scenario) {
  Oracle oracle;
  Scenario made{{}, scenario.finish};
  for (const Action& action : scenario.actions) {
    if (action.op == Op::eval || action.op == Op::release || action.blocking || action.unblocks ||
        (action.op == Op::create && action.as.empty()) || leaves_something(action.code))
      return std::nullopt;
    if (!oracle.precondition(action))
      continue;
    oracle.expect(action);
    made.actions.push_back(action);
  }
  if (!oracle.names(Oracle::Life::unknown).empty())
    return std::nullopt;
  for (const std::string& name : oracle.names(Oracle::Life::live)) {
    Action destroy;
    destroy.op = Op::destroy;
    destroy.on = name;
    made.actions.push_back(std::move(destroy));
  }
  return made;
}

Case case_of(const Scenario& scenario, std::vector<std::string> clauses) {
  Builder builder;
  for (const Action& action : scenario.actions)
    builder.add(action);
  Case made = std::move(builder).finished();
  made.program.finish = scenario.finish;
  made.clauses = std::move(clauses);
  return made;
}

} // namespace pep554::properties
