// The doctor's own trials of the protocol, on a host with one fault: that is found, by its id, and
// there is no other error.
#include <cctype>
#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/doctor/plugin_examination.h"
#include "harness/doctor/protocol_checks.h"
#include "harness/doctor/protocol_examination.h"

namespace pep554 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

const std::vector<std::string> sick_host{PEP554_TEST_PYTHON, "-S",
                                         PEP554_SOURCE_DIR "/harness/doctor/testing/sick_host.py"};

// The ids of what was found at this level.
std::vector<std::string> of_level(const Diagnosis& diagnosis, Level level) {
  std::vector<std::string> ids;
  for (const Finding& finding : diagnosis.findings)
    if (finding.level == level)
      ids.push_back(finding.check);
  return ids;
}

std::string seen(const Diagnosis& diagnosis, const std::string& check) {
  for (const Finding& finding : diagnosis.findings)
    if (finding.check == check)
      return finding.seen;
  return "(no such check)";
}

struct Fault {
  std::string name; // as sick_host.py knows it
  std::string check;
  std::string seen; // part of what is reported
};

void PrintTo(const Fault& fault, std::ostream* stream) {
  *stream << fault.name;
}

std::string name_of(const testing::TestParamInfo<Fault>& info) {
  std::string name = info.param.name;
  for (char& c : name)
    c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

class OfAFault : public testing::TestWithParam<Fault> {
protected:
  void SetUp() override { ::setenv("PEP554_SICK", GetParam().name.c_str(), 1); }
  void TearDown() override { ::unsetenv("PEP554_SICK"); }
};

class SingleFault : public OfAFault {};

TEST_P(SingleFault, is_the_only_error) {
  const Diagnosis diagnosis = examine_protocol(sick_host, 3s);
  EXPECT_TRUE(diagnosis.started) << diagnosis.reason;
  EXPECT_THAT(of_level(diagnosis, Level::error), ElementsAre(GetParam().check))
      << seen(diagnosis, of_level(diagnosis, Level::error).front());
  EXPECT_THAT(seen(diagnosis, GetParam().check), HasSubstr(GetParam().seen));
}

INSTANTIATE_TEST_SUITE_P(
    hosts, SingleFault,
    testing::Values(
        Fault{"facts-are-an-object", "greeting.shape", "facts are {"},
        Fault{"no-begin", "program.messages", "the first message was"},
        Fault{"id-as-text", "program.id", "of the program 1 came"},
        Fault{"event-without-us", "program.events", "lacks us"},
        Fault{"returns-uncalled", "program.events", "not called"},
        Fault{"end-without-note", "program.end", "the end was"},
        Fault{"same-pid", "program.process", "in the process 4711"},
        Fault{"state-is-kept", "program.process", "in the next it answered"},
        Fault{"deadline-called-a-signal", "program.deadline", "signaled"},
        Fault{"destroy-fails", "operation.answers", "destroy answered failed: \"it will not go\""},
        Fault{"create-crashes", "operation.answers", "create had no answer; the end was {"},
        Fault{"answer-without-ids", "operation.shape", "enumerate is ok without ids"},
        Fault{"raised-is-hollow", "operation.shape", "write_id has no raised"},
        Fault{"names-never-go", "operation.names", "released"},
        Fault{"eval-swallows", "operation.eval", "is claimed, and eval answered"},
        Fault{"eval-unclaimed", "operation.eval", "is not claimed, and eval answered"},
        Fault{"lanes-on-one-thread", "lanes.two", "on the threads [1]"},
        Fault{"finalizes-silently", "finalize.events", "no event finalize"},
        Fault{"runs-anything", "request.bad-program", "dance"},
        Fault{"leaves-at-a-bad-program", "request.bad-program", "closed its output"},
        Fault{"strict-about-fields", "request.unknown-fields", "not_run"},
        Fault{"drops-what-is-ahead", "request.ahead", "said nothing"},
        Fault{"bad-request-is-well", "request.unknown", "status 0"},
        Fault{"bad-quit", "host.quit", "status 4"},
        Fault{"bad-end-of-stream", "host.end-of-stream", "status 1"}),
    name_of);

class NotStarted : public OfAFault {};

TEST_P(NotStarted, is_reported_with_the_reason) {
  const Diagnosis diagnosis = examine_protocol(sick_host, 2s);
  EXPECT_FALSE(diagnosis.started);
  EXPECT_THAT(diagnosis.reason, HasSubstr(GetParam().seen));
  EXPECT_THAT(diagnosis.findings, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(hosts, NotStarted,
                         testing::Values(Fault{"silent", "", "no `hello` within 2 s"},
                                         Fault{"rubbish", "", "no protocol"},
                                         Fault{"exits", "", "ended without `hello`: sick host: no"},
                                         Fault{"refuses", "", "not today"}),
                         name_of);

TEST(ProtocolExamination, finds_no_errors_in_a_healthy_host) {
  const Diagnosis diagnosis = examine_protocol(sick_host, 3s);
  EXPECT_EQ(of_level(diagnosis, Level::ok).size(), protocol_checks().size());
  EXPECT_EQ(diagnosis.description, "sick 1");
}

TEST(ProtocolExamination, notes_code_that_cannot_emit) {
  ::setenv("PEP554_SICK", "emits-nothing", 1);
  const Diagnosis diagnosis = examine_protocol(sick_host, 3s);
  ::unsetenv("PEP554_SICK");
  EXPECT_THAT(of_level(diagnosis, Level::error), IsEmpty());
  EXPECT_THAT(of_level(diagnosis, Level::note), ElementsAre("operation.emit"));
}

// The doctor kills what does not end by itself; a program of an hour would be one.
TEST(ProtocolExamination, does_not_wait_for_a_host_that_ignores_deadlines) {
  ::setenv("PEP554_SICK", "deadline-ignored", 1);
  const Diagnosis diagnosis = examine_protocol(sick_host, 1s);
  ::unsetenv("PEP554_SICK");
  EXPECT_THAT(of_level(diagnosis, Level::error), ElementsAre("program.messages"));
}

TEST(PluginExamination, is_for_commands_of_the_host) {
  EXPECT_THAT(*examining({"ld.so", "/x/pep554-host", "p.so", "a=b"}, 1500ms),
              ElementsAre("ld.so", "/x/pep554-host", "--examine=1500", "p.so", "a=b"));
  EXPECT_FALSE(examining({"python3", "agent.py"}, 1s));
}

TEST(PluginExamination, reports_a_host_that_does_not_finish) {
  EXPECT_THROW(examine_plugin({"/bin/false"}), std::runtime_error);
  EXPECT_THROW(examine_plugin({"/nowhere/pep554-host"}), std::runtime_error);
}

// The text of a file on one line.
std::string normalized_words(const std::string& file) {
  std::ifstream stream(file);
  std::string words;
  for (std::string word; stream >> word;)
    words += (words.empty() ? "" : " ") + word;
  return words;
}

TEST(ProtocolChecks, quote_the_protocol_verbatim) {
  const std::string page = normalized_words(PEP554_SOURCE_DIR "/harness/host/PROTOCOL.md");
  for (const ProtocolCheck& check : protocol_checks())
    EXPECT_NE(page.find(check.rule), std::string::npos) << check.id << ": " << check.rule;
}

TEST(ProtocolChecks, are_listed_in_the_readme) {
  const std::string page = normalized_words(PEP554_SOURCE_DIR "/harness/doctor/README.md");
  for (const ProtocolCheck& check : protocol_checks()) {
    const std::string row = "`" + std::string(check.id) + "` | " + std::string(check.title) + " |";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

} // namespace
} // namespace pep554
