// The real host with plugins that misbehave: whatever a program does, the history comes home, and
// the next program runs.
#include <csignal>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "harness/host/testing/host_process.h"
#include "harness/host/testing/namespaces.h"

namespace pep554::host {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// The sanitizers have handlers and words of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool traced = false;
constexpr int most_of_a_leak = 600; // per cent of what is asked for: their allocators, their shadow
#else
constexpr bool traced = true;
constexpr int most_of_a_leak = 120;
#endif

class Host : public testing::Test {
protected:
  // The host must be as good as new after every program.
  void TearDown() override {
    const Messages after = host_.run(running({"fine"}));
    EXPECT_EQ(after.end()["how"], "exited");
    EXPECT_TRUE(after.end()["completed"]);
    EXPECT_EQ(after.end()["note"], "");
    EXPECT_EQ(after.output(1), "fine");
  }

  HostProcess host_{{testing_plugin("pep554_fake_plugin")}};
};

TEST_F(Host, runs_a_program) {
  const Messages got = host_.run(json::parse(R"({"finish": "quit", "lanes": [[
      {"op": "create", "as": "a"}, {"op": "enumerate"}, {"op": "read_id", "on": "a"},
      {"op": "is_running", "on": "a"}, {"op": "run", "on": "a", "text": "fail"},
      {"op": "destroy", "on": "a"}, {"op": "destroy", "on": "a"}, {"op": "enumerate"},
      {"op": "write_id", "on": "a", "text": "5"}, {"op": "construct", "on": "a"},
      {"op": "construct", "text": "99"}, {"op": "release", "on": "a"},
      {"op": "read_id", "on": "a"}, {"op": "eval", "text": "1"}]]})"));
  EXPECT_EQ(got.all.front()["msg"], "begin");
  EXPECT_EQ(got.answer(0, 0), json::parse(R"({"status": "ok", "ids": ["1"]})"));
  EXPECT_EQ(got.answer(0, 1)["ids"], json({"0", "1"}));
  EXPECT_EQ(got.answer(0, 2)["text"], "1");
  EXPECT_EQ(got.answer(0, 3)["truth"], false);
  EXPECT_EQ(got.answer(0, 4), json::parse(R"({"status": "raised", "raised": {
      "category": "script-failed", "type": "FakeError", "message": "it failed"}})"));
  EXPECT_EQ(got.answer(0, 5)["status"], "ok");
  EXPECT_EQ(got.answer(0, 6)["raised"]["category"], "not-found");
  EXPECT_EQ(got.answer(0, 7)["ids"], json({"0"}));
  EXPECT_EQ(got.answer(0, 8)["status"], "unsupported");
  EXPECT_EQ(got.answer(0, 9)["ids"], json({"1"}));
  EXPECT_EQ(got.answer(0, 10)["status"], "raised");
  EXPECT_EQ(got.answer(0, 11)["status"], "ok");
  EXPECT_EQ(got.answer(0, 12)["status"], "failed");
  EXPECT_EQ(got.answer(0, 13)["status"], "unsupported");
  EXPECT_EQ(got.end()["how"], "exited");
  EXPECT_EQ(got.end()["code"], 0);
  EXPECT_TRUE(got.end()["completed"]);
}

TEST_F(Host, long_ids_are_read_whole) {
  json lane = json::array();
  for (int i = 0; i < 7; ++i)
    lane.push_back({{"op", "create"}});
  const Messages got = host_.run({{"lanes", json::array({lane})}});
  EXPECT_EQ(got.answer(0, 6)["ids"][0].get<std::string>().size(), 200U);
}

