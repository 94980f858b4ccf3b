// Cases of scenarios: what they expect, how their lanes are ordered, and that they can be written
// down and read again.
#include "cases/properties/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/properties/generator.h"
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

Action run(const std::string& on, std::vector<Behaviour> code) {
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

TEST(Scenario, EnumerateIsWhatWasCreatedAndNotDestroyed) {
  const auto all = expected({main_, create_a, create_b, action(Op::destroy, "a"), enumerate});
  EXPECT_THAT(all[4].exactly.value(), testing::UnorderedElementsAre("main", "b"));
  EXPECT_THAT(all[4].lacks, ElementsAre("a"));
}

TEST(Scenario, WhatIsRememberedIsEachInterpretersOwn) {
  const std::vector<Behaviour> get{{Deed::get_sys, 1}};
  const auto all = expected({create_a, create_b, run("a", {{Deed::set_sys, 1}}), run("a", get),
                             run("b", get), run("a", {{Deed::raise, 0}}), run("a", get)});
  EXPECT_THAT(all[3].emits.value(), ElementsAre("sys-1"));
  EXPECT_THAT(all[4].emits.value(), ElementsAre("absent"));
  EXPECT_EQ(all[5].outcome, Expectation::Outcome::raises);
  EXPECT_THAT(all[6].emits.value(), ElementsAre("sys-1"));
}

// Whether SystemExit of what is nested is a failure is open: so is what comes after it.
TEST(Scenario, WhatMayNotHaveHappenedIsNotAskedFor) {
  const Behaviour leaves{Deed::nest, 0, {{Deed::leave, 0}}};
  const auto all = expected({create_a, create_b, run("a", {leaves, {Deed::set_sys, 1}}),
                             run("a", {{Deed::get_sys, 1}}), run("b", {{Deed::set_sys, 1}, leaves}),
                             run("b", {{Deed::get_sys, 1}})});
  EXPECT_EQ(all[2].outcome, Expectation::Outcome::any);
  EXPECT_EQ(all[3].emits, std::nullopt);
  EXPECT_THAT(all[5].emits.value(), ElementsAre("sys-1"));
}

TEST(Scenario, WhatTheTextDoesNotSayIsOpen) {
  const auto all =
      expected({main_, create_a, run("a", {{Deed::thread_that_stays, 0}}), action(Op::destroy, "a"),
                run("main", {}), run("a", {{Deed::leave, 0}})});
  for (const size_t open : {3U, 4U, 5U})
    EXPECT_EQ(all[open].outcome, Expectation::Outcome::any) << open;
  EXPECT_EQ(expected({create_a, action(Op::destroy, "a"), run("a", {})})[2].outcome,
            Expectation::Outcome::raises);
}

TEST(Scenario, WhetherAnObjectThatGoesTakesItsInterpreterAlongIsOpen) {
  Action other = action(Op::construct, "a");
  other.as = "b";
  const auto all = expected(
      {main_, create_a, other, action(Op::release, "a"), run("b", {}), action(Op::enumerate, "")});
  EXPECT_EQ(all[4].outcome, Expectation::Outcome::any);
  EXPECT_FALSE(all[5].exactly);
  EXPECT_THAT(all[5].contains, ElementsAre("main"));
}

TEST(Scenario, CallbacksAreHeardWhenTheInterpreterIsDestroyed) {
  const auto all = expected({create_a, run("a", {{Deed::print, 0}, {Deed::at_exit, 2}}),
                             action(Op::destroy, "a"), create_b,
                             run("b", {{Deed::nest, 0, {{Deed::at_exit, 1}}}})});
  EXPECT_FALSE(all[1].emits); // they are of this step, and come later
  EXPECT_THAT(all[2].during, ElementsAre("bye-2"));
  EXPECT_THAT(all[4].emits.value(), ElementsAre("bye-1"));
}

TEST(Scenario, NothingOfCodeThatDoesNotCompileIsExecuted) {
  const auto all = expected({create_a, run("a", {{Deed::set_sys, 0}, {Deed::bad_syntax, 0}}),
                             run("a", {{Deed::get_sys, 0}})});
  EXPECT_EQ(all[1].outcome, Expectation::Outcome::raises);
  EXPECT_THAT(all[2].emits.value(), ElementsAre("absent"));
}

// A later one may have its id, which then is in the list.
TEST(Scenario, ThatIdsDoNotComeBackIsNotClaimed) {
  const auto all =
      expected({main_, create_a, action(Op::destroy, "a"), enumerate, create_b, enumerate});
  EXPECT_THAT(all[3].lacks, ElementsAre("a"));
  EXPECT_THAT(all[5].exactly.value(), testing::UnorderedElementsAre("main", "b"));
  EXPECT_THAT(all[5].lacks, testing::IsEmpty());
}

TEST(Scenario, NothingIsClaimedOnceTheMainInterpreterWasDestroyed) {
  const auto all =
      expected({main_, create_a, action(Op::destroy, "main"), enumerate, main_, create_b,
                action(Op::get_current, ""), run("b", {{Deed::emit_count}}), run("a", {})});
  for (size_t i = 2; i < all.size(); ++i)
    EXPECT_EQ(all[i].outcome, Expectation::Outcome::any) << i;
}

// What is nested, and what waits for it, exists and runs.
TEST(Scenario, CodeCountsThoseThatWaitForIt) {
  const std::vector<Behaviour> asks{{Deed::emit_count}, {Deed::emit_running}};
  const Behaviour nest{Deed::nest, 0, asks};
  const Behaviour deeper{Deed::nest, 0, {nest}};
  Action eval = action(Op::eval, "");
  eval.code = {{Deed::emit_count}, {Deed::emit_running}, nest};
  const auto all = expected({create_a, run("a", asks), run("a", {nest}), run("a", {deeper}), eval});
  EXPECT_THAT(all[1].emits.value(), ElementsAre("2", "1"));
  EXPECT_THAT(all[2].emits.value(), ElementsAre("3", "2"));
  EXPECT_THAT(all[3].emits.value(), ElementsAre("4", "3"));
  EXPECT_THAT(all[4].emits.value(), ElementsAre("2", "0", "3", "1"));
}

TEST(Scenario, WhatCodeDestroysIsDestroyed) {
  const auto all =
      expected({main_, create_a, create_b, run("a", {{Deed::at_exit, 1}}),
                run("b", {{Deed::destroy_all_others}}), run("a", {}), enumerate, run("b", {})});
  EXPECT_THAT(all[4].during, ElementsAre("bye-1"));
  EXPECT_EQ(all[5].outcome, Expectation::Outcome::raises);
  EXPECT_THAT(all[6].exactly.value(), testing::UnorderedElementsAre("main", "b"));
  EXPECT_EQ(all[7].outcome, Expectation::Outcome::ok);
}

TEST(Scenario, WhetherCodeThatMayNotBeExecutedDestroysIsOpen) {
  const std::vector<Behaviour> destroys{{Deed::destroy_all_others}};
  const std::vector<Behaviour> perhaps{{Deed::nest, 0, {{Deed::leave, 0}}},
                                       {Deed::destroy_all_others}};
  for (const auto& code : {perhaps, destroys}) {
    std::vector<Action> actions{main_, create_a, create_b, run("b", code), run("a", {}), enumerate};
    if (code == destroys) // in one where a thread may be left over
      actions.insert(actions.begin() + 3, run("b", {{Deed::thread_that_stays}}));
    const auto all = expected(actions);
    EXPECT_EQ(all[all.size() - 2].outcome, Expectation::Outcome::any);
    EXPECT_FALSE(all.back().exactly);
  }
}

// They would wait for ever where run waits for the run that is under way.
TEST(Scenario, NobodyRunsOthersWhileTheyRun) {
  Action stays = run("a", {});
  stays.stays = true;
  for (const Deed deed : {Deed::run_all_others, Deed::destroy_all_others}) {
    Action others = run("b", {{deed}});
    others.lane = 1;
    const Case beside = case_of({{create_a, create_b, stays, others}, Finish::quit}, {});
    for (const auto& lane : beside.program.lanes)
      for (const Step& step : lane)
        EXPECT_NE(step.on, "b");
    EXPECT_EQ(expected({create_a, run("a", {{Deed::nest, 0, {{deed}}}})}).size(), 1U);
    EXPECT_EQ(expected({create_a, run("a", {{deed}})}).size(), 2U);
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

TEST(Scenario, ARunThatStaysIsRunningUntilItEnds) {
  Action stays = run("a", {});
  stays.stays = true;
  Action asks = action(Op::is_running, "a");
  asks.lane = 1;
  Action ends = action(Op::enumerate, "a");
  ends.ends_stay = true;
  ends.lane = 1;
  const Case made = case_of({{create_a, stays, asks, ends, asks}, Finish::quit}, {});
  std::vector<bool> truths;
  for (const auto& expectation : made.expectations.at(1))
    if (expectation)
      truths.push_back(expectation->truth.value());
  EXPECT_THAT(truths, ElementsAre(true, false));
}

TEST(Scenario, WhatMakesNoSenseIsLeftOut) {
  Action stays = run("a", {});
  stays.stays = true;
  const Case made = case_of(
      {{action(Op::destroy, "nobody"), create_a, stays, action(Op::destroy, "a")}, Finish::quit},
      {});
  EXPECT_THAT(rendered(made.program.lanes.at(0)),
              ElementsAre("a = interpreters.create()", testing::_, testing::_));
  EXPECT_EQ(made.program.lanes.size(), 2U); // somebody must end the stay
}

TEST(Scenario, CasesCanBeWrittenDownAndReadAgain) {
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
  for (const Diagnostic& one : diagnostics.sorted())
    ADD_FAILURE() << to_string(one);
  ASSERT_EQ(again.size(), made.size());
  for (size_t i = 0; i < made.size(); ++i) {
    EXPECT_EQ(again[i].program, made[i].program) << i;
    EXPECT_EQ(again[i].expectations, made[i].expectations) << i;
    EXPECT_EQ(again[i].title, made[i].title);
  }
}

} // namespace
} // namespace pep554::properties
