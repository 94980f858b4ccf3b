// The judge on programs that were executed several times in one process.
#include "harness/engine/judge.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/engine/testing/story.h"

namespace pep554 {
namespace {

using test::failed;
using test::good;
using test::Story;
using test::subject;
using testing::HasSubstr;

// The subject, several times: after the first each step is called again, and `held` is the memory
// that is held after the time with that number.
class Repeated {
public:
  Repeated() { subject_.program.repeat = 40; }

  CaseResult judged(Ending::How how = Ending::How::exited, int code = 0) {
    return judge(subject_, story_.ends(how, code, how == Ending::How::exited));
  }
  Repeated& first() {
    story_ = good();
    return measured(1, 0);
  }
  Repeated& call_again(size_t steps) {
    for (size_t step = 0; step < steps; ++step)
      story_.call({0, step});
    return *this;
  }
  Repeated& measured(std::int64_t repetition, std::int64_t held) {
    story_.add_measured(repetition, held);
    return *this;
  }
  Story& story() { return story_; }

private:
  Case subject_ = subject();
  Story story_;
};

TEST(JudgeRepeated, PassesWhatHoldsNoMore) {
  Repeated repeated;
  repeated.first();
  for (int n = 2; n <= 40; ++n)
    repeated.call_again(3).measured(n, 1'000'000);
  EXPECT_EQ(repeated.judged().verdict, Verdict::pass);
}

TEST(JudgeRepeated, TellsALeakWhenAllElseIsWell) {
  Repeated repeated;
  repeated.first();
  for (int n = 2; n <= 40; ++n)
    repeated.call_again(3).measured(n, n * std::int64_t{1'000'000});
  const CaseResult result = repeated.judged();
  EXPECT_EQ(result.verdict, Verdict::leak);
  EXPECT_THAT(result.reason, HasSubstr("967.3 KiB of memory stay behind each time"));
}

TEST(JudgeRepeated, ALaterAnswerOfAnotherKindFails) {
  Repeated repeated;
  repeated.first().call_again(2);
  repeated.story().answer({0, 1}, failed(Status::raised));
  repeated.measured(2, 0);
  const CaseResult result = repeated.judged();
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.reason, "a.destroy(): the first time: answered; later: raised RuntimeError: no");
}

TEST(JudgeRepeated, ACrashInALaterTimeIsBlamedOnTheStepThatWasCalledLast) {
  Repeated repeated;
  repeated.first().call_again(3).measured(2, 0).call_again(2);
  const CaseResult result = repeated.judged(Ending::How::signaled, SIGABRT);
  EXPECT_EQ(result.verdict, Verdict::crash);
  EXPECT_THAT(result.reason, HasSubstr("a.destroy() had no answer"));
}

} // namespace
} // namespace pep554
