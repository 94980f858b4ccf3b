// The contents of the JUnit file. The CTest reports/junit validates the sample and generated runs
// against the published schema.
#include "reports/junit.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <pugixml.hpp>

#include "reports/summary.h"
#include "reports/tests/generators.h"
#include "reports/tests/sample_run.h"
#include "spec/readable.h"

namespace pep554 {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string junit(const RunResult& run) {
  std::ostringstream out;
  write_junit(run, out);
  return out.str();
}

class Junit : public testing::Test {
protected:
  void SetUp() override { ASSERT_TRUE(document_.load_string(junit(sample_run()).c_str())); }

  pugi::xml_node testcase(const std::string& table, const std::string& name) {
    return document_
        .select_node(
            ("//testcase[@classname='pep554." + table + "'][@name='" + name + "']").c_str())
        .node();
  }

  pugi::xml_document document_;
};

TEST_F(Junit, AFailIsAFailure) {
  const auto failure = testcase("destroy", "removes-from-the-list").child("failure");
  EXPECT_STREQ(failure.attribute("type").value(), "fail");
  EXPECT_THAT(failure.attribute("message").value(), HasSubstr("expected: lists exactly main"));
  EXPECT_THAT(failure.text().get(), StartsWith("\nA destroyed interpreter is no longer listed\n"));
  EXPECT_THAT(failure.text().get(), HasSubstr("Replay: pep554 run"));
}

TEST_F(Junit, OtherFaultsAreErrors) {
  EXPECT_STREQ(testcase("is_running", "other-thread").child("error").attribute("type").value(),
               "hang");
  EXPECT_STREQ(testcase("destroy", "used").child("error").attribute("type").value(), "leak");
  EXPECT_STREQ(testcase("run", "exit").child("error").attribute("type").value(), "broken-at-exit");
}

TEST_F(Junit, AMissingResultIsSkippedWithItsReason) {
  EXPECT_STREQ(testcase("isolation", "names").child("skipped").text().get(),
               "blocked: interpreters.create() prepares the case, but RuntimeError: interpreter "
               "creation failed");
  EXPECT_TRUE(testcase("run", "surface").child("skipped"));
  EXPECT_TRUE(testcase("run", "not-run").child("skipped"));
}

TEST_F(Junit, AnObservedCaseSaysSo) {
  const auto observed = testcase("enumerate", "order");
  EXPECT_FALSE(observed.child("failure"));
  EXPECT_FALSE(observed.child("skipped"));
  EXPECT_THAT(observed.child_value("system-out"), HasSubstr("Observed, not judged"));
}

// Jenkins shows the first 500 characters of the output of a case that did not fail.
TEST_F(Junit, TheOutputBeginsWithTheSentence) {
  EXPECT_THAT(testcase("create", "distinct").child_value("system-out"),
              StartsWith("Interpreters that were created are different ones\n"));
  EXPECT_THAT(testcase("enumerate", "order").child_value("system-out"),
              StartsWith("The order of the list\n"));
}

TEST_F(Junit, CasesNameTheirFileAndLine) {
  const auto distinct = testcase("create", "distinct");
  EXPECT_STREQ(distinct.attribute("file").value(), "cases/create.toml");
  EXPECT_EQ(distinct.attribute("line").as_int(), 138);
}

TEST_F(Junit, CasesNameTheirClauses) {
  EXPECT_THAT(testcase("create", "distinct").child_value("system-out"),
              HasSubstr("Clauses: create.initializes, create.distinct"));
}

TEST_F(Junit, SuitesSayWhatWasJudged) {
  const auto property = [this](const char* name) {
    const auto query = "//testsuite[1]/properties/property[@name='" + std::string(name) + "']";
    return std::string(document_.select_node(query.c_str()).node().attribute("value").value());
  };
  EXPECT_EQ(property("target"), "reference");
  EXPECT_EQ(property("target.python"), "3.11.2 (main, Debian 12)");
  EXPECT_EQ(property("pep554.version"), "0.1.0");
  EXPECT_EQ(property("pep554.commit"), "0a1b2c3");
}

RC_GTEST_PROP(JunitProperty, IsXmlWithEveryCaseOnceAndSumsThatHold, ()) {
  const auto run = *hostile_run();
  pugi::xml_document document;
  RC_ASSERT(document.load_string(junit(run).c_str()));
  const auto suites = document.child("testsuites");
  RC_ASSERT(document.select_nodes("//testcase").size() == run.cases.size());
  for (const char* name : {"failures", "errors"}) {
    auto query = std::string("sum(//testsuite/@") + name + ")";
    const auto sum = pugi::xpath_query(query.c_str()).evaluate_number(document);
    RC_ASSERT(static_cast<double>(suites.attribute(name).as_uint()) == sum);
  }
  RC_ASSERT(document.select_nodes("//skipped").size() ==
            static_cast<size_t>(std::ranges::count_if(run.cases, [](const CaseResult& c) {
              return is_missing(c.verdict) && c.verdict != Verdict::host_fault;
            })));
}

RC_GTEST_PROP(JunitProperty, HasNoCharacterThatXmlForbids, ()) {
  const auto text = junit(*hostile_run());
  RC_ASSERT(readable(text) == text);
}

} // namespace
} // namespace pep554
