// How a host starts a plugin, or reports in one line why it does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/host/testing/hosts.h"

namespace pep554::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

TEST(HostStart, says_hello) {
  const auto host = start_host({testing_plugin("pep554_fake_plugin")});
  ASSERT_NE(host, nullptr);
  const Hello& hello = host->hello();
  EXPECT_EQ(hello.plugin + " " + hello.version, "fake 1");
  EXPECT_THAT(hello.facts, ElementsAre(Pair("implementation", "memory"), Pair("version", "1"),
                                       Pair("build", "1"), Pair("platform", "any"),
                                       Pair("module", "none"), Pair("module_file", "none")));
  EXPECT_THAT(hello.extensions, ElementsAre("pep554.thread/1"));
}

// Plugins of other versions that the host accepts.
class HostAccepts : public testing::TestWithParam<const char*> {};

TEST_P(HostAccepts, the_latest_common_version) {
  const auto host = start_host({testing_plugin(GetParam())});
  ASSERT_NE(host, nullptr);
  EXPECT_EQ(host->hello().plugin + " " + host->hello().version, "versions 1");
  EXPECT_THAT(host->hello().extensions, IsEmpty());
  EXPECT_THAT(
      host->hello().facts,
      ElementsAre(Pair("asked", "pep554.eval/1 pep554.fork/1 pep554.thread/1 pep554.trace/1 ")));
  Program program;
  program.lanes = {{{Op::get_main, "", "m", ""},
                    {Op::run, "m", "", ""},
                    {Op::eval, "", "", "1"},
                    {Op::destroy, "m", "", ""},
                    {Op::enumerate, "", "", ""}}};
  const History got = run_on(*host, program);
  EXPECT_EQ(answer(got, 1).raised.message, "1160 bytes, empty");
  EXPECT_EQ(answer(got, 2).status, Status::unsupported);
  EXPECT_EQ(answer(got, 2).raised, (Raised{"other", "", "the plugin lacks pep554.eval/1"}));
  EXPECT_EQ(answer(got, 3).status, Status::unsupported);
  EXPECT_THAT(answer(got, 4).ids, ElementsAre("0"));
  EXPECT_TRUE(got.termination.completed);
}

INSTANTIATE_TEST_SUITE_P(plugins, HostAccepts,
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
  EXPECT_THAT(refusal_of(GetParam().arguments),
              AllOf(HasSubstr(GetParam().reason), Not(HasSubstr("\n")), Not(HasSubstr("hello"))));
}

INSTANTIATE_TEST_SUITE_P(
    plugins, HostRefuses,
    testing::Values(
        Refused{{"/nowhere/plugin.so"}, "no such file"},
        Refused{{"/dev/zero"}, "it is no regular file"},
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
                "start of pep554_plugin is null: a slot that the implementation lacks answers "
                "PEP554_UNSUPPORTED"},
        Refused{{testing_plugin("pep554_versions_hollow")}, "attach of pep554.thread/1 is null: "},
        Refused{{testing_plugin("pep554_fake_plugin"), "no=way"}, "unknown option"},
        Refused{{testing_plugin("pep554_fake_plugin"), "start=null"},
                "start answered ok, and gave no runtime"},
        Refused{{testing_plugin("pep554_fake_plugin"), "start=abort"}, "crashed"},
        Refused{{testing_plugin("pep554_fake_plugin"), "start=exit"}, "exited"}));

} // namespace
} // namespace pep554::test