TEST_F(Host, gates_synchronize_lanes) {
  const Messages got = host_.run(json::parse(R"({"lanes": [
      [{"op": "wait", "text": "b"}, {"op": "create"}, {"op": "open", "text": "a"}],
      [{"op": "create"}, {"op": "open", "text": "b"}, {"op": "open", "text": "b"},
       {"op": "wait", "text": "a"}, {"op": "wait", "text": "a"}, {"op": "enumerate"}]]})"));
  EXPECT_TRUE(got.end()["completed"]);
  EXPECT_EQ(got.answer(1, 0)["ids"], json({"1"}));
  EXPECT_EQ(got.answer(0, 1)["ids"], json({"2"}));
  EXPECT_EQ(got.answer(1, 5)["ids"], json({"0", "1", "2"}));
  const auto lanes = got.events("lane");
  ASSERT_EQ(lanes.size(), 2U);
  EXPECT_NE(lanes[0]["text"], lanes[1]["text"]);
}

TEST_F(Host, finalizes) {
  json program = running({});
  program["finish"] = "finalize";
  const Messages got = host_.run(program);
  ASSERT_EQ(got.events("finalize").size(), 1U);
  EXPECT_EQ(got.events("finalized")[0]["answer"]["raised"]["message"], "stopped");
  EXPECT_TRUE(got.end()["completed"]);
}

TEST_F(Host, crash_leaves_the_call_without_an_answer) {
  const Messages got = host_.run(running({"first", "crash", "never"}));
  EXPECT_EQ(got.end()["how"], "signaled");
  EXPECT_EQ(got.end()["code"], SIGSEGV);
  EXPECT_FALSE(got.end()["completed"]);
  EXPECT_EQ(got.events("called").size(), 3U);
  EXPECT_EQ(got.answer(0, 2), nullptr);
  EXPECT_EQ(got.output(1), "first");
}

TEST_F(Host, hang_is_killed_at_the_deadline) {
  json program = running({"hang"});
  program["deadline_ms"] = 200;
  const Messages got = host_.run(program);
  EXPECT_EQ(got.end()["how"], "deadline");
  EXPECT_EQ(got.events("called").size(), 2U);
}

TEST_F(Host, excess_output_is_killed) {
  json program = running({"flood"});
  program["output_bytes"] = 10'000;
  const Messages got = host_.run(program);
  EXPECT_EQ(got.end()["how"], "flooded");
  EXPECT_EQ(got.output(1).size(), 10'000U);
}

TEST_F(Host, early_exit_is_not_completed) {
  const Messages got = host_.run(running({"exit"}));
  EXPECT_EQ(got.output(1), ""); // not what the plugin printed before the fork
  EXPECT_EQ(got.end()["how"], "exited");
  EXPECT_EQ(got.end()["code"], 0);
  EXPECT_FALSE(got.end()["completed"]);
}

TEST_F(Host, daemon_is_killed) {
  const Messages got = host_.run(running({"sleeper"}));
  EXPECT_EQ(got.end()["how"], "exited");
  EXPECT_TRUE(got.end()["completed"]);
  EXPECT_EQ(got.end()["note"], "left 1 process behind");
}

TEST_F(Host, malformed_events_are_noted) {
  const Messages got = host_.run(running({"rubbish", "after"}));
  EXPECT_TRUE(got.end()["completed"]);
  EXPECT_EQ(got.answer(0, 2)["status"], "ok");
  EXPECT_EQ(got.end()["note"], "5 unreadable on the event channel");
}

TEST_F(Host, output_is_converted_to_utf8) {
  const Messages got = host_.run(running({"\u00e9\u20ac", std::string("a\0b", 3)}));
  EXPECT_EQ(got.output(1), std::string("\u00e9\u20ac"
                                       "a\0b",
                                       8));
}

TEST_F(Host, malformed_answers_are_read_within_bounds) {
  const Messages got = host_.run(running({"odd", "after"}));
  EXPECT_EQ(got.answer(0, 1), json({{"status", "failed"},
                                    {"raised",
                                     {{"category", "other"},
                                      {"type", std::string(128, 't')},
                                      {"message", "\uFFFD" + std::string(1023, 'm')}}}}));
  EXPECT_EQ(got.answer(0, 2)["status"], "ok");
}

TEST_F(Host, an_answer_without_a_handle_is_the_plugins_failure) {
  const Messages got = host_.run(json::parse(R"({"lanes": [[
      {"op": "construct", "text": "null", "as": "a"}, {"op": "run", "on": "a", "text": "x"}]]})"));
  EXPECT_EQ(got.answer(0, 0)["status"], "failed");
  EXPECT_EQ(got.answer(0, 0)["raised"]["message"], "the plugin answered ok, and gave no handle");
  EXPECT_EQ(got.answer(0, 1)["raised"]["message"], "no handle is named \"a\"");
}

