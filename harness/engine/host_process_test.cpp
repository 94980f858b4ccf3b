// Hosts that the engine refuses: each is a shell that prints one message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/engine/host_process.h"

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

std::string objection(const std::string& payload) {
  std::string error;
  const auto host = HostProcess::start(saying(payload), std::chrono::seconds(10), error);
  EXPECT_EQ(host, nullptr);
  return error;
}

TEST(HostProcess, accepts_unknown_fields_in_hello) {
  std::string error;
  const auto host = HostProcess::start(
      saying(R"({"msg":"hello","protocol":1,"plugin":{"name":"p","version":"2","new":1},)"
             R"("facts":[["a","b"]],"extensions":[],"new":[]})"),
      std::chrono::seconds(10), error);
  ASSERT_NE(host, nullptr) << error;
  EXPECT_EQ(host->hello().plugin, "p");
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
  std::string error;
  EXPECT_EQ(HostProcess::start({"sh", "-c", "echo busy >&2; sleep 100"},
                               std::chrono::milliseconds(500), error),
            nullptr);
  EXPECT_EQ(error, "sh sent no `hello` within 0.5 s: busy");
  EXPECT_EQ(HostProcess::start({"sh", "-c", "echo over >&2"}, std::chrono::seconds(10), error),
            nullptr);
  EXPECT_EQ(error, "sh ended without `hello`: over");
}

} // namespace
} // namespace pep554
