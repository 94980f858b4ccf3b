// Cases of scenarios: what they expect, how their lanes are ordered, and that they can be written
// down and read again.
#include "cases/properties/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cases/properties/generator.h"
#include "cases/properties/scenario_json.h"
#include "cases/table_writer.h"
#include "cases/tables.h"

namespace pep554::properties {
namespace {

using testing::ElementsAre;

Action action(Op op, const std::string& on, const std::string& as = "") {
  Action made;
  made.op = op;
  made.on = on;
  made.as = as;
  return made;
}

Action run(const std::string& on, std::vector<Snippet> code) {
  Action made = action(Op::run, on);
  made.code = std::move(code);
  return made;
}

// The expectations of one lane.
std::vector<Expectation> expected(std::vector<Action> actions) {
  const Case made = case_of({std::move(actions), Finish::quit}, {});
  std::vector<Expectation> all;
  for (const auto& expectation : made.expectations.at(0))
    all.push_back(expectation.value());
  return all;
}

std::vector<std::string> rendered(const std::vector<Step>& steps) {
  std::vector<std::string> lines;
  for (const Step& step : steps)
    lines.push_back(render(step, 40));
  return lines;
}

const Action main_ = action(Op::get_main, "", "main");
const Action create_a = action(Op::create, "", "a");
const Action create_b = action(Op::create, "", "b");
const Action enumerate = action(Op::enumerate, "");

TEST(Scenario, EnumerateListsCreatedAndNotDestroyed) {
  const auto all = expected({main_, create_a, create_b, action(Op::destroy, "a"), enumerate});
  EXPECT_THAT(all[4].exactly.value(), testing::UnorderedElementsAre("main", "b"));
  EXPECT_THAT(all[4].excludes, ElementsAre("a"));
}

TEST(Scenario, StateIsPerInterpreter) {
  const std::vector<Snippet> get{{SnippetKind::get_sys, 1}};
  const auto all =
      expected({create_a, create_b, run("a", {{SnippetKind::set_sys, 1}}), run("a", get),
                run("b", get), run("a", {{SnippetKind::raise, 0}}), run("a", get)});
  EXPECT_THAT(all[3].emits.value(), ElementsAre("sys-1"));
  EXPECT_THAT(all[4].emits.value(), ElementsAre("absent"));
  EXPECT_EQ(all[5].outcome, Expectation::Outcome::raises);
  EXPECT_THAT(all[6].emits.value(), ElementsAre("sys-1"));
}

// Whether SystemExit of what is nested is a failure is open: so is what comes after it.
TEST(Scenario, UncertainEffectsAreNotExpected) {
  const Snippet leaves{SnippetKind::nest, 0, {{SnippetKind::leave, 0}}};
  const auto all = expected({create_a, create_b, run("a", {leaves, {SnippetKind::set_sys, 1}}),
                             run("a", {{SnippetKind::get_sys, 1}}),
                             run("b", {{SnippetKind::set_sys, 1}, leaves}),
                             run("b", {{SnippetKind::get_sys, 1}})});
  EXPECT_EQ(all[2].outcome, Expectation::Outcome::any);
  EXPECT_EQ(all[3].emits, std::nullopt);
  EXPECT_THAT(all[5].emits.value(), ElementsAre("sys-1"));
}

TEST(Scenario, UnspecifiedOutcomesAreOpen) {
  const auto all =
      expected({main_, create_a, run("a", {{SnippetKind::lingering_thread, 0}}),
                action(Op::destroy, "a"), run("main", {}), run("a", {{SnippetKind::leave, 0}})});
  for (const size_t open : {3U, 4U, 5U})
    EXPECT_EQ(all[open].outcome, Expectation::Outcome::any) << open;
  EXPECT_EQ(expected({create_a, action(Op::destroy, "a"), run("a", {})})[2].outcome,
            Expectation::Outcome::raises);
}

TEST(Scenario, DestructionOfUnreferencedInterpretersIsOpen) {
  Action other = action(Op::construct, "a");
  other.as = "b";
  const auto all = expected(
      {main_, create_a, other, action(Op::release, "a"), run("b", {}), action(Op::enumerate, "")});
  EXPECT_EQ(all[4].outcome, Expectation::Outcome::any);
  EXPECT_FALSE(all[5].exactly);
  EXPECT_THAT(all[5].contains, ElementsAre("main"));
}

TEST(Scenario, ExitCallbacksRunOnDestroy) {
  const auto all =
      expected({create_a, run("a", {{SnippetKind::print, 0}, {SnippetKind::at_exit, 2}}),
                action(Op::destroy, "a"), create_b,
                run("b", {{SnippetKind::nest, 0, {{SnippetKind::at_exit, 1}}}})});
  EXPECT_FALSE(all[1].emits); // they are of this step, and come later
  EXPECT_THAT(all[2].during, ElementsAre("bye-2"));
  EXPECT_THAT(all[4].emits.value(), ElementsAre("bye-1"));
}

TEST(Scenario, CodeWithASyntaxErrorHasNoEffect) {
  const auto all =
      expected({create_a, run("a", {{SnippetKind::set_sys, 0}, {SnippetKind::bad_syntax, 0}}),
                run("a", {{SnippetKind::get_sys, 0}})});
  EXPECT_EQ(all[1].outcome, Expectation::Outcome::raises);
  EXPECT_THAT(all[2].emits.value(), ElementsAre("absent"));
}

// A later one may have its id, which then is in the list.
TEST(Scenario, ReuseOfIdsIsOpen) {
  const auto all =
      expected({main_, create_a, action(Op::destroy, "a"), enumerate, create_b, enumerate});
  EXPECT_THAT(all[3].excludes, ElementsAre("a"));
  EXPECT_THAT(all[5].exactly.value(), testing::UnorderedElementsAre("main", "b"));
  EXPECT_THAT(all[5].excludes, testing::IsEmpty());
}

TEST(Scenario, EverythingIsOpenAfterMainIsDestroyed) {
  const auto all =
      expected({main_, create_a, action(Op::destroy, "main"), enumerate, main_, create_b,
                action(Op::get_current, ""), run("b", {{SnippetKind::emit_count}}), run("a", {})});
  for (size_t i = 2; i < all.size(); ++i)
    EXPECT_EQ(all[i].outcome, Expectation::Outcome::any) << i;
}

// While nested code runs, its interpreter and those of its callers exist and are running.
TEST(Scenario, CodeCountsItsCallers) {
  const std::vector<Snippet> asks{{SnippetKind::emit_count}, {SnippetKind::emit_running}};
  const Snippet nest{SnippetKind::nest, 0, asks};
  const Snippet deeper{SnippetKind::nest, 0, {nest}};
  Action eval = action(Op::eval, "");
  eval.code = {{SnippetKind::emit_count}, {SnippetKind::emit_running}, nest};
  const auto all = expected({create_a, run("a", asks), run("a", {nest}), run("a", {deeper}), eval});
  EXPECT_THAT(all[1].emits.value(), ElementsAre("2", "1"));
  EXPECT_THAT(all[2].emits.value(), ElementsAre("3", "2"));
  EXPECT_THAT(all[3].emits.value(), ElementsAre("4", "3"));
  EXPECT_THAT(all[4].emits.value(), ElementsAre("2", "0", "3", "1"));
}

TEST(Scenario, CodeDestroysInterpreters) {
  const auto all = expected({main_, create_a, create_b, run("a", {{SnippetKind::at_exit, 1}}),
                             run("b", {{SnippetKind::destroy_all_others}}), run("a", {}), enumerate,
                             run("b", {})});
  EXPECT_THAT(all[4].during, ElementsAre("bye-1"));
  EXPECT_EQ(all[5].outcome, Expectation::Outcome::raises);
  EXPECT_THAT(all[6].exactly.value(), testing::UnorderedElementsAre("main", "b"));
  EXPECT_EQ(all[7].outcome, Expectation::Outcome::ok);
}

TEST(Scenario, DestructionByUncertainCodeIsOpen) {
  const std::vector<Snippet> destroys{{SnippetKind::destroy_all_others}};
  const std::vector<Snippet> perhaps{{SnippetKind::nest, 0, {{SnippetKind::leave, 0}}},
                                     {SnippetKind::destroy_all_others}};
  for (const auto& code : {perhaps, destroys}) {
    std::vector<Action> actions{main_, create_a, create_b, run("b", code), run("a", {}), enumerate};
    if (code == destroys) // in one where a thread may be left over
      actions.insert(actions.begin() + 3, run("b", {{SnippetKind::lingering_thread}}));
    const auto all = expected(actions);
    EXPECT_EQ(all[all.size() - 2].outcome, Expectation::Outcome::any);
    EXPECT_FALSE(all.back().exactly);
  }
}

// They would wait for ever where run waits for the run that is under way.
TEST(Scenario, CodeDoesNotRunInBusyInterpreters) {
  Action blocking = run("a", {});
  blocking.blocking = true;
  for (const SnippetKind kind : {SnippetKind::run_all_others, SnippetKind::destroy_all_others}) {
    Action others = run("b", {{kind}});
    others.lane = 1;
    const Case beside = case_of({{create_a, create_b, blocking, others}, Finish::quit}, {});
    for (const auto& lane : beside.program.lanes)
      for (const Step& step : lane)
        EXPECT_NE(step.on, "b");
    EXPECT_EQ(expected({create_a, run("a", {{SnippetKind::nest, 0, {{kind}}}})}).size(), 1U);
    EXPECT_EQ(expected({create_a, run("a", {{kind}})}).size(), 2U);
  }
}

TEST(Scenario, LanesKeepTheOrder) {
  Action other = create_b;
  other.lane = 1;
  const Case made = case_of({{create_a, other, action(Op::destroy, "b")}, Finish::quit}, {});
  EXPECT_THAT(rendered(made.program.lanes.at(0)),
              ElementsAre("a = interpreters.create()", testing::_, testing::_, "b.destroy()"));
  EXPECT_EQ(made.program.lanes.at(0)[1].text, made.program.lanes.at(1)[0].text);
  EXPECT_EQ(made.program.lanes.at(0)[2].text, made.program.lanes.at(1)[2].text);
}

TEST(Scenario, ABlockingRunIsRunningUntilItEnds) {
  Action blocking = run("a", {});
  blocking.blocking = true;
  Action asks = action(Op::is_running, "a");
  asks.lane = 1;
  Action ends = action(Op::enumerate, "a");
  ends.unblocks = true;
  ends.lane = 1;
  const Case made = case_of({{create_a, blocking, asks, ends, asks}, Finish::quit}, {});
  std::vector<bool> truths;
  for (const auto& expectation : made.expectations.at(1))
    if (expectation)
      truths.push_back(expectation->truth.value());
  EXPECT_THAT(truths, ElementsAre(true, false));
}

TEST(Scenario, ActionsWithoutPreconditionAreDropped) {
  Action blocking = run("a", {});
  blocking.blocking = true;
  const Case made =
      case_of({{action(Op::destroy, "unbound"), create_a, blocking, action(Op::destroy, "a")},
               Finish::quit},
              {});
  EXPECT_THAT(rendered(made.program.lanes.at(0)),
              ElementsAre("a = interpreters.create()", testing::_, testing::_));
  EXPECT_EQ(made.program.lanes.size(), 2U); // another lane ends the blocking run
}

TEST(Scenario, CasesRoundTrip) {
  ClauseSet clauses;
  clauses.clauses = {{"x.stated", ClauseKind::stated, "q", "s", "", {}, {}}};
  std::vector<Case> made;
  for (std::uint64_t number = 0; number < 1000; ++number) {
    made.push_back(case_of(generate(everything(), 7, number), {"x.stated"}));
    made.back().id = "t.n" + std::to_string(number);
    made.back().title = "Number \"" + std::to_string(number) + "\"";
    made.back().program.finish = Finish::finalize; // so that something is judged in each
  }
  std::vector<Case> again;
  Diagnostics diagnostics;
  read_cases(table_text("About", made), "t", "t.toml", clauses, again, diagnostics);
  for (const Error& one : diagnostics.sorted())
    ADD_FAILURE() << to_string(one);
  ASSERT_EQ(again.size(), made.size());
  for (size_t i = 0; i < made.size(); ++i) {
    EXPECT_EQ(again[i].program, made[i].program) << i;
    EXPECT_EQ(again[i].expectations, made[i].expectations) << i;
    EXPECT_EQ(again[i].title, made[i].title);
  }
}

TEST(ScenarioJson, IsReadAsItWasWritten) {
  for (std::uint64_t number = 0; number < 300; ++number) {
    const Scenario one = generate(everything(), 5, number);
    EXPECT_EQ(scenario_from(nlohmann::json::parse(to_json(one).dump())), one) << number;
  }
}

TEST(ScenarioJson, RefusesWhatIsNoScenario) {
  for (const char* text : {"[]", R"({"actions":[{}]})", R"({"actions":[{"op":"explode"}]})",
                           R"({"actions":[{"op":"run","code":[{"kind":"get-sys","which":99}]}]})"})
    EXPECT_THROW(scenario_from(nlohmann::json::parse(text)), nlohmann::json::exception) << text;
}

} // namespace
} // namespace pep554::properties
