// The judge on programs that were executed several times in one process.
#include "harness/engine/judge.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/engine/testing/history_builder.h"

namespace pep554 {
namespace {

using test::failed;
using test::good;
using test::HistoryBuilder;
using test::subject;
using testing::HasSubstr;

// The subject, several times: after the first each step is called again, and `held` is the memory
// that is held after the time with that number.
class Repeated {
public:
  Repeated() { subject_.program.repeat = 40; }

  CaseResult judged(Termination::Kind kind = Termination::Kind::exited, int code = 0) {
    return judge(subject_, builder_.ends(kind, code, kind == Termination::Kind::exited));
  }
  Repeated& first() {
    builder_ = good();
    return measured(1, 0);
  }
  Repeated& call_again(size_t steps) {
    for (size_t step = 0; step < steps; ++step)
      builder_.call({0, step});
    return *this;
  }
  Repeated& measured(std::int64_t repetition, std::int64_t held) {
    builder_.add_measured(repetition, held);
    return *this;
  }
  HistoryBuilder& builder() { return builder_; }

private:
  Case subject_ = subject();
  HistoryBuilder builder_;
};

TEST(JudgeRepeated, PassesWithoutGrowth) {
  Repeated repeated;
  repeated.first();
  for (int n = 2; n <= 40; ++n)
    repeated.call_again(3).measured(n, 1'000'000);
  EXPECT_EQ(repeated.judged().verdict, Verdict::pass);
}

TEST(JudgeRepeated, ReportsALeakOfAPassingProgram) {
  Repeated repeated;
  repeated.first();
  for (int n = 2; n <= 40; ++n)
    repeated.call_again(3).measured(n, n * std::int64_t{1'000'000});
  const CaseResult result = repeated.judged();
  EXPECT_EQ(result.verdict, Verdict::leak);
  EXPECT_THAT(result.reason, HasSubstr("967.3 KiB of memory leaked per repetition"));
}

TEST(JudgeRepeated, ADifferentLaterAnswerFails) {
  Repeated repeated;
  repeated.first().call_again(2);
  repeated.builder().answer({0, 1}, failed(Status::raised));
  repeated.measured(2, 0);
  const CaseResult result = repeated.judged();
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.reason, "a.destroy(): the first time: answered; later: raised RuntimeError: no");
}

// A plugin that fails says nothing about the implementation, whenever it does.
TEST(JudgeRepeated, ALaterFailureOfThePluginIsNone) {
  for (const auto& [status, verdict] : {std::pair(Status::failed, Verdict::blocked),
                                        std::pair(Status::unsupported, Verdict::unsupported)}) {
    Repeated repeated;
    repeated.first().call_again(2);
    repeated.builder().answer({0, 1}, failed(status));
    repeated.measured(2, 0);
    EXPECT_EQ(repeated.judged().verdict, verdict);
  }
}

// A slow implementation has not been shown to keep nothing.
TEST(JudgeRepeated, TooFewRepetitionsAreNoResult) {
  Repeated repeated;
  repeated.first();
  for (int n = 2; n <= 20; ++n)
    repeated.call_again(3).measured(n, n * std::int64_t{20'000'000});
  const CaseResult result = repeated.judged();
  EXPECT_EQ(result.verdict, Verdict::not_run);
  EXPECT_EQ(result.reason,
            "only 15 of 35 repetitions were measured in time: too few to see a leak");
}

TEST(JudgeRepeated, ALaterCrashIsOfTheLastCalledStep) {
  Repeated repeated;
  repeated.first().call_again(3).measured(2, 0).call_again(2);
  const CaseResult result = repeated.judged(Termination::Kind::signaled, SIGABRT);
  EXPECT_EQ(result.verdict, Verdict::crash);
  EXPECT_THAT(result.reason, HasSubstr("a.destroy() had no answer"));
}

} // namespace
} // namespace pep554
