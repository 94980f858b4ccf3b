// What is written of a counterexample is read again, and has its place.
#include "harness/run/corpus.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "harness/run/failure_folder.h"
#include "harness/testing/scratch_folder.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class Corpus : public testing::Test {
protected:
  Corpus() : clauses_(load_clauses(PEP554_SOURCE_DIR "/spec/clauses.toml", "c", diagnostics_)) {
    property_.name = "p";
    property_.sentence = "It holds.";
    property_.clauses = {"run.code"};
  }

  Counterexample found(const std::string& signature, size_t creates) const {
    Counterexample one;
    one.signature = signature;
    one.property = &property_;
    properties::Action create;
    create.op = Op::create;
    for (size_t i = 0; i < creates; ++i) {
      create.as = std::string(1, static_cast<char>('a' + i));
      one.scenario.actions.push_back(create);
    }
    one.cases = Example(property_, one.scenario, {}).cases();
    one.histories.resize(one.cases.size());
    one.shape = shape_of(one.cases);
    return one;
  }

  Diagnostics diagnostics_;
  ClauseSet clauses_;
  properties::Property property_;
  test::ScratchFolder scratch_;
  fs::path folder_ = scratch_.path();
};

TEST_F(Corpus, NamesWhatIsNoFileAmongItsTables) {
  fs::create_directories(folder_ / "a" / "old.toml");
  ASSERT_EQ(::mkfifo((folder_ / "pipe.toml").c_str(), 0600), 0);
  Diagnostics found;
  EXPECT_TRUE(load_corpus(folder_, clauses_, found).empty());
  const auto all = found.sorted();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(to_string(all[0]),
            (folder_ / "a/old.toml").string() + ": is a folder: expected a table of cases");
  EXPECT_EQ(to_string(all[1]),
            (folder_ / "pipe.toml").string() + ": is a pipe: expected a table of cases");
}

TEST_F(Corpus, HistoriesAreReadWithBaselineAndDeadline) {
  Counterexample one = found("leak create", 1);
  one.histories[0].out = "caf\xc3\xa9";
  one.histories[0].microseconds = 7;
  one.baseline.memory = 4096.5;
  one.limit = std::chrono::milliseconds(250);
  EXPECT_TRUE(write_failure(one, folder_ / "a", "About."));
  const auto stored = read_histories(folder_ / "a", one.cases);
  ASSERT_TRUE(stored) << to_string(stored.error());
  EXPECT_EQ(stored->histories[0].out, one.histories[0].out);
  EXPECT_EQ(stored->histories[0].microseconds, 7);
  EXPECT_EQ(stored->baseline.memory, 4096.5);
  EXPECT_EQ(stored->limit, one.limit);
  const auto second = read_histories(folder_ / "a", {one.cases[0], one.cases[0]});
  EXPECT_THAT(to_string(second.error()), HasSubstr("history-2.json: there is no such file: "));
  std::ofstream(folder_ / "a" / "history.json") << R"({"events": [], "end": {"how": "exited"}})";
  EXPECT_FALSE(read_histories(folder_ / "a", one.cases)->limit); // before it was written
  std::ofstream(folder_ / "a" / "history.json") << R"({"events": [], "end": {"how": "exited"},)"
                                                << R"("baseline_bytes": "many"})";
  EXPECT_THAT(read_histories(folder_ / "a", one.cases).error().message,
              HasSubstr("expected a history"));
}

TEST_F(Corpus, AHistoryOfAnotherProgramIsRejected) {
  const Counterexample one = found("leak create", 1);
  EXPECT_TRUE(write_failure(one, folder_ / "a", "About."));
  const std::vector<std::pair<const char*, const char*>> all{
      {"[]", "an object was expected"},
      {R"({"events": 3})", "\"events\": an array was expected"},
      {R"({"events": [{"e": "called"}, 3]})", "events 1: an object was expected"},
      {R"({"events": [{"e": "called", "lane": "a"}]})", "events 0: \"lane\" is no whole number"},
      {R"({"events": [{"e": "called", "step": 1}], "end": {"how": "exited"}})",
       "expected a history of c: events 0: step 1 of lane 0: the program has 1 there"},
      {R"({"events": [{"e": "lane", "lane": 9}], "end": {"how": "exited"}})",
       "events 0: lane 9: the program has 1"}};
  for (const auto& [text, words] : all) {
    std::ofstream(folder_ / "a" / "history.json") << text;
    std::vector<Case> cases = one.cases;
    cases[0].id = "c";
    const auto stored = read_histories(folder_ / "a", cases);
    ASSERT_FALSE(stored) << text;
    EXPECT_THAT(to_string(stored.error()),
                AllOf(HasSubstr("a/history.json: expected a history"), HasSubstr(words)));
  }
}

TEST_F(Corpus, HasStoredFailures) {
  const Counterexample one = found("crash create SIGABRT", 2);
  const fs::path where = folder_for(one, folder_, clauses_);
  EXPECT_EQ(where.filename(), "crash-create-SIGABRT");
  EXPECT_TRUE(write_failure(one, where, "About."));
  const auto known = load_corpus(folder_, clauses_, diagnostics_);
  ASSERT_EQ(known.size(), 1U);
  ASSERT_EQ(known[0].cases.size(), 1U);
  EXPECT_EQ(known[0].cases[0].program, one.cases[0].program);
  EXPECT_THAT(known[0].label, HasSubstr("finding.toml"));
  EXPECT_TRUE(diagnostics_.empty());
}

