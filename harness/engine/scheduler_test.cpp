// A run that is stopped: the hosts are shells that send `hello` and then never answer.
#include <array>
#include <stop_token>
#include <thread>

#include <gtest/gtest.h>

#include "harness/engine/scheduler.h"

namespace pep554 {
namespace {

constexpr const char* hello_message =
    R"({"msg":"hello","protocol":1,"plugin":{"name":"p","version":"1"},"facts":[],"extensions":[]})";

TEST(Scheduler, StopsInTheMiddleOfAProgramThatNeverEnds) {
  Scheduler scheduler({{"sh", "-c",
                        "printf \"\\\\0\\\\0\\\\0\\\\$(printf %o ${#0})\"; printf %s \"$0\"; "
                        "cat >/dev/null",
                        hello_message},
                       3});
  std::stop_source stop;
  ASSERT_TRUE(scheduler.start(stop.get_token()));
  const std::array<Program, 5> programs{};
  std::vector<const Program*> all;
  all.reserve(programs.size());
  for (const Program& program : programs)
    all.push_back(&program);
  std::jthread stopper([&] { stop.request_stop(); });
  size_t done = 0;
  scheduler.run(all, [&](size_t, const History&) { ++done; });
  EXPECT_EQ(done, 0U);
}

TEST(Scheduler, StopsWhileTheTargetStarts) {
  Scheduler scheduler({{"sh", "-c", "cat >/dev/null"}, 1});
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_EQ(scheduler.start(stop.get_token()).error().message, "stopped");
}

} // namespace
} // namespace pep554
