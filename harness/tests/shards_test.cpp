// Selections, shards, and merging what they left: the program as a user runs it.
#include <algorithm>
#include <csignal>
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tests/command.h"

namespace pep554::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
namespace fs = std::filesystem;

// The first word of each line.
std::vector<std::string> first_words(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    words.push_back(line.substr(0, line.find(' ')));
  return words;
}

std::vector<std::string> listed(std::vector<std::string> options, const char* what = "cases") {
  options.insert(options.begin(), {"list", what});
  const Finished finished = pep554(options);
  EXPECT_EQ(finished.code, 0) << finished.err;
  return first_words(finished.out);
}

TEST(Filters, ListWhatTheySelect) {
  const auto all = listed({});
  const auto destroy = listed({"--filter", "op=destroy-*.by-keyword"});
  EXPECT_GT(destroy.size(), 5U);
  for (const std::string& id : destroy) {
    EXPECT_THAT(id, testing::StartsWith("destroy."));
    EXPECT_THAT(id, Not(testing::EndsWith(".by-keyword")));
  }
  const auto open = listed({"--filter", "class=open"});
  const auto gating = listed({"--filter", "class=stated:class=implied"});
  EXPECT_GE(open.size() + gating.size(), all.size());
  const auto both = listed({"--filter", "class=open", "--filter", "op=destroy"});
  EXPECT_LT(both.size(), open.size());
  EXPECT_LT(both.size(), destroy.size());
  EXPECT_THAT(listed({"--filter", "*differ*"}, "properties"), testing::Contains("ids-differ"));
}

TEST(Filters, MistakesAreNamed) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> mistakes{
      {{"run", "--filter", "kind=open"}, "\"kind\" is unknown"},
      {{"list", "cases", "--filter", "class=opn"}, "(did you mean open?)"},
      {{"run", "--shard", "5/4"}, "--shard: \"5/4\" is no shard: expected I/N"},
      {{"run", "--shard", "1/2", "--times", "/dev/null"}, "--times: /dev/null: is a device"},
      {{"run", "--times", "/"}, "--shard"},
      {{"list", "clauses", "--filter", "a"}, "--filter and --shard are for cases and properties"},
      {{"merge", "nowhere"}, "nowhere"}};
  for (const auto& [words, message] : mistakes) {
    const Finished finished = pep554(words);
    EXPECT_EQ(finished.code, 2) << message;
    EXPECT_THAT(finished.err, HasSubstr(message));
  }
  const Finished none = pep554({"run", "--filter", "id.exists", "--shard", "2/2"});
  EXPECT_EQ(none.code, 4);
  EXPECT_THAT(none.err, HasSubstr("nothing is in shard 2/2"));
}

class Shards : public testing::Test {
protected:
  void SetUp() override { out_ = fresh_folder(); }

  std::string at(const std::string& name) const { return (out_ / name).string(); }

  Finished shard(const std::string& part, std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"run", "-q", "--filter", filter, "--shard", part, "--out",
                                     at(part.substr(0, 1))});
    return pep554(options);
  }

  Finished merge(std::vector<std::string> parts) const {
    parts.insert(parts.begin(), "merge");
    for (size_t i = 1; i < parts.size(); ++i)
      parts[i] = at(parts[i]);
    parts.insert(parts.end(), {"--out", at("merged")});
    return pep554(parts);
  }

  static constexpr const char* filter = "op=destroy:op=id";
  fs::path out_;
};

// What does not depend on the way in which the cases came to be run. The words of an answer do: a
// number that happens to be the id of the thread is shown as that.
nlohmann::json comparable(const fs::path& folder) {
  nlohmann::json document = without_times(results(folder));
  document.erase("jobs");
  for (auto& one : document.at("cases"))
    for (auto& step : one.at("steps"))
      step.erase("got");
  return document;
}

TEST_F(Shards, MergedAreTheWholeRun) {
  ASSERT_EQ(pep554({"run", "-q", "--filter", filter, "--out", at("whole")}).code, 0);
  for (const char* part : {"1/3", "2/3", "3/3"}) {
    const Finished finished = shard(part, {"--times", at("whole")});
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_THAT(finished.out, HasSubstr("No claim about conformance: only shard " +
                                        std::string(part) + " of the cases that match "));
  }
  const Finished finished = merge({"3", "1", "2"});
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.err, IsEmpty());
  EXPECT_EQ(comparable(out_ / "merged"), comparable(out_ / "whole"));
  EXPECT_EQ(results(out_ / "merged").at("filter"), filter);
  for (const char* name : {"index.html", "junit.xml", "results.tap", "summary.md", "badge.svg"})
    EXPECT_TRUE(fs::exists(out_ / "merged" / name)) << name;
}

TEST_F(Shards, FiltersThatShareOutTheSuiteMakeAClaim) {
  ASSERT_EQ(pep554({"run", "-q", "--filter", filter, "--out", at("1")}).code, 0);
  ASSERT_EQ(pep554({"run", "-q", "--filter", "-op=destroy:op=id", "--out", at("2")}).code, 0);
  const Finished finished = merge({"1", "2"});
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("reference is conformant"));
}

