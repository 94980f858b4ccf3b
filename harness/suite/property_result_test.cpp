#include "harness/suite/property_result.h"

#include <gtest/gtest.h>

namespace pep554 {
namespace {

properties::Property ids_differ() {
  properties::Property property;
  property.name = "ids-differ";
  property.sentence = "Ids differ";
  property.clauses = {"id.distinct"};
  property.where = {"properties.toml", 12, 1};
  return property;
}

TEST(PropertyResult, IsNamedAfterTheProperty) {
  PropertySearch::Outcome outcome;
  outcome.examples = 5;
  const CaseResult result = property_result(ids_differ(), outcome);
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.id, "property.ids-differ");
  EXPECT_EQ(result.title, "Ids differ");
  EXPECT_EQ(result.where, (Source{"properties.toml", 12, 1}));
  EXPECT_EQ(result.clauses, std::vector<std::string>{"id.distinct"});
}

TEST(PropertyResult, AResultThatWasNotObtainedIsNoPass) {
  PropertySearch::Outcome outcome;
  EXPECT_EQ(property_result(ids_differ(), outcome).verdict, Verdict::not_run);
  outcome.examples = 5;
  outcome.unsupported = 1;
  EXPECT_EQ(property_result(ids_differ(), outcome).verdict, Verdict::unsupported);
  outcome.unobtained = 2;
  outcome.why_unobtained = "blocked: create failed";
  const CaseResult blocked = property_result(ids_differ(), outcome);
  EXPECT_EQ(blocked.verdict, Verdict::blocked);
  EXPECT_EQ(blocked.reason, "2 of 5 examples had no result: blocked: create failed");
}

TEST(PropertyResult, AFailureCountsWhateverElseWasNotObtained) {
  PropertySearch::Outcome outcome;
  outcome.examples = 5;
  outcome.unsupported = outcome.unobtained = 1;
  for (const Verdict verdict : {Verdict::crash, Verdict::fail}) {
    Counterexample found;
    found.result.verdict = verdict;
    found.result.reason = "it ended";
    found.result.clauses = {"another"};
    outcome.counterexamples.push_back(found);
  }
  const CaseResult result = property_result(ids_differ(), outcome);
  EXPECT_EQ(result.verdict, Verdict::crash); // the first
  EXPECT_EQ(result.reason, "it ended");
  EXPECT_EQ(result.clauses, std::vector<std::string>{"id.distinct"});
}

} // namespace
} // namespace pep554
