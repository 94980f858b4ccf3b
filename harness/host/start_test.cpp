// How a host starts, or says in one line why it does not, and how it ends.
#include <csignal>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/host/testing/host_process.h"

namespace pep554::host {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// Without what another host of the same plugin would say otherwise.
json greeting(const HostProcess& host) {
  json hello = host.hello();
  EXPECT_EQ(hello["fresh"], true);
  EXPECT_THAT(hello["temporary"], HasSubstr("/pep554-host-" + std::to_string(host.pid()) + "-"));
  hello.erase("fresh");
  hello.erase("temporary");
  return hello;
}

TEST(HostStart, says_hello) {
  const HostProcess host({testing_plugin("pep554_fake_plugin")});
  EXPECT_EQ(greeting(host), json::parse(R"({"msg": "hello", "protocol": 1,
                            "plugin": {"name": "fake", "version": "1", "abi": 1},
                            "facts": [["implementation", "fake"], ["version", "1"],
                                      ["build", "1"], ["platform", "any"], ["module", "none"],
                                      ["module_file", "none"]],
                            "extensions": ["pep554.thread/1"]})"));
}

// Of another version than the host in one way or the other, and to be served all the same.
class HostTakes : public testing::TestWithParam<const char*> {};

TEST_P(HostTakes, the_version_that_both_know) {
  HostProcess host({testing_plugin(GetParam())});
  EXPECT_EQ(greeting(host), json::parse(R"({"msg": "hello", "protocol": 1,
      "plugin": {"name": "versions", "version": "1", "abi": 1}, "extensions": [],
      "facts": [["asked", "pep554.eval/1 pep554.fork/1 pep554.thread/1 pep554.trace/1 "]]})"));
  const Messages got = host.run(json::parse(R"({"lanes": [[
      {"op": "get_main", "as": "m"}, {"op": "run", "on": "m"}, {"op": "eval", "text": "1"},
      {"op": "destroy", "on": "m"}, {"op": "enumerate"}]]})"));
  EXPECT_EQ(got.answer(0, 1)["raised"]["message"], "1160 bytes, empty");
  EXPECT_EQ(got.answer(0, 2), json::parse(R"({"status": "unsupported", "raised": {
      "category": "other", "type": "", "message": "the plugin lacks pep554.eval/1"}})"));
  EXPECT_EQ(got.answer(0, 3)["status"], "unsupported");
  EXPECT_EQ(got.answer(0, 4)["ids"], json({"0"}));
  EXPECT_TRUE(got.end()["completed"]);
}

INSTANTIATE_TEST_SUITE_P(plugins, HostTakes,
                         testing::Values("pep554_versions_larger", "pep554_versions_both",
                                         "pep554_versions_extensions"));

struct Refused {
  std::vector<std::string> arguments;
  std::string reason;
};

void PrintTo(const Refused& refused, std::ostream* out) {
  *out << refused.arguments.front() << ": " << refused.reason;
}

class HostRefuses : public testing::TestWithParam<Refused> {};

TEST_P(HostRefuses, with_a_clear_line) {
  HostProcess host(GetParam().arguments);
  EXPECT_EQ(host.hello()["msg"], "refused");
  const std::string reason = host.hello()["reason"];
  EXPECT_THAT(reason, HasSubstr(GetParam().reason));
  EXPECT_EQ(reason.find('\n'), std::string::npos);
  EXPECT_EQ(host.receive(), nullptr);
  EXPECT_NE(host.wait(), -1);
}

INSTANTIATE_TEST_SUITE_P(
    plugins, HostRefuses,
    testing::Values(
        Refused{{"/nowhere/plugin.so"}, "no such file"},
        Refused{{PEP554_SOURCE_DIR "/harness/host/start_test.cpp"}, "invalid ELF header"},
        Refused{{testing_plugin("pep554_bad_symbol")}, "no symbol pep554_plugin: "},
        Refused{{testing_plugin("pep554_bad_later_symbol")},
                "it speaks version 2 of the ABI, this host version 1: build it with "
                "the pep554_plugin.h of version 1, or use a later pep554"},
        Refused{{testing_plugin("pep554_bad_version_2")},
                "it speaks version 2 of the ABI, this host version 1: build it with "
                "the pep554_plugin.h of version 1, or use a later pep554"},
        Refused{{testing_plugin("pep554_bad_version_0")},
                "it speaks version 0 of the ABI, this host version 1: build it with "
                "the pep554_plugin.h of version 1"},
        Refused{{testing_plugin("pep554_bad_size")},
                "its table has 136 bytes, version 1 of the ABI has 144: its size must "
                "be sizeof(pep554_plugin_t)"},
        Refused{{testing_plugin("pep554_bad_slots")},
                "start of pep554_plugin is null: a slot for what is lacking answers "
                "PEP554_UNSUPPORTED"},
        Refused{{testing_plugin("pep554_versions_hollow")}, "attach of pep554.thread/1 is null: "},
        Refused{{testing_plugin("pep554_fake_plugin"), "no=way"}, "unknown option"},
        Refused{{testing_plugin("pep554_fake_plugin"), "start=null"},
                "start answered ok, and gave no runtime"},
        Refused{{testing_plugin("pep554_fake_plugin"), "start=abort"}, "crashed"},
        Refused{{testing_plugin("pep554_fake_plugin"), "start=exit"}, "exited"}));

TEST(HostEnd, quits) {
  HostProcess host({testing_plugin("pep554_fake_plugin")});
  host.send({{"msg", "quit"}});
  EXPECT_EQ(host.wait(), 0);
}

TEST(HostEnd, a_closed_engine_ends_the_program) {
  HostProcess host({testing_plugin("pep554_fake_plugin")});
  json program = running({"hang"});
  program["deadline_ms"] = 3'600'000;
  host.send({{"msg", "run"}, {"id", 1}, {"program", program}});
  const pid_t pid = host.receive()["pid"];
  host.hang_up();
  EXPECT_EQ(host.wait(), 0);
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(HostEnd, the_folder_of_a_host_that_was_killed_is_removed_by_the_next) {
  std::string folder;
  {
    HostProcess host({testing_plugin("pep554_fake_plugin")});
    folder = host.hello()["temporary"];
    EXPECT_TRUE(std::filesystem::exists(folder));
    ::kill(host.pid(), SIGKILL);
  }
  EXPECT_TRUE(std::filesystem::exists(folder));
  {
    HostProcess next({testing_plugin("pep554_fake_plugin")});
    EXPECT_FALSE(std::filesystem::exists(folder));
    folder = next.hello()["temporary"];
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

} // namespace
} // namespace pep554::host
