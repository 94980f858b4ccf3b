#include "cases/properties/generator.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <rapidcheck/Random.h>

#include "cases/properties/oracle.h"

namespace pep554::properties {
namespace {

// Ids that no interpreter has, and values that can be none.
constexpr std::array<std::string_view, 9> literals{
    plainest_id, "-1",      "9223372036854775807", "9223372036854775808", "1e3", "x", "0x1",
    " 7",        "\xd9\xa3"};

constexpr unsigned deepest = 3; // interpreters, one in the code of the other

class Choice {
public:
  Choice(std::uint64_t seed, std::uint64_t number) : random_(seed ^ scattered(number)) {}

  unsigned below(size_t bound) { return static_cast<unsigned>(random_.next() % bound); }
  bool percent(unsigned share) { return below(100) < share; }

  template <typename T>
  const T& of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

  // By weights of which one is above 0.
  template <typename T>
  T weighted(const std::map<T, unsigned>& weights) {
    unsigned sum = 0;
    for (const auto& [what, weight] : weights)
      sum += weight;
    unsigned at = below(sum);
    for (const auto& [what, weight] : weights) {
      if (at < weight)
        return what;
      at -= weight;
    }
    return weights.begin()->first;
  }

private:
  // So that neighbours have nothing in common (splitmix64).
  static std::uint64_t scattered(std::uint64_t number) {
    std::uint64_t z = (number + 1) * 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

  rc::Random random_;
};

class Generator {
public:
  Generator(const Profile& profile, std::uint64_t seed, std::uint64_t number)
      : profile_(profile), choice_(seed, number) {
    if (choice_.percent(60)) { // much of little: what shows when something is done again and again
      favour(profile_.operations, 3);
      favour(profile_.snippet_kinds, 3);
    }
    if (choice_.percent(5))
      profile_.lanes = 1;
    watches_ = profile_.operations.contains(Op::enumerate) && choice_.percent(20);
    const auto most = std::clamp<std::uint64_t>(4 + number / 8, 1, profile.length);
    length_ = 1 + std::max(choice_.below(most), choice_.below(most));
  }

  Scenario generate() {
    if (choice_.percent(80))
      add_main();
    while (scenario_.actions.size() < length_) {
      add_one();
      if (watches_)
        watch();
    }
    end_stay();
    if (choice_.percent(profile_.destroy_all))
      destroy_all();
    if (choice_.percent(profile_.finalize))
      scenario_.finish = Finish::finalize;
    return std::move(scenario_);
  }

private:
  using Life = Oracle::Life;

  template <typename T>
  void favour(std::map<T, unsigned>& weights, unsigned count) {
    for (unsigned i = 0; i < count && !weights.empty(); ++i)
      std::next(weights.begin(), choice_.below(weights.size()))->second += 30;
  }

  void add_main() {
    Action action;
    action.op = Op::get_main;
    action.as = "main";
    add(std::move(action));
  }

  void add_one() {
    if (!staying_.empty() && choice_.percent(30)) {
      end_stay();
      return;
    }
    if (!scenario_.actions.empty() && choice_.percent(fails(scenario_.actions.back()) ? 30 : 12)) {
      add_again(scenario_.actions.back());
      return;
    }
    Action action;
    action.op = choice_.weighted(profile_.operations);
    action.lane = lane();
    if (!staying_.empty() && profile_.operations.contains(Op::is_running) && choice_.percent(30)) {
      action.op = Op::is_running; // the question that a run under way is for
      action.on = choice_.of(oracle_.aliases(staying_));
    } else if (info(action.op).wants_on && (wants_another() || !choose_interpreter(action))) {
      action.op = Op::create; // nothing to operate on
    }
    complete(action);
    add_if_sensible(std::move(action));
  }

  // Lists the interpreters after an operation that changes the list, before the next can undo it.
  void watch() {
    const Op last = scenario_.actions.empty() ? Op::enumerate : scenario_.actions.back().op;
    if (last != Op::create && last != Op::construct && last != Op::destroy && last != Op::release)
      return;
    Action action;
    action.op = Op::enumerate;
    action.lane = lane();
    add_if_sensible(std::move(action));
  }

  void add_if_sensible(Action action) {
    if (oracle_.precondition(action))
      add(std::move(action));
    else if (++refused_ > 100)
      length_ = scenario_.actions.size(); // what was chosen leads nowhere
  }

  // Whether the action runs code that fails: such actions are often repeated.
  static bool fails(const Action& action) {
    return !action.code.empty() && info(action.code.back().kind).ends;
  }

