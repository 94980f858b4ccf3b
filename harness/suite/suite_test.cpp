// libpep554-suite.so, in a process that has its own children and its own use of signals.
#include <array>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/isolation/process_tree.h"
#include "harness/suite/pep554_suite.h"

namespace pep554 {
namespace {

using testing::HasSubstr;

struct Close {
  void operator()(pep554_suite_t* suite) const { pep554_suite_close(suite); }
};
using Opened = std::unique_ptr<pep554_suite_t, Close>;

pep554_suite_options_t options(const char* filter, const char* target = nullptr) {
  pep554_suite_options_t given{};
  given.size = sizeof given;
  given.filter = filter;
  given.target = target;
  return given;
}

Opened open(const pep554_suite_options_t& given) {
  std::array<char, 500> error{};
  Opened suite(pep554_suite_open(&given, error.data(), error.size()));
  EXPECT_TRUE(suite) << error.data();
  return suite;
}

std::string refusal(const pep554_suite_options_t* given, size_t room = 500) {
  std::vector<char> error(room + 1, '!');
  EXPECT_FALSE(Opened(pep554_suite_open(given, error.data(), room)));
  EXPECT_EQ(error.back(), '!');
  return error.data();
}

std::set<pid_t> children() {
  const auto all = children_of(::getpid());
  return {all.begin(), all.end()};
}

TEST(Suite, HasEveryCaseWithItsSentenceAndPlace) {
  auto given = options(nullptr);
  const Opened cases = open(given);
  given.examples = 1;
  const Opened all = open(given);
  EXPECT_GT(pep554_suite_count(cases.get()), 150U);
  EXPECT_GT(pep554_suite_count(all.get()), pep554_suite_count(cases.get()) + 25);
  for (size_t i = 0; i < pep554_suite_count(all.get()); ++i) {
    const pep554_suite_item_t& item = *pep554_suite_item(all.get(), i);
    const std::string name = std::strrchr(item.id, '.') + 1;
    std::ifstream file(item.file);
    std::string line;
    for (uint32_t at = 0; at < item.line; ++at)
      std::getline(file, line);
    EXPECT_THAT(line, testing::StartsWith("[[")) << item.id << ' ' << item.file << ':' << item.line;
    std::getline(file, line);
    EXPECT_EQ(line, "name = \"" + name + "\"") << item.file << ':' << item.line;
    EXPECT_STRNE(item.title, "");
    EXPECT_STRNE(item.clauses, "");
  }
}

TEST(Suite, RefusesWrongOptionsInOneLine) {
  EXPECT_THAT(refusal(nullptr), HasSubstr("without its size"));
  auto given = options(nullptr);
  given.size = 0;
  EXPECT_THAT(refusal(&given), HasSubstr("without its size"));
  given = options(nullptr, "toy.so");
  EXPECT_THAT(refusal(&given),
              HasSubstr("unknown target \"toy.so\" (did you mean plugin:toy.so?)"));
  EXPECT_EQ(refusal(&given, 8), "unknown");
  EXPECT_EQ(pep554_suite_open(&given, nullptr, 0), nullptr);
  given = options("destroy.twise");
  EXPECT_THAT(refusal(&given),
              HasSubstr("no case and no property matches \"destroy.twise\" (did you "
                        "mean destroy.twice?)"));
  given = options("cas=destroy.twice");
  EXPECT_THAT(refusal(&given), HasSubstr("did you mean case?"));
}

// The caller was compiled with a header that had only the first two fields.
TEST(Suite, TakesTheOptionsOfAnOlderCaller) {
  auto given = options("case=destroy.twice", "reference");
  given.size = offsetof(pep554_suite_options_t, filter);
  given.examples = 1;
  EXPECT_GT(pep554_suite_count(open(given).get()), 150U); // without the filter
}

TEST(Suite, JudgesAndLeavesNothing) {
  const auto before = children();
  const Opened suite = open(options("case=destroy.*"));
  for (size_t i = 0; i < pep554_suite_count(suite.get()); ++i) {
    const pep554_suite_result_t& result = *pep554_suite_run(suite.get(), i);
    EXPECT_EQ(result.outcome, PEP554_SUITE_PASSED)
        << pep554_suite_item(suite.get(), i)->id << result.verdict << result.details;
  }
  EXPECT_EQ(children().size(), before.size() + 1); // one host for all cases
  pep554_suite_end_hosts(suite.get());
  EXPECT_EQ(children(), before);
}

TEST(Suite, JudgesAProperty) {
  auto given = options("property.ids-differ");
  given.examples = 60;
  given.seed = 7;
  const Opened suite = open(given);
  ASSERT_EQ(pep554_suite_count(suite.get()), 1U);
  const pep554_suite_result_t& result = *pep554_suite_run(suite.get(), 0);
  EXPECT_STREQ(result.verdict, "pass");
  EXPECT_THAT(result.details, HasSubstr("Replay: pep554 run --seed 7 --examples 60 "
                                        "--filter case=property.ids-differ "));
}

TEST(Suite, ATargetThatDoesNotStartFailsEachItemWithTheReason) {
  const Opened suite = open(options("case=destroy.*", "plugin:/nowhere/mine.so"));
  for (const size_t item : {0U, 1U}) {
    const pep554_suite_result_t& result = *pep554_suite_run(suite.get(), item);
    EXPECT_EQ(result.outcome, PEP554_SUITE_FAILED);
    EXPECT_STREQ(result.verdict, "not-run");
    EXPECT_THAT(result.reason, HasSubstr("/nowhere/mine.so"));
  }
}

TEST(Suite, WhatIsNotSupportedIsSkipped) {
  const Opened suite =
      open(options("case=create.on-another-thread",
                   "plugin:" PEP554_BUILD_DIR "/lib/testing/pep554_fake_single_plugin.so"));
  const pep554_suite_result_t& result = *pep554_suite_run(suite.get(), 0);
  EXPECT_EQ(result.outcome, PEP554_SUITE_SKIPPED);
  EXPECT_STREQ(result.verdict, "unsupported");
}

// The write to its pipe is a signal that ends a process by default. What was sent to it is lost,
// and tried again on another.
TEST(Suite, AHostThatWasKilledCostsOneItem) {
  const auto before = children();
  ASSERT_NE(std::signal(SIGPIPE, SIG_DFL), SIG_ERR);
  const Opened suite = open(options("case=destroy.never-used"));
  EXPECT_STREQ(pep554_suite_run(suite.get(), 0)->verdict, "pass");
  for (const pid_t one : descendants_of(::getpid()))
    ::kill(one, SIGKILL); // the end of one may have been that of another
  while (descendants_of(::getpid()).size() > before.size() + 1) { // the jail, as a zombie
  }
  EXPECT_STREQ(pep554_suite_run(suite.get(), 0)->verdict, "flaky");
  EXPECT_STREQ(pep554_suite_run(suite.get(), 0)->verdict, "pass");
  sigset_t blocked;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  EXPECT_EQ(::sigismember(&blocked, SIGPIPE), 0);
  sigset_t pending;
  ::sigpending(&pending);
  EXPECT_EQ(::sigismember(&pending, SIGPIPE), 0);
}

TEST(Suite, ChildrenOfTheCallerStayItsOwn) {
  const Opened suite = open(options("case=destroy.never-used"));
  pep554_suite_run(suite.get(), 0);
  pid_t child = -1;
  std::array<char*, 3> words{const_cast<char*>("sleep"), const_cast<char*>("1000"), nullptr};
  ASSERT_EQ(::posix_spawnp(&child, words[0], nullptr, nullptr, words.data(), environ), 0);
  pep554_suite_run(suite.get(), 0);
  pep554_suite_end_hosts(suite.get());
  EXPECT_EQ(::waitpid(child, nullptr, WNOHANG), 0); // it is there, and was not waited for
  ::kill(child, SIGKILL);
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
}

} // namespace
} // namespace pep554
