// The properties of the suite are sound, and each generates programs with its subject.
#include "cases/properties/property.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/properties/reorder.h"
#include "cases/properties/statistics.h"

namespace pep554::properties {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::filesystem::path root = PEP554_SOURCE_DIR;

ClauseSet suite_clauses() {
  Diagnostics diagnostics;
  return load_clauses(root / "spec/clauses.toml", "clauses.toml", diagnostics);
}

std::vector<Property> suite_properties() {
  static const ClauseSet clauses = suite_clauses();
  Diagnostics diagnostics;
  auto all = load_properties(root / "cases/properties/properties.toml", "properties.toml", clauses,
                             diagnostics);
  for (const Error& one : diagnostics.sorted())
    ADD_FAILURE() << to_string(one);
  return all;
}

std::vector<std::string> errors(const std::string& toml) {
  static const ClauseSet clauses = suite_clauses();
  Diagnostics diagnostics;
  read_properties(toml, "p.toml", clauses, diagnostics);
  std::vector<std::string> lines;
  for (const Error& one : diagnostics.sorted())
    lines.push_back(to_string(one));
  return lines;
}

const std::string sound = "[[property]]\nname = \"a\"\nsentence = \"A holds.\"\n"
                          "clauses = [\"run.code\"]\n";

TEST(Properties, OfTheSuiteCiteClauses) {
  const auto all = suite_properties();
  EXPECT_GE(all.size(), 25U);
  for (const Property& one : all) {
    EXPECT_TRUE(one.sentence.ends_with('.')) << one.sentence;
    EXPECT_FALSE(one.clauses.empty()) << one.name;
  }
}

// A program in which nothing of it happens would always pass.
TEST(Properties, OfTheSuiteGenerateTheirSubject) {
  const std::map<std::string, std::vector<std::string>> speaks_of{
      {"anything", {"operation run"}},
      {"ids-differ", {"operation read_id"}},
      {"list-is-what-was-created", {"after create: destroy"}},
      {"list-is-the-same-inside", {"snippet emit-count"}},
      {"main-is-always-there", {"snippet emit-main"}},
      {"current-is-who-runs", {"snippet emit-current"}},
      {"current-comes-back", {"operation get_current"}},
      {"an-id-gives-its-interpreter", {"on live: construct", "snippet run-invalid-id"}},
      {"every-object-of-a-destroyed-one", {"on dead: run", "snippet run-destroyed"}},
      {"a-failed-operation-changes-nothing",
       {"operation write_id", "snippet write-id", "snippet run-invalid-id"}},
      {"code-is-executed-before-run-returns", {"after run: run"}},
      {"run-is-on-the-calling-thread", {"snippet emit-thread"}},
      {"what-code-leaves-stays", {"snippet get-sys"}},
      {"names-are-of-one-interpreter", {"snippet get-name"}},
      {"modules-are-of-one-interpreter", {"snippet has-module"}},
      {"a-failure-is-known-and-stays-inside", {"snippet raise"}},
      {"text-that-is-no-code", {"snippet bad-syntax"}},
      {"exit-ends-code-and-not-the-process", {"snippet leave"}},
      {"running-exactly-while", {"on running: is_running"}},
      {"running-as-seen-from-inside", {"snippet emit-self-running", "snippet emit-running"}},
      {"questions-change-nothing", {"operation is_running", "snippet change-list"}},
      {"others-are-unharmed", {"operation destroy"}},
      {"exit-callbacks-are-called", {"snippet at-exit"}},
      {"from-any-thread", {"lanes 3"}},
      {"from-any-interpreter", {"snippet nest, 2 deep", "snippet destroy-all-others"}},
      {"threads-of-code", {"on live with threads: destroy"}},
      {"the-process-can-always-leave", {"ends: finalize"}},
      {"destroy-gives-back", {"operation create"}},
      {"run-gives-back", {"operation run"}},
      {"the-same-again", {"snippet leave"}},
      {"in-any-order", {"after run: run"}}};
  for (const Property& one : suite_properties()) {
    ASSERT_TRUE(speaks_of.contains(one.name)) << one.name;
    Statistics statistics;
    for (std::uint64_t number = 100; number < 300; ++number)
      statistics.add(generate(one.profile, 7, number));
    for (const std::string& what : speaks_of.at(one.name))
      EXPECT_GE(statistics.share(what), 0.15) << one.name << ": " << what << statistics.text();
  }
}

// Where a program has to be changed for its check, or has a second one.
TEST(Properties, ComparedAndMeasuredExamplesOccurOften) {
  for (const Property& one : suite_properties()) {
    size_t usable = 0;
    for (std::uint64_t number = 100; number < 300; ++number) {
      const Scenario scenario = generate(one.profile, 7, number);
      if (one.check == Check::leaves_nothing)
        usable += with_cleanup(scenario) ? 1U : 0U;
      else if (one.check == Check::in_any_order)
        usable += reordered(scenario) ? 1U : 0U;
      else
        ++usable;
    }
    EXPECT_GE(usable, 50U) << one.name;
  }
}

TEST(Properties, ExamplesFollowTheShares) {
  const auto all = suite_properties();
  std::map<std::string, size_t> met;
  for (std::uint64_t example = 0; example < 100; ++example)
    ++met[property_of(all, example).name];
  EXPECT_EQ(met.size(), all.size());
  EXPECT_GE(met["anything"], 40U);
}

TEST(Properties, DefaultsAreThoseOfEverything) {
  static const ClauseSet clauses = suite_clauses();
  Diagnostics diagnostics;
  const auto read = read_properties(sound + "snippets = { memory = 2, raise = 1 }\nfinalize = 7\n",
                                    "p.toml", clauses, diagnostics);
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].profile.operations, everything().operations);
  EXPECT_EQ(read[0].profile.snippet_kinds.size(), 9U);
  EXPECT_EQ(read[0].profile.finalize, 7U);
  EXPECT_EQ(read[0].profile.destroy_all, everything().destroy_all);
}