// A program that does `word` so many times.
json repeated(const std::string& word, int times) {
  json program = running({"", word});
  program["repeat"] = times;
  return program;
}

TEST_F(Host, repetitions_report_growth) {
  const std::vector<std::pair<std::string, std::string>> leaks{
      {"leak-memory", "memory"}, {"leak-descriptor", "descriptors"}, {"leak-child", "processes"}};
  for (const auto& [word, resource] : leaks) {
    const Messages got = host_.run(repeated(word, 40));
    EXPECT_TRUE(got.end()["completed"]) << got.end();
    const std::vector<json> measured = got.events("measured");
    ASSERT_EQ(measured.size(), 41U) << word;
    const std::int64_t each = word == "leak-memory" ? 100 * 1024 : 1;
    const auto grown =
        measured.back()[resource].get<std::int64_t>() - measured[5][resource].get<std::int64_t>();
    EXPECT_GE(grown, 35 * each * 9 / 10) << word;
    EXPECT_LE(grown, 35 * each * most_of_a_leak / 100) << word;
    const std::vector<json> steps = got.events("grown");
    ASSERT_EQ(steps.size(), 3U);
    EXPECT_GE(steps[2][resource], 35 * each * 9 / 10) << word;
    EXPECT_LT(steps[1][resource], 35 * each / 2) << word;
  }
}

TEST_F(Host, repetitions_without_growth_report_none) {
  const Messages got = host_.run(repeated("fine", 40));
  const std::vector<json> measured = got.events("measured");
  ASSERT_EQ(measured.size(), 41U);
  for (const char* resource : {"descriptors", "threads", "processes", "files"})
    EXPECT_EQ(measured.back()[resource], measured[0][resource]) << resource;
  EXPECT_EQ(got.events("called").size(), 3U * 40);
  EXPECT_EQ(got.events("returned").size(), 3U);
  EXPECT_EQ(got.events("lane").size(), 1U);
}

TEST_F(Host, a_different_repetition_is_reported_and_the_last) {
  // The interpreter that is created in the second repetition is another one: number 1 is dead.
  const Messages got = host_.run(json::parse(R"({"repeat": 5, "lanes": [[
      {"op": "create", "as": "a"}, {"op": "construct", "text": "1", "as": "b"},
      {"op": "destroy", "on": "b"}]]})"));
  EXPECT_EQ(got.events("measured").size(), 3U);
  EXPECT_EQ(got.events("returned").size(), 4U);
  EXPECT_EQ(got.events("returned").back()["answer"]["raised"]["category"], "not-found");
}

TEST_F(Host, repetitions_stop_before_the_deadline) {
  json program = repeated("fine", 100'000'000);
  program["deadline_ms"] = 400;
  const Messages got = host_.run(program);
  EXPECT_EQ(got.end()["how"], "exited");
  EXPECT_TRUE(got.end()["completed"]);
}

TEST_F(Host, crash_has_a_trace) {
  const Messages got = host_.run(running({"crash"}));
  EXPECT_EQ(got.trace().find("pep554_fake_plugin.so") != std::string::npos, traced) << got.trace();
}

