// Hosts that the engine refuses, or that misbehave: each is a shell that prints messages.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/engine/host_process.h"
#include "harness/testing/scratch_folder.h"

namespace pep554 {
namespace {

using testing::HasSubstr;

// A command that writes one message and waits for the end of its input.
std::vector<std::string> saying(const std::string& payload) {
  std::string frame;
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    frame += '\\' + std::to_string((payload.size() >> shift & 0xFFU) / 64) +
             std::to_string((payload.size() >> shift & 0xFFU) / 8 % 8) +
             std::to_string((payload.size() >> shift & 0xFFU) % 8);
  return {"sh", "-c", "printf '" + frame + "'; printf %s \"$0\"; cat", payload};
}

// Why a host does not start.
std::string refusal(const std::vector<std::string>& command,
                    std::chrono::milliseconds startup_timeout = std::chrono::seconds(10)) {
  const auto host = HostProcess::start(command, startup_timeout);
  EXPECT_FALSE(host);
  return host ? "" : host.error().message;
}

std::string objection(const std::string& payload) {
  return refusal(saying(payload));
}

TEST(HostProcess, accepts_unknown_fields_in_hello) {
  const auto host = HostProcess::start(
      saying(R"({"msg":"hello","protocol":1,"plugin":{"name":"p","version":"2","new":1},)"
             R"("facts":[["a","b"]],"extensions":[],"new":[]})"),
      std::chrono::seconds(10));
  EXPECT_EQ(host.value()->hello().plugin, "p");
}

TEST(HostProcess, refuses_another_version_of_the_protocol) {
  EXPECT_EQ(objection(R"({"msg":"hello","protocol":2})"),
            "sh speaks version 2 of the host protocol, this pep554 speaks version 1");
  EXPECT_EQ(objection(R"({"msg":"hello"})"),
            "sh speaks version null of the host protocol, this pep554 speaks version 1");
}

TEST(HostProcess, reports_why_hello_is_missing) {
  EXPECT_EQ(objection(R"({"msg":"refused","reason":"too old"})"), "too old");
  EXPECT_EQ(objection(R"({"msg":"begin"})"), R"(sh sent "begin" instead of `hello`)");
  EXPECT_THAT(objection("malformed"), HasSubstr("sent malformed data instead of `hello`"));
  EXPECT_THAT(objection("[]"), HasSubstr("sent malformed data instead of `hello`"));
}

TEST(HostProcess, times_out) {
  EXPECT_EQ(refusal({"sh", "-c", "echo busy >&2; sleep 100"}, std::chrono::milliseconds(500)),
            "sh sent no `hello` within 0.5 s: busy");
  EXPECT_EQ(refusal({"sh", "-c", "echo over >&2"}), "sh ended without `hello`: over");
}

// A host that sends `hello`, and does as its script says once it has a request. In the script
// `begin` and `end` are files with these messages; `more` is one with the other messages.
class Misbehaving : public testing::Test {
protected:
  History run(const std::string& script, const std::string& more = "") {
    write("hello", R"({"msg":"hello","protocol":1,"plugin":{"name":"p","version":"1"},)"
                   R"("facts":[],"extensions":[]})");
    write("begin", R"({"msg":"begin","id":1,"pid":4194305})");
    write("end", R"({"msg":"end","id":1,"how":"exited","code":0,"completed":true,"us":1})");
    write("more", more);
    const std::string all =
        "cd \"$0\"; cat hello; dd bs=1 count=1 of=/dev/null 2>/dev/null; " + script;
    const auto host =
        HostProcess::start({"sh", "-c", all, folder_.path().string()}, std::chrono::seconds(10))
            .value();
    Program program;
    program.lanes = {{{Op::enumerate, "", "", ""}}};
    program.limits.deadline = std::chrono::milliseconds(100);
    auto history = host->run(program);
    EXPECT_TRUE(history.has_value());
    EXPECT_EQ(host->alive(), history && history->termination.kind == Kind::exited);
    return history.value_or(History{});
  }

