#include "cases/properties/shrink.h"

#include <utility>

namespace pep554::properties {
namespace {

size_t weight(const std::vector<Snippet>& code) {
  size_t sum = 0;
  for (const Snippet& snippet : code)
    sum += 4 + (snippet.which > 0 ? 1 : 0) + (info(snippet.kind).to_others ? 1 : 0) +
           weight(snippet.inside);
  return sum;
}

// Everything but [from, to).
template <typename T>
std::vector<T> without(const std::vector<T>& all, size_t from, size_t to) {
  std::vector<T> rest(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(from));
  rest.insert(rest.end(), all.begin() + static_cast<std::ptrdiff_t>(to), all.end());
  return rest;
}

// Halves, quarters, ... single ones left out, later ones first: what failed came last.
template <typename T, typename Add>
void leave_out(const std::vector<T>& all, Add add) {
  for (size_t size = (all.size() + 1) / 2; size > 0; size = size > 1 ? (size + 1) / 2 : 0)
    for (size_t end = all.size(); end > 0; end = end > size ? end - size : 0)
      add(without(all, end > size ? end - size : 0, end));
}

std::vector<std::vector<Snippet>> smaller(const std::vector<Snippet>& code) {
  std::vector<std::vector<Snippet>> found;
  const auto add = [&found](std::vector<Snippet> one) { found.push_back(std::move(one)); };
  leave_out(code, add);
  for (size_t i = 0; i < code.size(); ++i) {
    const auto with = [&](Snippet other) {
      auto changed = code;
      changed[i] = std::move(other);
      found.push_back(std::move(changed));
    };
    if (code[i].which > 0)
      with({code[i].kind, 0, code[i].inside});
    if (info(code[i].kind).to_others) // and failed, perhaps, for what the others are
      with({SnippetKind::raise});
    for (auto& inside : smaller(code[i].inside))
      with({code[i].kind, code[i].which, std::move(inside)});
    // The nested code alone may fail as well.
    if (!code[i].inside.empty()) {
      auto flat = without(code, i, i + 1);
      flat.insert(flat.begin() + static_cast<std::ptrdiff_t>(i), code[i].inside.begin(),
                  code[i].inside.end());
      found.push_back(std::move(flat));
    }
  }
  return found;
}

class Candidates {
public:
  explicit Candidates(const Scenario& scenario) : scenario_(scenario) {}

  std::vector<Scenario> all() && {
    leave_out(scenario_.actions, [this](std::vector<Action> actions) {
      add({std::move(actions), scenario_.finish});
    });
    for (size_t i = 0; i < scenario_.actions.size(); ++i)
      on_another(i);
    if (scenario_.finish == Finish::finalize)
      add({scenario_.actions, Finish::quit});
    on_one_lane();
    for (size_t i = 0; i < scenario_.actions.size(); ++i)
      simplify(i);
    return std::move(found_);
  }

private:
  void add(Scenario scenario) { found_.push_back(std::move(scenario)); }

  // Without a second name, or a second interpreter: what was done to it is done to another.
  void on_another(size_t i) {
    const Action& second = scenario_.actions[i];
    if (second.as.empty())
      return;
    if (second.op == Op::construct && !second.on.empty())
      renamed(i, second.on);
    for (size_t other = 0; second.op == Op::create && other < i; ++other)
      if (scenario_.actions[other].op == Op::create && !scenario_.actions[other].as.empty())
        renamed(i, scenario_.actions[other].as);
  }

  void renamed(size_t i, const std::string& name) {
    Scenario changed{without(scenario_.actions, i, i + 1), scenario_.finish};
    for (Action& action : changed.actions)
      if (action.on == scenario_.actions[i].as)
        action.on = name;
    add(std::move(changed));
  }

  void on_one_lane() {
    Scenario changed = scenario_;
    bool several = false;
    for (Action& action : changed.actions) {
      several = several || action.lane > 0;
      action.lane = 0;
      action.blocking = false;
    }
    if (several)
      add(std::move(changed));
  }

  template <typename Change>
  void with(size_t i, Change change) {
    Scenario changed = scenario_;
    change(changed.actions[i]);
    add(std::move(changed));
  }

  void simplify(size_t i) {
    const Action& action = scenario_.actions[i];
    if (action.blocking)
      with(i, [](Action& one) { one.blocking = false; });
    if (action.lane > 0)
      with(i, [](Action& one) { one.lane = 0; });
    if (!action.text.empty() && action.text != plainest_id)
      with(i, [](Action& one) { one.text = plainest_id; });
    for (auto& code : smaller(action.code))
      with(i, [&code](Action& one) { one.code = std::move(code); });
  }

  const Scenario& scenario_;
  std::vector<Scenario> found_;
};

} // namespace

size_t weight(const Scenario& scenario) {
  size_t sum = scenario.finish == Finish::finalize ? 1 : 0;
  for (const Action& action : scenario.actions)
    sum += 4 + (action.lane > 0 ? 1 : 0) + (action.blocking ? 1 : 0) + weight(action.code) +
           (action.text.empty() || action.text == plainest_id ? 0 : 1);
  return sum;
}

std::vector<Scenario> smaller(const Scenario& scenario) {
  return Candidates(scenario).all();
}

Scenario shrink(Scenario scenario, const Search& find) {
  while (true) {
    std::vector<Scenario> candidates = smaller(scenario);
    const size_t found = find(candidates);
    if (found >= candidates.size())
      return scenario;
    scenario = std::move(candidates[found]);
  }
}

} // namespace pep554::properties
