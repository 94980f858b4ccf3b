// Code that crashes, hangs, floods, leaves early or kills its supervisor costs its own case alone.
#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tests/command.h"

namespace pep554::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::string tables = PEP554_SOURCE_DIR "/harness/tests/faulty/";

class FaultyCode : public testing::TestWithParam<const char*> {};

TEST_P(FaultyCode, CostsItsOwnCaseAlone) {
  const auto out = fresh_folder();
  const Finished finished = pep554(
      {"run", "--quiet", "--jobs", GetParam(), "--cases", tables + "code", "--out", out.string()});
  EXPECT_EQ(finished.code, 1) << finished.err;
  EXPECT_THAT(finished.left, IsEmpty());
  const nlohmann::json document = results(out);
  const std::map<std::string, std::string> expected{
      {"aa-before", "pass"}, {"abort", "crash"},    {"daemon", "pass"},
      {"endless", "hang"},   {"flood", "flood"},    {"endless-on-two-threads", "hang"},
      {"leave", "crash"},    {"segfault", "crash"}, {"kill-the-host", "crash"},
      {"zz-after", "pass"}};
  EXPECT_EQ(document.at("cases").size(), expected.size());
  for (const auto& [name, wanted] : expected)
    EXPECT_EQ(verdict(document, "cases", "code." + name), wanted) << name;
}

INSTANTIATE_TEST_SUITE_P(Jobs, FaultyCode, testing::Values("1", "3"));

TEST(FaultyCase, IsBlamedWithItsCallAndItsLastWords) {
  const auto out = fresh_folder();
  pep554({"run", "--quiet", "--cases", tables + "code", "--filter", "code.abort", "--out",
          out.string()});
  const nlohmann::json one = results(out).at("cases").at(0);
  EXPECT_THAT(one.at("reason"), HasSubstr("a.run("));
  EXPECT_THAT(one.at("reason"), HasSubstr("SIGABRT"));
  EXPECT_THAT(one.at("output_tail"), HasSubstr("last words"));
}

// What only Python can do: the verdict, and what the reason says. A sanitizer's runtime, which the
// host then has, catches signals.
struct Blame {
  std::string verdict, reason, operation;
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

TEST(FaultyPython, CostsItsOwnCaseAlone) {
  const std::string deadline = "still under way at the deadline";
  const std::map<std::string, Blame> blames{
      {"abort-at-exit", {"broken-at-exit", "SIGABRT", "could not be finalized"}},
      {"call-a-null-pointer", {"crash", "SIGSEGV", "exec('import ctypes"}},
      {"close-every-descriptor", {"crash", "exit status 1", "a.run('import os"}},
      {"endless-thread", {"broken-at-exit", deadline, "could not be finalized"}},
      {"exit-in-a-finalizer", {"broken-at-exit", "left before the runtime was finalized", ""}},
      {"loop-with-the-lock", {"hang", deadline, "a.run('while True: pass')"}},
      {"loop-without-the-lock", {"hang", deadline, "a.run('import time"}},
      {"recurse-in-c", {"crash", "SIGSEGV", "exec('import sys"}},
      {"sleep-with-the-lock", {"hang", deadline, "exec('import ctypes"}},
  };
  const auto out = fresh_folder();
  const Finished finished = pep554(
      {"run", "--quiet", "--jobs", "2", "--cases", tables + "python", "--out", out.string()});
  EXPECT_EQ(finished.code, 1) << finished.err;
  EXPECT_THAT(finished.left, IsEmpty());
  const nlohmann::json cases = results(out).at("cases");
  EXPECT_EQ(cases.size(), 13U);
  size_t blamed = 0;
  for (const nlohmann::json& one : cases) {
    const std::string name = one.at("id").get<std::string>().substr(std::string("python.").size());
    const std::string reason = one.value("reason", "");
    const auto blame = blames.find(name);
    if (blame == blames.end()) {
      EXPECT_EQ(one.at("verdict"), "pass") << name << ": " << reason;
      continue;
    }
    ++blamed;
    EXPECT_EQ(one.at("verdict"), blame->second.verdict) << name << ": " << reason;
    EXPECT_THAT(reason, HasSubstr(blame->second.operation));
    if (!sanitized || (blame->second.reason.find("SIG") == std::string::npos &&
                       !reason.ends_with("exit status 1"))) {
      EXPECT_THAT(reason, HasSubstr(blame->second.reason));
    }
  }
  EXPECT_EQ(blamed, blames.size());
}

} // namespace
} // namespace pep554::test