  // The note of a host that is at fault.
  std::string fault(const std::string& script, const std::string& more = "") {
    const History history = run(script, more);
    EXPECT_EQ(history.termination.kind, Kind::host_fault);
    return history.termination.note;
  }

  using Kind = Termination::Kind;

private:
  // A payload of less than 64 KiB, framed.
  void write(const std::string& name, const std::string& payload) {
    std::ofstream file(folder_.path() / name, std::ios::binary);
    file << std::string(2, '\0') << static_cast<char>(payload.size() >> 8U)
         << static_cast<char>(payload.size()) << payload;
  }

  test::ScratchFolder folder_;
};

TEST_F(Misbehaving, IsNoneThatFollowsTheProtocol) {
  const History history =
      run("cat begin more end; cat >/dev/null",
          R"({"msg":"event","id":1,"e":"emitted","lane":0,"step":0,"us":0,"text":"a\ud800b"})");
  EXPECT_EQ(history.termination.kind, Kind::exited);
  ASSERT_EQ(history.events.size(), 1U);
  EXPECT_EQ(history.events[0].text, "a\uFFFDb");
}

TEST_F(Misbehaving, AnswersUnderAnotherId) {
  EXPECT_EQ(fault("cat begin more end; cat >/dev/null",
                  R"({"msg":"end","id":1001,"how":"exited","code":0,"completed":true,"us":1})"),
            "it sent malformed data: a message \"end\" has the id 1001 instead of 1");
}

TEST_F(Misbehaving, SendsAnEmptyMessage) {
  EXPECT_THAT(fault("cat begin; printf '\\000\\000\\000\\000'; cat end; cat >/dev/null"),
              HasSubstr("it sent malformed data: "));
}

TEST_F(Misbehaving, SendsNoUtf8) {
  EXPECT_THAT(fault("cat begin more end; cat >/dev/null",
                    "{\"msg\":\"output\",\"id\":1,\"fd\":1,\"text\":\"\xff\"}"),
              HasSubstr("it sent malformed data: "));
}

TEST_F(Misbehaving, NeverStopsTalking) {
  EXPECT_EQ(fault("cat begin; while cat more; do :; done",
                  R"({"msg":"event","id":1,"e":"called","lane":0,"step":0,"us":1})"),
            "it did not say how the program ended, and its time is over");
}

TEST_F(Misbehaving, NeverStopsTalkingOnStandardError) {
  const History history = run("cat begin; exec cat /dev/zero >&2");
  EXPECT_EQ(history.termination.kind, Kind::host_fault);
  EXPECT_LE(history.err.size(), 8192U);
}

TEST_F(Misbehaving, NeverEndsAMessage) {
  EXPECT_EQ(
      fault(
          "cat begin; printf '\\001\\000\\000\\000'; while echo xxxxxxxx && sleep 0.1; do :; done"),
      "it did not say how the program ended, and its time is over");
}

TEST_F(Misbehaving, ClosesItsOutput) {
  EXPECT_EQ(fault("exec >/dev/null; exec sleep 100"),
            "it closed its input or its output before the end of the program");
}

TEST_F(Misbehaving, EndsByItself) {
  EXPECT_EQ(fault("cat begin; exit 3"), "it exited with status 3");
  EXPECT_EQ(fault("cat begin; exit 0"), "it exited with status 0");
  EXPECT_EQ(fault("cat begin; exit 143"), "it exited with status 143") << "no SIGTERM";
  for (const std::string signal : {"SEGV", "ABRT", "BUS"})
    EXPECT_EQ(fault("cat begin; ulimit -c 0; kill -" + signal + " $$"),
              "SIG" + signal + " ended it");
}

TEST_F(Misbehaving, IsEndedBySomebodyElse) {
  for (const std::string signal : {"KILL", "TERM", "INT", "HUP"}) {
    const History history = run("cat begin; echo last words >&2; kill -" + signal + " $$");
    EXPECT_EQ(history.termination.kind, Kind::lost) << signal;
    EXPECT_EQ(history.termination.note, "SIG" + signal + " ended it");
    EXPECT_THAT(history.err, HasSubstr("last words"));
  }
}

} // namespace
} // namespace pep554
