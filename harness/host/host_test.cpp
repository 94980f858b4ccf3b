// Checks of pep554-host alone: plugins that answer oddly or have no threads, native traces,
// programs that cannot end. protocol_test.py checks the rules of the protocol, on both hosts.
#include "harness/host/testing/hosts.h"

#include <gtest/gtest.h>

namespace pep554::test {
namespace {

// The sanitizers have handlers and words of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool traced = false;
#else
constexpr bool traced = true;
#endif

// A program of one lane for the fake plugin: get_main, then the words run there.
Program running(const std::vector<std::string>& words) {
  Program program;
  program.lanes = {{{Op::get_main, "", "m", ""}}};
  for (const std::string& word : words)
    program.lanes[0].push_back({Op::run, "m", "", word});
  return program;
}

class Host : public testing::Test {
protected:
  void SetUp() override { ASSERT_NE(host_, nullptr); }

  // The host must be as good as new after every program.
  void TearDown() override {
    const History after = run(running({"fine"}));
    EXPECT_EQ(after.termination.kind, Termination::Kind::exited);
    EXPECT_TRUE(after.termination.completed);
    EXPECT_EQ(after.termination.note, "");
    EXPECT_EQ(after.out, "fine");
  }

  History run(const Program& program, StartMode mode = StartMode::fork) {
    return run_on(*host_, program, mode);
  }

  std::unique_ptr<HostProcess> host_ = start_host({testing_plugin("pep554_fake_plugin")});
};

TEST_F(Host, long_ids_are_read_whole) {
  Program program;
  program.lanes = {std::vector<Step>(7, {Op::create, "", "", ""})};
  EXPECT_EQ(answer(run(program), 6).ids.at(0).size(), 200U);
}

TEST_F(Host, what_a_plugin_prints_while_it_starts_is_not_the_programs) {
  for (const StartMode mode : {StartMode::fork, StartMode::spawn}) {
    const History got = run(running({"one", "exit"}), mode);
    EXPECT_EQ(got.out, "one");
    EXPECT_EQ(got.termination.kind, Termination::Kind::exited);
    EXPECT_FALSE(got.termination.completed);
  }
}

TEST_F(Host, malformed_answers_are_read_within_bounds) {
  const History got = run(running({"odd", "after"}));
  EXPECT_EQ(answer(got, 1).status, Status::failed);
  EXPECT_EQ(answer(got, 1).raised,
            (Raised{"other", std::string(128, 't'), "\uFFFD" + std::string(1023, 'm')}));
  EXPECT_EQ(answer(got, 2).status, Status::ok);
}

TEST_F(Host, an_answer_without_a_handle_is_the_plugins_failure) {
  Program program;
  program.lanes = {{{Op::construct, "", "a", "null"}, {Op::run, "a", "", "x"}}};
  const History got = run(program);
  EXPECT_EQ(answer(got, 0).status, Status::failed);
  EXPECT_EQ(answer(got, 0).raised.message, "the plugin answered ok, and gave no handle");
  EXPECT_EQ(answer(got, 1).raised.message, "no handle is named \"a\"");
}

TEST_F(Host, a_failure_to_stop_is_reported) {
  Program program = running({});
  program.finish = Finish::finalize;
  const History got = run(program);
  EXPECT_EQ(got.events.back().kind, Event::Kind::finalized);
  EXPECT_EQ(got.events.back().answer.raised.message, "stopped");
  EXPECT_TRUE(got.termination.completed);
}

TEST_F(Host, a_crash_and_a_hang_have_a_native_trace) {
  for (const auto& [word, how] :
       {std::pair{"crash", Termination::Kind::signaled}, {"busy", Termination::Kind::deadline}}) {
    Program program = running({word});
    if (how == Termination::Kind::deadline)
      program.limits.deadline = std::chrono::milliseconds(600);
    const History got = run(program);
    EXPECT_EQ(got.termination.kind, how) << word;
    EXPECT_EQ(got.trace.find("pep554_fake_plugin.so") != std::string::npos, traced) << got.trace;
  }
}

TEST_F(Host, a_deadlock_ends_the_program) {
  Program program;
  program.limits.deadline = std::chrono::minutes(1);
  program.lanes = {{{Op::eval, "", "", "$open('g')"}}, {{Op::wait, "", "", "g"}}};
  const History got = run(program);
  EXPECT_EQ(answer(got, 0).status, Status::unsupported);
  EXPECT_EQ(got.returned({1, 0}), nullptr);
  EXPECT_EQ(got.termination.kind, Termination::Kind::exited);
  EXPECT_FALSE(got.termination.completed);
}

TEST(HostAlone, lanes_need_threads) {
  const auto host = start_host({testing_plugin("pep554_fake_single_plugin")});
  ASSERT_NE(host, nullptr);
  Program program;
  program.lanes = {{{Op::wait, "", "", "a"}}, {{Op::create, "", "", ""}}};
  const History got = run_on(*host, program);
  EXPECT_EQ(answer(got, 0, 0).status, Status::unsupported);
  EXPECT_EQ(answer(got, 0, 1).status, Status::unsupported);
  EXPECT_FALSE(got.termination.completed);
}

} // namespace
} // namespace pep554::test
