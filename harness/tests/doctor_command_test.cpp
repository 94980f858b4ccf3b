// pep554 doctor as a plugin's author meets it: what is printed, and how it ends.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tests/command.h"

namespace pep554::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string faulty_plugin = "plugin:" PEP554_BUILD_DIR "/lib/testing/pep554_faulty_plugin.so";

// The doctor's answer about a plugin with a fault; "" is healthy.
Finished doctor_of(const std::string& fault, std::vector<std::string> more = {}) {
  std::vector<std::string> command{"env", "PEP554_FAULT=" + fault, PEP554_BUILD_DIR "/bin/pep554",
                                   "doctor", faulty_plugin};
  command.insert(command.end(), more.begin(), more.end());
  return run(command);
}

TEST(Doctor, FindsNoErrorsInAHealthyPlugin) {
  const Finished finished = doctor_of("");
  EXPECT_EQ(finished.code, 0) << finished.out;
  EXPECT_THAT(finished.out,
              AllOf(HasSubstr("The plugin: faulty 1\n"), HasSubstr("The protocol: faulty 1\n"),
                    HasSubstr("  ok    read_id.short                 read_id leaves"),
                    HasSubstr(", 0 errors\n"), Not(HasSubstr("\033["))));
  EXPECT_THAT(finished.err, IsEmpty());
  EXPECT_THAT(finished.left, IsEmpty());
}

TEST(Doctor, ReportsTheObservationTheRuleAndTheAdvice) {
  const Finished finished = doctor_of("id_cut");
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(
      finished.out,
      AllOf(HasSubstr("  error read_id.short                 read_id leaves a buffer alone that is "
                      "too small\n        seen:  read_id with a capacity of 2 wrote into it"),
            HasSubstr("\n        rule:  pep554_plugin.h: \"When that is less than `capacity`"),
            HasSubstr("\n        fix:   Write only when *length < capacity"),
            HasSubstr(", 1 error\n")));
}

TEST(Doctor, ReportsThatTheTargetDidNotStartAndWhy) {
  const Finished finished = doctor_of("start_fails");
  EXPECT_EQ(finished.code, 3);
  EXPECT_THAT(finished.out,
              AllOf(HasSubstr("error start.answers"), Not(HasSubstr("The protocol"))));
  EXPECT_EQ(finished.err,
            "pep554: target " + faulty_plugin + " did not start: there is no runtime here\n");
}

TEST(Doctor, LeavesNoProcessesOfAPluginThatHangs) {
  const Finished finished = doctor_of("run_hangs", {"--timeout", "0.5"});
  EXPECT_EQ(finished.code, 1);
  EXPECT_THAT(finished.out, HasSubstr("run did not come back within 500 ms"));
  EXPECT_THAT(finished.left, IsEmpty());
}

TEST(Doctor, WritesJson) {
  const Finished finished = doctor_of("truth_of_two", {"--json"});
  EXPECT_EQ(finished.code, 1);
  const auto document = nlohmann::json::parse(finished.out);
  EXPECT_EQ(document["target"], faulty_plugin);
  EXPECT_EQ(document["started"], true);
  EXPECT_EQ(document["error"], 1);
  EXPECT_EQ(document["ok"].get<size_t>() + document["note"].get<size_t>() + 1,
            document["checks"].size());
  for (const auto& check : document["checks"])
    if (check["level"] == "error") {
      EXPECT_EQ(check["check"], "is_running.truth");
      EXPECT_EQ(check["layer"], "abi");
      EXPECT_EQ(check["seen"], "is_running wrote 2");
    }
}

TEST(Doctor, ChecksOnlyTheProtocolOfAPython) {
  const Finished finished = pep554({"doctor", "python:" PEP554_TEST_PYTHON});
  EXPECT_EQ(finished.code, 0) << finished.out;
  EXPECT_THAT(finished.out, AllOf(HasSubstr("The protocol: "), Not(HasSubstr("The plugin"))));
}

TEST(Doctor, FindsNoErrorsInTheReference) {
  const Finished finished = pep554({"doctor", "reference"});
  EXPECT_EQ(finished.code, 0) << finished.out;
  EXPECT_THAT(finished.out, HasSubstr(" 0 notes, 0 errors"));
}

struct NoTarget {
  std::string target;
  std::string reason;
};

void PrintTo(const NoTarget& none, std::ostream* stream) {
  *stream << none.target.substr(none.target.rfind('/') + 1) << ": " << none.reason;
}

class DoctorWithoutTarget : public testing::TestWithParam<NoTarget> {};

TEST_P(DoctorWithoutTarget, SaysWhyInOneLine) {
  const Finished finished = pep554({"doctor", GetParam().target});
  EXPECT_EQ(finished.code, 3);
  EXPECT_THAT(finished.err, HasSubstr(GetParam().reason));
  EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1);
}

INSTANTIATE_TEST_SUITE_P(
    Targets, DoctorWithoutTarget,
    testing::Values(NoTarget{"plugin:/nowhere.so", "no such file"},
                    NoTarget{"plugin:" PEP554_SOURCE_DIR "/README.md", "no ELF file"},
                    NoTarget{"cpython:/nowhere.so", "/nowhere.so"},
                    NoTarget{"python:/bin/false", "ended without `hello`"},
                    NoTarget{"host:/bin/echo,Hello", "sent malformed data instead of `hello`"},
                    NoTarget{"host:/nowhere", "cannot start /nowhere"}));

TEST(Doctor, RequiresATarget) {
  EXPECT_EQ(pep554({"doctor"}).code, 2);
  const Finished unknown = pep554({"doctor", "nothing"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("unknown target \"nothing\""));
  EXPECT_EQ(pep554({"doctor", "reference", "--timeout", "0"}).code, 2);
}

} // namespace
} // namespace pep554::test