TEST_F(Host, hang_has_a_trace_and_idle_time) {
  json program = running({"hang"});
  program["deadline_ms"] = 600;
  const Messages idle = host_.run(program);
  EXPECT_EQ(idle.end()["how"], "deadline");
  EXPECT_GE(idle.end()["idle_us"], 300'000);
  EXPECT_LE(idle.end()["cpu_us"], 300'000);
  program["lanes"][0][1]["text"] = "busy";
  const Messages busy = host_.run(program);
  EXPECT_EQ(busy.end()["how"], "deadline");
  EXPECT_LE(busy.end()["idle_us"], 300'000);
  EXPECT_GE(busy.end()["cpu_us"], 300'000);
  EXPECT_EQ(busy.trace().find("pep554_fake_plugin.so") != std::string::npos, traced);
}

TEST_F(Host, process_that_stopped_itself_ends_at_the_deadline) {
  json program = running({"stop"});
  program["deadline_ms"] = 300;
  EXPECT_EQ(host_.run(program).end()["how"], "deadline");
}

TEST_F(Host, fresh_process_starts_its_own_runtime) {
  const Messages got = host_.run(running({"one"}), true);
  EXPECT_TRUE(got.end()["completed"]) << got.end();
  // What the plugin prints while it starts is not the program's.
  EXPECT_EQ(got.output(1), "one");
}

TEST_F(Host, temporary_files_are_counted_and_removed) {
  const Messages got = host_.run(running({"leave-file"}));
  EXPECT_EQ(got.end()["files"], ::geteuid() == 0 ? 2 : 1) << got.end();
  EXPECT_TRUE(std::filesystem::is_empty(host_.hello()["temporary"].get<std::string>()));
}

// The memory of POSIX, and System V's memory, semaphores and queue.
TEST_F(Host, shared_memory_is_its_own_and_counted_and_removed) {
  if (!test::may_have_own_shared_memory())
    GTEST_SKIP() << "the kernel refuses namespaces to this user";
  for (int i = 0; i < 2; ++i) { // what the first left would be the second's too
    const Messages got = host_.run(running({"leave-shared-memory"}));
    EXPECT_EQ(got.end()["files"], 4) << got.end();
    EXPECT_FALSE(std::filesystem::exists("/dev/shm/pep554-fake-plugin"));
  }
}

TEST_F(Host, limits_are_held) {
  json program = running({"become-many"});
  program["processes"] = 50;
  const Messages many = host_.run(program);
  EXPECT_EQ(many.end()["how"], "flooded");
  EXPECT_EQ(many.end()["limit"], "processes");
  EXPECT_GT(many.end()["processes"], 50);
  const Messages network = host_.run(running({"internet"}));
  EXPECT_EQ(network.answer(0, 1)["raised"]["message"], "Permission denied");
}

TEST_F(Host, a_deadlock_ends_the_program) {
  json program = json::parse(R"({"deadline_ms": 60000, "lanes": [
      [{"op": "eval"}], [{"op": "wait", "text": "g"}]]})");
  program["lanes"][0][0]["text"] = "$open('g')";
  const Messages got = host_.run(program);
  EXPECT_EQ(got.answer(0, 0)["status"], "unsupported");
  EXPECT_TRUE(got.answer(1, 0).is_null());
  EXPECT_EQ(got.end()["how"], "exited");
  EXPECT_FALSE(got.end()["completed"]);
}

TEST_F(Host, an_invalid_program_is_not_run) {
  for (const char* program : {R"({})", R"({"lanes": [[{"op": "dance"}]]})",
                              R"({"lanes": [[{"op": "run", "text": "x"}]]})",
                              R"({"lanes": [], "finish": "never"})", R"([])"}) {
    const Messages got = host_.run(json::parse(program));
    EXPECT_EQ(got.all.size(), 1U);
    EXPECT_EQ(got.end()["how"], "not_run");
    EXPECT_THAT(got.end()["note"].get<std::string>(), HasSubstr("not a program: "));
  }
}

TEST(HostAlone, lanes_need_threads) {
  HostProcess host({testing_plugin("pep554_fake_single_plugin")});
  const Messages got =
      host.run(json::parse(R"({"lanes": [[{"op": "wait", "text": "a"}], [{"op": "create"}]]})"));
  EXPECT_EQ(got.answer(0, 0)["status"], "unsupported");
  EXPECT_EQ(got.answer(1, 0)["status"], "unsupported");
  EXPECT_FALSE(got.end()["completed"]);
}

} // namespace
} // namespace pep554::host
