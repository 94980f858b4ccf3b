// What is written of a counterexample is read again, and has its place.
#include "harness/hunt/corpus.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/hunt/failure_folder.h"
#include "harness/testing/scratch_folder.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;
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

TEST_F(Corpus, HistoriesAreReadWithWhatTheyWereJudgedBy) {
  Counterexample one = found("leak create", 1);
  one.histories[0].out = "caf\xc3\xa9";
  one.histories[0].microseconds = 7;
  one.baseline.memory = 4096.5;
  one.limit = std::chrono::milliseconds(250);
  EXPECT_FALSE(write_failure(one, folder_ / "a", "About."));
  std::string error;
  const auto stored = read_histories(folder_ / "a", 1, error);
  ASSERT_TRUE(stored) << error;
  EXPECT_EQ(stored->histories[0].out, one.histories[0].out);
  EXPECT_EQ(stored->histories[0].microseconds, 7);
  EXPECT_EQ(stored->baseline.memory, 4096.5);
  EXPECT_EQ(stored->limit, one.limit);
  EXPECT_FALSE(read_histories(folder_ / "a", 2, error));
  EXPECT_THAT(error, HasSubstr("history-2.json: expected a history"));
  std::ofstream(folder_ / "a" / "history.json") << R"({"events": [], "end": {"how": "exited"}})";
  EXPECT_FALSE(read_histories(folder_ / "a", 1, error)->limit); // before it was written
  std::ofstream(folder_ / "a" / "history.json") << R"({"events": [], "end": {"how": "exited"},)"
                                                << R"("baseline_bytes": "many"})";
  EXPECT_FALSE(read_histories(folder_ / "a", 1, error));
  EXPECT_THAT(error, HasSubstr("expected a history"));
}

TEST_F(Corpus, HasWhatWasFound) {
  const Counterexample one = found("crash create SIGABRT", 2);
  const fs::path where = folder_for(one, folder_, clauses_);
  EXPECT_EQ(where.filename(), "crash-create-SIGABRT");
  EXPECT_FALSE(write_failure(one, where, "About."));
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

TEST_F(Corpus, HasPairsWithBothTheirPrograms) {
  property_.check = properties::Check::same_again;
  const Counterexample one = found("flaky create", 1);
  ASSERT_EQ(one.cases.size(), 2U);
  const fs::path where = folder_for(one, folder_, clauses_);
  EXPECT_FALSE(write_failure(one, where, "About."));
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

TEST_F(Corpus, IsEmptyWhereThereIsNone) {
  EXPECT_TRUE(load_corpus(folder_ / "nowhere", clauses_, diagnostics_).empty());
  EXPECT_TRUE(diagnostics_.empty());
}

TEST_F(Corpus, MistakesAreTold) {
  std::ofstream(folder_ / "bad.toml") << "about = \"x\"\n[[case]]\nname = \"A\"\n";
  load_corpus(folder_, clauses_, diagnostics_);
  ASSERT_FALSE(diagnostics_.empty());
  EXPECT_THAT(to_string(diagnostics_.sorted().front()), HasSubstr("bad.toml:"));
}

TEST_F(Corpus, AFolderThatCannotBeWrittenIsTold) {
  std::ofstream(folder_ / "file") << "";
  EXPECT_THAT(write_failure(found("fail run", 1), folder_ / "file" / "x", "About.").value_or(""),
              HasSubstr("cannot be written"));
}

} // namespace
} // namespace pep554