TEST_F(Corpus, AnotherShapeHasAFolderOfItsOwn) {
  const Counterexample one = found("fail run", 1);
  const Counterexample other = found("fail run", 2);
  write_failure(one, folder_for(one, folder_, clauses_), "About.");
  EXPECT_EQ(folder_for(one, folder_, clauses_).filename(), "fail-run");
  EXPECT_EQ(folder_for(other, folder_, clauses_).filename(), "fail-run-2");
  write_failure(other, folder_for(other, folder_, clauses_), "About.");
  EXPECT_EQ(folder_for(other, folder_, clauses_).filename(), "fail-run-2");
  EXPECT_EQ(load_corpus(folder_, clauses_, diagnostics_).size(), 2U);
}

TEST_F(Corpus, APairAndASingleProgramHaveFoldersOfTheirOwn) {
  const Counterexample one = found("fail create", 1);
  property_.check = properties::Check::same_again;
  const Counterexample pair = found("fail create", 1);
  EXPECT_EQ(pair.cases.size(), 2U);
  EXPECT_TRUE(write_failure(pair, folder_for(pair, folder_, clauses_), "About."));
  const fs::path where = folder_for(one, folder_, clauses_);
  EXPECT_EQ(where.filename(), "fail-create-2");
  EXPECT_TRUE(write_failure(one, where, "About."));
  EXPECT_EQ(folder_for(one, folder_, clauses_), where);
  EXPECT_EQ(folder_for(pair, folder_, clauses_).filename(), "fail-create");
}

TEST_F(Corpus, ASmallerProgramReplacesAnUnfinishedOne) {
  Counterexample large = found("fail run", 3);
  large.exhausted = true;
  Counterexample small = found("fail run", 1);
  small.executions = 5;
  EXPECT_TRUE(write_failure(large, folder_for(large, folder_, clauses_), "About."));
  std::ofstream(folder_ / "fail-run" / "repro.py") << "";
  EXPECT_EQ(folder_for(found("fail run", 4), folder_, clauses_).filename(), "fail-run-2");
  EXPECT_EQ(folder_for(small, folder_, clauses_).filename(), "fail-run");
  EXPECT_TRUE(write_failure(small, folder_ / "fail-run", "About."));
  EXPECT_FALSE(fs::exists(folder_ / "fail-run" / "repro.py")); // of the larger one
  EXPECT_EQ(folder_for(large, folder_, clauses_).filename(), "fail-run-2");
  const auto known = load_corpus(folder_, clauses_, diagnostics_);
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(known[0].cases[0].program, small.cases[0].program);
}

TEST_F(Corpus, KeepsAnExplicitDeadline) {
  std::vector<Case> cases(2);
  cases[1].program.limits.deadline = std::chrono::milliseconds(60'000);
  limit(cases, std::chrono::milliseconds(500));
  EXPECT_EQ(cases[0].program.limits.deadline.count(), 500);
  EXPECT_EQ(cases[1].program.limits.deadline.count(), 60'000);
}

TEST_F(Corpus, HasPairsWithBothTheirPrograms) {
  property_.check = properties::Check::same_again;
  const Counterexample one = found("flaky create", 1);
  ASSERT_EQ(one.cases.size(), 2U);
  const fs::path where = folder_for(one, folder_, clauses_);
  EXPECT_TRUE(write_failure(one, where, "About."));
  const auto known = load_corpus(folder_, clauses_, diagnostics_);
  EXPECT_TRUE(diagnostics_.empty());
  ASSERT_EQ(known.size(), 1U);
  ASSERT_EQ(known[0].cases.size(), 2U);
  EXPECT_EQ(known[0].cases[0].program, one.cases[0].program);
  EXPECT_EQ(known[0].cases[1].program, one.cases[1].program);
  EXPECT_EQ(shape_of(known[0].cases), one.shape);
  EXPECT_THAT(known[0].label, HasSubstr("pair.toml"));
  fs::copy(where / "pair.toml", folder_ / "other.toml");
  EXPECT_EQ(load_corpus(folder_, clauses_, diagnostics_).size(), 3U); // cases as any others
}

TEST_F(Corpus, APairHasTwoCases) {
  write_failure(found("fail run", 1), folder_, "About.");
  fs::rename(folder_ / "finding.toml", folder_ / "pair.toml");
  load_corpus(folder_, clauses_, diagnostics_);
  ASSERT_FALSE(diagnostics_.empty());
  EXPECT_THAT(to_string(diagnostics_.sorted().front()), HasSubstr("expected two cases"));
}

TEST_F(Corpus, IsEmptyWithoutAFolder) {
  EXPECT_TRUE(load_corpus(folder_ / "nowhere", clauses_, diagnostics_).empty());
  EXPECT_TRUE(diagnostics_.empty());
}

TEST_F(Corpus, ErrorsAreReported) {
  std::ofstream(folder_ / "bad.toml") << "about = \"x\"\n[[case]]\nname = \"A\"\n";
  load_corpus(folder_, clauses_, diagnostics_);
  ASSERT_FALSE(diagnostics_.empty());
  EXPECT_THAT(to_string(diagnostics_.sorted().front()), HasSubstr("bad.toml:"));
}

TEST_F(Corpus, AnUnwritableFolderIsReported) {
  std::ofstream(folder_ / "file") << "";
  const auto written = write_failure(found("fail run", 1), folder_ / "file" / "x", "About.");
  EXPECT_EQ(to_string(written.error()), (folder_ / "file/x").string() + ": cannot be written");
}

} // namespace
} // namespace pep554
