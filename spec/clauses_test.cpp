// The clauses as they are, and the checks on broken ones.
#include "spec/clauses.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/scratch_folder.h"
#include "spec/text.h"

namespace pep554 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::filesystem::path spec = std::filesystem::path(PEP554_SOURCE_DIR) / "spec";

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines(const Diagnostics& diagnostics) {
  std::vector<std::string> all;
  for (const Error& one : diagnostics.sorted())
    all.push_back(to_string(one));
  return all;
}

// Loads clauses from text, as the file "c.toml".
ClauseSet load(const std::string& toml, Diagnostics& diagnostics) {
  const test::ScratchFolder scratch;
  const auto path = scratch.path() / "clauses.toml";
  std::ofstream(path) << toml;
  ClauseSet set = load_clauses(path, "c.toml", diagnostics);
  return set;
}

std::vector<std::string> complaints(const std::string& toml) {
  Diagnostics diagnostics;
  load(toml, diagnostics);
  return lines(diagnostics);
}

constexpr const char* pep = "Abstract ==== One two three. Copyright ====";

std::vector<std::string> quote_complaints(const std::string& toml) {
  Diagnostics diagnostics;
  const ClauseSet set = load(toml, diagnostics);
  check_quotes(set, pep, "c.toml", diagnostics);
  return lines(diagnostics);
}

TEST(Clauses, OfTheProjectAreSound) {
  Diagnostics diagnostics;
  const ClauseSet set = load_clauses(spec / "clauses.toml", "spec/clauses.toml", diagnostics);
  check_quotes(set, read(spec / "pep-0554-2017-09-05.txt"), "spec/clauses.toml", diagnostics);
  EXPECT_THAT(lines(diagnostics), IsEmpty());
  EXPECT_GE(set.clauses.size(), 80U);
  ASSERT_NE(set.find("destroy.removes"), nullptr);
  EXPECT_EQ(set.find("destroy.removes")->kind, ClauseKind::implied);
  EXPECT_EQ(set.find("no.such"), nullptr);
}

TEST(Clauses, EveryIdOfTheModelIsAClause) {
  Diagnostics diagnostics;
  const ClauseSet set = load_clauses(spec / "clauses.toml", "spec/clauses.toml", diagnostics);
  const std::string model = read(spec / "model.cpp");
  size_t found = 0;
  for (size_t at = model.find('"'); at != std::string::npos; at = model.find('"', at + 1)) {
    const size_t end = model.find('"', at + 1);
    const std::string word = model.substr(at + 1, end - at - 1);
    at = end;
    if (word.find('.') == std::string::npos || word.find_first_of(" /{") != std::string::npos ||
        word.ends_with(".h"))
      continue;
    EXPECT_NE(set.find(word), nullptr) << word;
    ++found;
  }
  EXPECT_GE(found, 10U);
}

TEST(Clauses, AreReadWhole) {
  Diagnostics diagnostics;
  const ClauseSet set = load(R"(
[[clause]]
id = "a.b"
class = "stated"
quote = "One two"
summary = "S."
[[clause]]
id = "a.c"
class = "implied"
from = ["a.b"]
reasoning = "R."
summary = "T."
[[excluded]]
quote = "three."
reason = "because"
)",
                             diagnostics);
  EXPECT_THAT(lines(diagnostics), IsEmpty());
  ASSERT_EQ(set.clauses.size(), 2U);
  EXPECT_EQ(set.clauses[0].quote, "One two");
  EXPECT_THAT(set.clauses[1].follows_from, ElementsAre("a.b"));
  EXPECT_EQ(set.clauses[1].where.line, 7U);
  EXPECT_EQ(set.exclusions.at(0).reason, "because");
}

TEST(Clauses, ReportEveryErrorWithItsPlace) {
  EXPECT_THAT(complaints("[[clause]]\n"
                         "id = \"nodot\"\n"
                         "class = \"maybe\"\n"
                         "summary = 3\n"
                         "colour = \"red\"\n"),
              ElementsAre(HasSubstr("c.toml:2:6: \"nodot\": expected an id"),
                          HasSubstr("c.toml:3:9: \"maybe\": expected \"stated\""),
                          HasSubstr("c.toml:4:11: expected \"summary\" = a string"),
                          HasSubstr("c.toml:5:1: unknown key \"colour\": expected one of id,")));
}

TEST(Clauses, RefuseADuplicateId) {
  const std::string one = "[[clause]]\nid = \"a.b\"\nclass = \"open\"\nsummary = \"S?\"\n";
  EXPECT_THAT(complaints(one + one),
              ElementsAre(HasSubstr("c.toml:5:1: duplicate id \"a.b\": first used in line 1")));
}

TEST(Clauses, NeedWhatTheirKindNeeds) {
  EXPECT_THAT(complaints("[[clause]]\nid = \"a.b\"\nclass = \"stated\"\nsummary = \"S\"\n"),
              ElementsAre(HasSubstr("a stated clause needs \"quote\"")));
  EXPECT_THAT(complaints("[[clause]]\nid = \"a.b\"\nclass = \"implied\"\nsummary = \"S\"\n"),
              ElementsAre(HasSubstr("needs \"from\""), HasSubstr("needs \"reasoning\"")));
  EXPECT_THAT(complaints("[[clause]]\nid = \"a.b\"\nclass = \"implied\"\nsummary = \"S\"\n"
                         "from = [\"x.y\"]\nreasoning = \"R\"\n"),
              ElementsAre(HasSubstr("\"a.b\" follows from \"x.y\"")));
}

TEST(Clauses, ReportASyntaxErrorAndAMissingFile) {
  EXPECT_THAT(complaints("[[clause]\n"), ElementsAre(HasSubstr("c.toml:1:")));
  Diagnostics diagnostics;
  load_clauses("/no/such/file.toml", "gone.toml", diagnostics);
  EXPECT_THAT(lines(diagnostics), ElementsAre(HasSubstr("gone.toml: there is no such file")));
}

TEST(Quotes, MustBeVerbatim) {
  EXPECT_THAT(quote_complaints("[[excluded]]\nquote = \"One two three.\"\nreason = \"r\"\n"
                               "[[excluded]]\nquote = \"one two\"\nreason = \"r\"\n"),
              ElementsAre(HasSubstr("c.toml:4:1: not verbatim in the text: \"one two\"")));
}

TEST(Quotes, MustCoverEverySentence) {
  EXPECT_THAT(quote_complaints("[[excluded]]\nquote = \"One\"\nreason = \"r\"\n"),
              ElementsAre(HasSubstr("quoted by no clause and not excluded: \"two three.\"")));
  EXPECT_THAT(quote_complaints("[[excluded]]\nquote = \"One two three.\"\nreason = \"r\"\n"),
              IsEmpty());
}

} // namespace
} // namespace pep554
