// Executions of a counterexample, by a host that answers as it was written down.
#include "harness/hunt/counterexample.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/engine/wire.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::milliseconds;

constexpr milliseconds whole{10'000};
constexpr milliseconds shorter{200};

// What came of an execution.
enum class Says { pass, busy, stuck, leaks_in_create, leaks_in_destroy };

class Executions : public testing::Test {
protected:
  Executions() {
    std::string name = fs::temp_directory_path() / "pep554-counterexample-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    property_.name = "p";
    property_.sentence = "It holds.";
  }
  ~Executions() override { fs::remove_all(folder_); }

  // What the host says, an execution after the other; it does not listen.
  void host_says(const std::vector<Says>& all) {
    std::ofstream out(folder_ / "frames", std::ios::binary);
    out << encode_frame({{"msg", "hello"},
                         {"protocol", 1},
                         {"plugin", {{"name", "p"}, {"version", "1"}}},
                         {"facts", json::array()},
                         {"extensions", json::array()}});
    for (const Says one : all)
      for (const json& message : messages(one))
        out << encode_frame(message);
  }

  static std::vector<json> messages(Says says) {
    json end{{"msg", "end"},      {"id", 1},    {"how", "exited"}, {"code", 0},
             {"completed", true}, {"us", 1000}, {"idle_us", 0}};
    if (says == Says::busy || says == Says::stuck)
      end.update({{"how", "deadline"},
                  {"completed", false},
                  {"us", 200'000},
                  {"idle_us", says == Says::stuck ? 190'000 : 0}});
    std::vector<json> all;
    if (end["how"] == "exited")
      all = answers();
    if (says == Says::leaks_in_create || says == Says::leaks_in_destroy)
      for (json& event : growth(says == Says::leaks_in_create ? 0 : 1))
        all.push_back(std::move(event));
    all.push_back(std::move(end));
    return all;
  }

  static json event(const char* kind, size_t step) {
    return {{"msg", "event"}, {"id", 1}, {"e", kind}, {"lane", 0}, {"step", step}, {"us", 1}};
  }

  // Of create and destroy.
  static std::vector<json> answers() {
    std::vector<json> all;
    for (size_t step = 0; step < 2; ++step) {
      all.push_back(event("called", step));
      all.push_back(event("returned", step));
      all.back()["answer"] = {{"status", "ok"}};
      if (step == 0)
        all.back()["answer"]["ids"] = {"1"};
    }
    return all;
  }

  static std::vector<json> growth(size_t culprit) {
    constexpr std::int64_t each = 1 << 20;
    std::vector<json> all;
    for (int n = 0; n <= 40; ++n) {
      all.push_back(event("measured", 0));
      all.back().update({{"repetition", n}, {"memory", n * each}});
    }
    all.push_back(event("grown", culprit));
    all.back()["memory"] = 40 * each;
    return all;
  }

  Counterexample found(const std::string& signature, properties::Check check) {
    property_.check = check;
    Counterexample one;
    one.signature = signature;
    one.property = &property_;
    one.check = check;
    one.deadline = shorter;
    one.scenario.actions.resize(2);
    one.scenario.actions[0].op = Op::create;
    one.scenario.actions[0].as = "a";
    one.scenario.actions[1].op = Op::destroy;
    one.scenario.actions[1].on = "a";
    return one;
  }

  // No time is left to make it smaller.
  void work_on(Counterexample& one, bool shrink) {
    Scheduler scheduler(
        {{"sh", "-c", "cat \"$0\"; cat >/dev/null", (folder_ / "frames").string()}});
    std::string error;
    ASSERT_TRUE(scheduler.start(error)) << error;
    Minimizer minimizer(scheduler, clauses_, baseline_, whole, Minimizer::Clock::now());
    if (shrink)
      minimizer.shrink(one);
    minimizer.confirm(one);
  }

  fs::path folder_;
  properties::Property property_;
  std::vector<std::string> clauses_;
  Baseline baseline_;
};

TEST_F(Executions, AHangThatLastsIsBelievedWithShorterDeadlines) {
  host_says({Says::busy, Says::busy, Says::pass, Says::busy, Says::stuck});
  Counterexample one = found("hang", properties::Check::answers);
  work_on(one, false);
  EXPECT_EQ(one.shown, 4U);
  EXPECT_EQ(one.tries, 5U);
  EXPECT_EQ(one.limit, whole);
  EXPECT_NE(one.result.reason.find("deadline of 10000 ms"), std::string::npos);
}

TEST_F(Executions, WhatIsOnlySlowIsNoHang) {
  host_says({Says::pass, Says::busy, Says::busy, Says::busy, Says::busy});
  Counterexample one = found("hang", properties::Check::answers);
  work_on(one, false);
  EXPECT_EQ(one.shown, 0U);
}

TEST_F(Executions, WhatIsStuckNowAndThenIsAHangOfTheDeadlineThatItHad) {
  host_says({Says::pass, Says::stuck, Says::busy, Says::pass, Says::stuck});
  Counterexample one = found("hang", properties::Check::answers);
  work_on(one, false);
  EXPECT_EQ(one.shown, 2U);
  EXPECT_EQ(one.limit, shorter);
  EXPECT_NE(one.result.reason.find("deadline of 200 ms"), std::string::npos);
}

TEST_F(Executions, ALeakThatIsAnothersEachTimeIsNobodys) {
  constexpr auto create = Says::leaks_in_create;
  constexpr auto destroy = Says::leaks_in_destroy;
  const std::vector<Says> alone(2, Says::pass); // as one program, and closed
  std::vector<Says> all = alone;
  for (const Says one : {create, destroy, create, create, destroy, // as it was found
                         create, destroy, create, destroy, destroy})
    all.push_back(one);
  host_says(all);
  Counterexample one = found("leak memory create", properties::Check::leaves_nothing);
  one.result.verdict = Verdict::leak;
  work_on(one, true);
  EXPECT_EQ(one.signature, "leak memory");
  EXPECT_EQ(one.shown, 5U);
}

TEST_F(Executions, ALeakThatIsOnesEachTimeIsThatOnes) {
  std::vector<Says> all(2, Says::pass);
  all.resize(2 + 2 + 5, Says::leaks_in_create);
  host_says(all);
  Counterexample one = found("leak memory", properties::Check::leaves_nothing);
  one.result.verdict = Verdict::leak;
  work_on(one, true);
  EXPECT_EQ(one.signature, "leak memory create");
  EXPECT_EQ(one.shown, 5U);
}

// What was never seen again is told as it was seen.
TEST_F(Executions, TheLastThatShowedItIsKept) {
  host_says({Says::stuck, Says::pass, Says::pass, Says::pass, Says::pass, Says::pass, Says::pass,
             Says::pass, Says::pass, Says::pass});
  Counterexample one = found("hang", properties::Check::answers);
  work_on(one, true);
  EXPECT_EQ(one.shown, 0U);
  EXPECT_EQ(one.tries, 5U);
  EXPECT_EQ(one.seen, 2U);
  ASSERT_EQ(one.histories.size(), 1U);
  EXPECT_EQ(one.histories[0].ending.how, Ending::How::deadline);
  EXPECT_EQ(one.result.verdict, Verdict::hang);
}

} // namespace
} // namespace pep554
