// The doctor's own trials of the protocol, on a host with one fault: that is found, by its id, and
// nothing else is to be fixed.
#include <csignal>

#include "harness/doctor/plugin_examination.h"
#include "harness/doctor/protocol_checks.h"
#include "harness/doctor/protocol_examination.h"
#include "harness/doctor/testing/faults.h"

namespace pep554::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

// The host of faulty_host.py with this fault, "" for none, examined.
Diagnosis examine(const std::string& name, std::chrono::milliseconds deadline = 3s) {
  const WithFault fault("PEP554_FAULT", name);
  return examine_protocol(
      {PEP554_TEST_PYTHON, "-S", PEP554_SOURCE_DIR "/harness/doctor/testing/faulty_host.py"},
      deadline);
}

class ProtocolFault : public testing::TestWithParam<Fault> {};

TEST_P(ProtocolFault, is_the_only_error) {
  expect_found_alone(examine(GetParam().name, GetParam().deadline), GetParam());
}

// The host that ignores deadlines gets one second: the doctor has to kill its program.
const Fault faults[] = {
    {"facts-are-an-object", "hello.shape", "facts are {"},
    {"no-begin", "program.messages", "the first message was"},
    {"id-as-text", "program.id", "the program 1 sent"},
    {"event-without-us", "program.events", "lacks us"},
    {"returns-uncalled", "program.events", "not called"},
    {"end-without-note", "program.end", "the end was"},
    {"same-pid", "program.process", "in the process 4711"},
    {"state-is-kept", "program.process", "in the next it answered"},
    {"deadline-called-a-signal", "program.deadline", "signaled"},
    {"destroy-fails", "operation.answers", "destroy answered failed: \"it will not go\""},
    {"create-crashes", "operation.answers", "create had no answer; the end was {"},
    {"answer-without-ids", "operation.shape", "enumerate is ok without ids"},
    {"raised-is-hollow", "operation.shape", "write_id has no raised"},
    {"names-never-go", "operation.names", "released"},
    {"eval-swallows", "operation.eval", "is claimed, and eval answered"},
    {"eval-unclaimed", "operation.eval", "is not claimed, and eval answered"},
    {"lanes-on-one-thread", "lanes.two", "on the threads [1]"},
    {"finalizes-silently", "finalize.events", "no event finalize"},
    {"runs-anything", "request.bad-program", "dance"},
    {"leaves-at-a-bad-program", "request.bad-program", "closed its output"},
    {"strict-about-fields", "request.unknown-fields", "not_run"},
    {"drops-requests-sent-ahead", "request.ahead", "sent no `end`"},
    {"bad-request-is-well", "request.unknown", "status 0"},
    {"bad-quit", "host.quit", "status 4"},
    {"bad-end-of-stream", "host.end-of-stream", "status 1"},
    {"surrogates-as-bytes", "operation.surrogates",
     "after code with chr(0xd800), the host sent malformed data"},
    {"deadline-ignored", "program.messages", "", Outcome::error, 1s},
    {"emits-nothing", "operation.emit", "", Outcome::note}};

INSTANTIATE_TEST_SUITE_P(hosts, ProtocolFault, testing::ValuesIn(faults), name_of);

TEST(ProtocolExamination, says_why_a_host_does_not_start) {
  for (const auto& [fault, reason] : {std::pair{"silent", "no `hello` within 2 s"},
                                      {"malformed", "malformed data instead of `hello`"},
                                      {"exits", "ended without `hello`: faulty host: no"},
                                      {"refuses", "not today"}}) {
    const Diagnosis diagnosis = examine(fault, 2s);
    EXPECT_FALSE(diagnosis.started) << fault;
    EXPECT_THAT(diagnosis.reason, HasSubstr(reason));
    EXPECT_THAT(diagnosis.findings, IsEmpty()) << fault;
  }
}

TEST(ProtocolExamination, ends_when_a_host_never_stops_talking) {
  const Diagnosis diagnosis = examine("never-stops-talking", 1s);
  const Finding one = finding(diagnosis, "program.messages");
  EXPECT_EQ(one.level, Level::error);
  EXPECT_THAT(one.seen, HasSubstr("the host sent 10000 messages"));
  EXPECT_THAT(one.advice, HasSubstr("End each program at its deadline"));
}

TEST(ProtocolExamination, ends_when_a_message_never_does) {
  EXPECT_THAT(finding(examine("endless-message", 1s), "program.messages").seen,
              HasSubstr("the host sent no `end` within 2 s"));
}

// The advice is about what was seen, not about what the trial was for.
TEST(ProtocolExamination, gives_advice_on_a_crash_and_on_a_hang) {
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN)); // as in pep554: the last host leaves
  EXPECT_THAT(finding(examine("create-crashes"), "operation.answers").advice,
              HasSubstr("crashed: run this one call under a debugger"));
  EXPECT_THAT(finding(examine("create-hangs", 1s), "operation.answers").advice,
              HasSubstr("It hangs: see where it waits"));
  EXPECT_THAT(finding(examine("destroy-fails"), "operation.answers").advice,
              HasSubstr("Perform every operation"));
  EXPECT_THAT(finding(examine("host-leaves", 1s), "program.messages").advice,
              HasSubstr("The host has to survive every program"));
}

TEST(ProtocolExamination, finds_no_errors_in_a_healthy_host) {
  const Diagnosis diagnosis = examine("");
  EXPECT_EQ(of_level(diagnosis, Level::ok).size(), protocol_checks().size());
  EXPECT_EQ(diagnosis.description, "faulty 1");
}

TEST(PluginExamination, is_for_commands_of_the_host) {
  EXPECT_THAT(*examining({"ld.so", "/x/pep554-host", "p.so", "a=b"}, 1500ms),
              ElementsAre("ld.so", "/x/pep554-host", "--examine=1500", "p.so", "a=b"));
  EXPECT_FALSE(examining({"python3", "agent.py"}, 1s));
}

TEST(PluginExamination, reports_a_host_that_does_not_finish) {
  EXPECT_EQ(examine_plugin({"/bin/false"}).error().message,
            "the host did not come to the end of its examination");
  EXPECT_EQ(examine_plugin({"/nowhere/pep554-host"}).error().message,
            "cannot start /nowhere/pep554-host: No such file or directory");
}

TEST(ProtocolChecks, quote_the_page_to_the_letter_and_are_listed_in_the_readme) {
  expect_documented(protocol_checks(), "harness/host/PROTOCOL.md", "harness/doctor/README.md");
}

} // namespace
} // namespace pep554::test