  // Adds an action; later actions may repeat it.
  void add_again(Action action) {
    if (action.unblocks || action.blocking || action.op == Op::get_main)
      return;
    if (!action.as.empty())
      action.as = fresh_name();
    add_if_sensible(std::move(action));
  }

  // Most orders that matter are of several interpreters, or of one that comes after another.
  bool wants_another() {
    const bool replaces = !scenario_.actions.empty() && scenario_.actions.back().op == Op::destroy;
    const bool few = oracle_.names(Life::live).size() < 2;
    return profile_.operations.contains(Op::create) &&
           choice_.percent(20 * ((few ? 1U : 0U) + (replaces ? 1U : 0U)));
  }

  size_t lane() {
    std::vector<size_t> free;
    for (size_t lane = 0; lane < profile_.lanes; ++lane)
      if (staying_.empty() || lane != staying_lane_)
        free.push_back(lane);
    const bool blocking = std::ranges::find(free, last_lane_) != free.end();
    return blocking && choice_.percent(60) ? last_lane_ : choice_.of(free);
  }

  static bool changes(Op op) { return op == Op::run || op == Op::destroy || op == Op::release; }

  // False when there is none at all.
  bool choose_interpreter(Action& action) {
    const auto live = oracle_.names(Life::live);
    const auto dead = oracle_.names(Life::dead);
    const auto unknown = oracle_.names(Life::unknown);
    const bool ends = action.op == Op::destroy; // without the main one nothing is claimed any more
    if (!staying_.empty() && !changes(action.op) && choice_.percent(30))
      action.on = staying_; // what others ask while it is running
    else if (!dead.empty() && (live.empty() || choice_.percent(profile_.dead)))
      action.on = choice_.of(dead);
    else if (!unknown.empty() && (live.empty() || choice_.percent(15)))
      action.on = choice_.of(unknown);
    else if (oracle_.has_main() && choice_.percent(!live.empty() ? 5 : ends ? 20 : 100))
      action.on = "main";
    else if (!live.empty())
      action.on = std::ranges::find(live, last_on_) != live.end() && choice_.percent(50)
                      ? last_on_
                      : choice_.of(live);
    const auto aliases = oracle_.aliases(action.on);
    last_on_ = action.on;
    action.on = aliases.empty() ? "" : choice_.of(aliases);
    return !aliases.empty();
  }

  void complete(Action& action) {
    switch (action.op) {
    case Op::create:
      action.on.clear();
      action.as = fresh_name();
      return;
    case Op::construct:
      if (choice_.percent(profile_.literal) || !choose_interpreter(action))
        action.text = literals.at(choice_.below(literals.size()));
      else
        action.as = fresh_name();
      return;
    case Op::get_main:
      action.as = oracle_.has_main() ? "" : "main";
      return;
    case Op::write_id:
      action.text = literals.at(choice_.below(literals.size()));
      return;
    case Op::run:
      action.blocking =
          profile_.lanes > 1 && staying_.empty() && choice_.percent(profile_.blocking);
      action.code = code(action.blocking ? 1 : 4, 0);
      if (used_.insert(action.on).second && choice_.percent(30))
        ask_first(action.code);
      return;
    case Op::eval:
      action.code = code(3, 0);
      return;
    default:
      return;
    }
  }

  std::string fresh_name() {
    const unsigned number = names_++;
    return number < 26 ? std::string(1, static_cast<char>('a' + number))
                       : fmt::format("i{}", number);
  }

  std::vector<Snippet> code(unsigned most, unsigned depth) {
    std::vector<Snippet> made;
    const unsigned count = 1 + choice_.below(most);
    while (made.size() < count && (made.empty() || !info(made.back().kind).ends)) {
      Snippet snippet;
      snippet.kind = kind(depth);
      snippet.which = variant(snippet.kind);
      if (snippet.kind == SnippetKind::nest)
        snippet.inside = code(3, depth + 1);
      made.push_back(std::move(snippet));
    }
    return made;
  }

  // Mostly a variant that an earlier snippet set, in any interpreter.
  unsigned variant(SnippetKind kind) {
    const unsigned which = choice_.below(info(kind).variants);
    if (const auto known = set_.find(kind); known != set_.end() && choice_.percent(75))
      return choice_.of(known->second);
    if (const auto question = question_about(kind))
      set_[*question].push_back(which);
    return which;
  }

