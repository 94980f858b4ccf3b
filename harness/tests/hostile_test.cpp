// Code that crashes, hangs, floods, leaves early or kills its supervisor costs its own case alone.
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tests/command.h"

namespace pep554::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class Hostile : public testing::TestWithParam<const char*> {};

TEST_P(Hostile, AffectsOnlyItsOwnCase) {
  const auto out = fresh_folder();
  const Finished finished =
      pep554({"run", "--quiet", "--jobs", GetParam(), "--cases",
              PEP554_SOURCE_DIR "/harness/tests/hostile", "--out", out.string()});
  EXPECT_EQ(finished.code, 1) << finished.err;
  EXPECT_THAT(finished.left, IsEmpty());
  const nlohmann::json document = results(out);
  const std::map<std::string, std::string> expected{
      {"aa-before", "pass"}, {"abort", "crash"},          {"daemon", "pass"},
      {"endless", "hang"},   {"flood", "limit-exceeded"}, {"endless-on-two-threads", "hang"},
      {"leave", "crash"},    {"segfault", "crash"},       {"kill-the-host", "crash"},
      {"zz-after", "pass"}};
  EXPECT_EQ(document.at("cases").size(), expected.size());
  for (const auto& [name, wanted] : expected)
    EXPECT_EQ(verdict(document, "cases", "hostile." + name), wanted) << name;
}

INSTANTIATE_TEST_SUITE_P(Jobs, Hostile, testing::Values("1", "3"));

TEST(HostileCase, IsReportedWithItsCallAndItsOutput) {
  const auto out = fresh_folder();
  pep554({"run", "--quiet", "--cases", PEP554_SOURCE_DIR "/harness/tests/hostile", "--filter",
          "hostile.abort", "--out", out.string()});
  const nlohmann::json one = results(out).at("cases").at(0);
  EXPECT_THAT(one.at("reason"), HasSubstr("a.run("));
  EXPECT_THAT(one.at("reason"), HasSubstr("SIGABRT"));
  EXPECT_THAT(one.at("output_tail"), HasSubstr("last words"));
}

} // namespace
} // namespace pep554::test