TEST(Properties, ErrorsHavePositions) {
  EXPECT_THAT(errors(sound), IsEmpty());
  EXPECT_THAT(errors(""), ElementsAre(HasSubstr("expected at least one [[property]]")));
  EXPECT_THAT(errors(sound + sound), ElementsAre(HasSubstr("p.toml:5:1: duplicate property")));
  EXPECT_THAT(errors(sound + "check = \"luck\"\n"),
              ElementsAre(HasSubstr("p.toml:5:9: \"luck\": expected \"answers\"")));
  EXPECT_THAT(errors(sound + "snippets = { dance = 1 }\n"),
              ElementsAre(HasSubstr("\"dance\": expected a snippet")));
  EXPECT_THAT(errors(sound + "operations = { open = 1, run = 0 }\n"),
              ElementsAre(HasSubstr("\"open\": expected an operation"),
                          HasSubstr("expected a weight from 1 to 1000")));
  EXPECT_THAT(errors(sound + "dead = 101\nlanes = 0\n"),
              ElementsAre(HasSubstr("from 0 to 100"), HasSubstr("from 1 to 8")));
  EXPECT_THAT(errors("[[property]]\nname = \"a\"\nsentence = \"A.\"\nclauses = [\"x.y\"]\n"),
              ElementsAre(HasSubstr("p.toml:4:11: \"x.y\" is no clause")));
  EXPECT_THAT(errors(sound + "wings = 2\n"), ElementsAre(HasSubstr("wings")));
}

TEST(Reordered, SwapsOnlyActionsOfDifferentInterpreters) {
  const auto action = [](Op op, const char* on, const char* as = "") {
    Action made;
    made.op = op;
    made.on = on;
    made.as = as;
    return made;
  };
  Scenario one;
  one.actions = {
      action(Op::create, "", "a"), action(Op::create, "", "b"), action(Op::construct, "a", "c"),
      action(Op::run, "a"),        action(Op::run, "c"),        action(Op::run, "b"),
      action(Op::destroy, "b")};
  const auto other = reordered(one);
  ASSERT_TRUE(other);
  std::swap(one.actions[4], one.actions[5]);
  EXPECT_EQ(*other, one);
  one.actions[4].code = {{SnippetKind::emit_count}};
  EXPECT_FALSE(reordered(one));
  Scenario lanes = one;
  lanes.actions[0].lane = 1;
  EXPECT_FALSE(reordered(lanes));
}

TEST(WithCleanup, DestroysEveryLiveInterpreter) {
  Scenario one;
  Action create;
  create.op = Op::create;
  create.as = "a";
  one.actions = {create};
  const auto made = with_cleanup(one);
  ASSERT_TRUE(made);
  ASSERT_EQ(made->actions.size(), 2U);
  EXPECT_EQ(made->actions[1].op, Op::destroy);
  EXPECT_EQ(made->actions[1].on, "a");
  Action run;
  run.op = Op::run;
  run.on = "a";
  run.code = {{SnippetKind::nest, 0, {{SnippetKind::lingering_thread}}}};
  one.actions.push_back(run);
  EXPECT_FALSE(with_cleanup(one));
}

} // namespace
} // namespace pep554::properties