TEST_F(Shards, ACaseInNoShardIsMissing) {
  ASSERT_EQ(shard("1/2").code, 0);
  const Finished finished = merge({"1"});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.err, AllOf(HasSubstr(" are in no shard; missing: shard 2/2")));
  EXPECT_THAT(finished.out, HasSubstr("No claim: only "));
  const nlohmann::json document = results(out_ / "merged");
  EXPECT_EQ(document.at("cases").size(), listed({"--filter", filter}).size());
  EXPECT_EQ(document.at("unreached"), document.at("counts").at("cases").at("not-run"));
  EXPECT_EQ(verdict(document, "cases", "destroy.twice") == "not-run",
            verdict(results(out_ / "1"), "cases", "destroy.twice").empty());
}

TEST_F(Shards, RefusesWhatIsNotOfOneRun) {
  ASSERT_EQ(shard("1/2").code, 0);
  ASSERT_EQ(shard("2/2").code, 0);
  Finished finished = merge({"1", "2", "1"});
  EXPECT_EQ(finished.code, 2);
  const std::string file = at("1") + "/results.json";
  EXPECT_THAT(finished.err, HasSubstr("pep554: " + file + " and " + file + " both have "));
  nlohmann::json other = results(out_ / "2");
  other["text_sha256"] = "0";
  fs::create_directories(out_ / "3");
  std::ofstream(out_ / "3" / "results.json") << other.dump();
  finished = merge({"1", "3"});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err, AllOf(HasSubstr(file + " and " + at("3") +
                                            "/results.json are not of "
                                            "one run: text, sha256")));
  finished = merge({"3"});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.err, HasSubstr("its text has the sha256 0; expected "));
  other = results(out_ / "2");
  other["cases_sha256"] = "0";
  std::ofstream(out_ / "3" / "results.json") << other.dump();
  EXPECT_THAT(merge({"3"}).err, HasSubstr("its set of cases has the sha256 0; expected "));
  std::ofstream(out_ / "3" / "results.json") << "{}";
  EXPECT_THAT(merge({"1", "3"}).err, HasSubstr("results.json: /schema: is missing"));
  EXPECT_THAT(pep554({"merge", at("1"), "--out", at("1")}).err,
              HasSubstr("--out is the folder of a part"));
  EXPECT_FALSE(fs::exists(out_ / "merged" / "results.json"));
}

// One that is killed leaves the results of an earlier run there; its own are in its journal.
TEST_F(Shards, AKilledShardIsMergedAsFarAsItCame) {
  ASSERT_EQ(shard("1/2").code, 0);
  ASSERT_EQ(shard("2/2").code, 0);
  const std::string journal = read_file(out_ / "2" / "histories.jsonl");
  size_t third = 0;
  for (int lines = 0; lines < 3; ++lines)
    third = journal.find('\n', third) + 1;
  std::ofstream(out_ / "2" / "histories.jsonl") << journal.substr(0, third + 20);
  Finished finished = merge({"1", "2"});
  EXPECT_EQ(finished.code, 1) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("histories.jsonl: unfinished, 2 of "));
  EXPECT_THAT(finished.err, HasSubstr("to finish: pep554 run --resume " + at("2")));
  fs::remove(out_ / "2" / "results.json");
  const auto verdicts = comparable(out_ / "merged").at("cases");
  EXPECT_EQ(merge({"1", "2"}).code, 1);
  EXPECT_EQ(comparable(out_ / "merged").at("cases"), verdicts);
  EXPECT_EQ(pep554({"run", "-q", "--resume", at("2")}).code, 0);
  EXPECT_EQ(results(out_ / "2").at("shard"), "2/2");
  finished = merge({"1", "2"});
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(pep554({"run", "--resume", at("2"), "--shard", "1/2"}).code, 2);
  std::ofstream(out_ / "2" / "histories.jsonl") << journal.substr(0, 20);
  finished = merge({"1", "2"});
  EXPECT_EQ(finished.code, 2) << "a run has begun, of which nothing is known";
  EXPECT_THAT(finished.err, HasSubstr("histories.jsonl:1: there is no whole record"));
}

TEST_F(Shards, ReportWritesTheOtherFilesAgain) {
  ASSERT_EQ(shard("1/2").code, 0);
  std::map<std::string, std::string> before;
  for (const auto& entry : fs::directory_iterator(out_ / "1"))
    before[entry.path().filename()] = read_file(entry.path());
  EXPECT_EQ(before.size(), 8U) << "the journal, results.json, and six that are made from it";
  for (const auto& [name, text] : before)
    if (name != "results.json")
      fs::remove(out_ / "1" / name);
  const Finished finished = pep554({"report", at("1")});
  EXPECT_EQ(finished.code, 0) << finished.err;
  before.erase("histories.jsonl");
  for (const auto& [name, text] : before)
    EXPECT_EQ(read_file(out_ / "1" / name), text) << name;
  EXPECT_EQ(pep554({"report", out_.string()}).code, 2);
}

} // namespace
} // namespace pep554::test