  // Whether a new interpreter has the state of another one.
  void ask_first(std::vector<Snippet>& code) {
    if (set_.empty())
      return;
    const auto& [kind, slots] = *std::next(set_.begin(), choice_.below(set_.size()));
    if (profile_.snippet_kinds.contains(kind))
      code.insert(code.begin(), {kind, choice_.of(slots)});
  }

  static std::optional<SnippetKind> question_about(SnippetKind kind) {
    switch (kind) {
    case SnippetKind::set_sys:
      return SnippetKind::get_sys;
    case SnippetKind::set_builtin:
      return SnippetKind::get_builtin;
    case SnippetKind::add_module:
      return SnippetKind::has_module;
    case SnippetKind::add_path:
      return SnippetKind::has_path;
    case SnippetKind::bind_name:
      return SnippetKind::get_name;
    default:
      return std::nullopt;
    }
  }

  // Nesting would be rare below itself.
  SnippetKind kind(unsigned depth) {
    if (!set_.empty() && choice_.percent(20)) {
      const SnippetKind question = std::next(set_.begin(), choice_.below(set_.size()))->first;
      if (profile_.snippet_kinds.contains(question))
        return question;
    }
    const bool nests = profile_.snippet_kinds.contains(SnippetKind::nest);
    if (depth > 0 && depth < deepest && nests && choice_.percent(20))
      return SnippetKind::nest;
    for (unsigned attempts = 0; attempts < 50; ++attempts)
      if (const SnippetKind chosen = choice_.weighted(profile_.snippet_kinds); fits(chosen, depth))
        return chosen;
    return SnippetKind::print;
  }

  // See Oracle::precondition.
  bool fits(SnippetKind kind, unsigned depth) const {
    if (info(kind).to_others)
      return depth == 0 && staying_.empty();
    return kind != SnippetKind::nest || depth < deepest;
  }

  void add(Action action) {
    oracle_.expect(action);
    last_lane_ = action.lane;
    if (action.blocking) {
      staying_ = action.on;
      staying_lane_ = action.lane;
    }
    scenario_.actions.push_back(std::move(action));
  }

  void end_stay() {
    if (staying_.empty())
      return;
    Action action;
    action.on = staying_;
    action.unblocks = true;
    staying_.clear();
    action.lane = lane();
    if (action.lane == staying_lane_)
      action.lane = action.lane == 0 ? 1 : 0;
    oracle_.expect(action);
    scenario_.actions.push_back(std::move(action));
  }

  void destroy_all() {
    for (const Life life : {Life::live, Life::unknown})
      for (const std::string& name : oracle_.names(life)) {
        Action action;
        action.op = Op::destroy;
        action.on = name;
        action.lane = last_lane_;
        add(std::move(action));
      }
  }

  Profile profile_;
  Choice choice_;
  Oracle oracle_;
  Scenario scenario_;
  size_t length_ = 0;
  bool watches_ = false; // the list, after each operation that changes it
  size_t last_lane_ = 0;
  size_t staying_lane_ = 0;
  std::string last_on_;
  std::set<std::string> used_; // names by which something was run
  std::string staying_;        // the interpreter in which a run stays; empty: none
  std::map<SnippetKind, std::vector<unsigned>> set_; // by what asks for it
  unsigned names_ = 0;
  unsigned refused_ = 0;
};

} // namespace

const Profile& everything() {
  static const Profile profile = [] {
    Profile made;
    made.operations = {{Op::create, 14},   {Op::destroy, 16},   {Op::run, 30},
                       {Op::eval, 8},      {Op::enumerate, 10}, {Op::is_running, 6},
                       {Op::construct, 8}, {Op::read_id, 4},    {Op::write_id, 3},
                       {Op::get_main, 3},  {Op::release, 3},    {Op::get_current, 3}};
    for (const SnippetInfo& one : snippet_kinds())
      made.snippet_kinds[one.kind] = one.uses_module ? 3 : 4;
    for (const SnippetKind kind : {SnippetKind::set_sys, SnippetKind::get_sys, SnippetKind::raise,
                                   SnippetKind::lingering_thread})
      made.snippet_kinds[kind] = 9;
    made.snippet_kinds[SnippetKind::nest] = 11;
    made.lanes = 3;
    made.length = 20;
    made.blocking = 12;
    made.finalize = 30;
    made.destroy_all = 30;
    return made;
  }();
  return profile;
}

Scenario generate(const Profile& profile, std::uint64_t seed, std::uint64_t number) {
  return Generator(profile, seed, number).generate();
}

} // namespace pep554::properties
