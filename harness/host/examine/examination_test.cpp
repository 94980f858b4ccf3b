// A plugin with one fault, the fault found: exactly that, by its id. And healthy ones, in which
// nothing is found. The examination is asked as the doctor asks it.
#include <tuple>

#include "harness/doctor/conversation.h"
#include "harness/doctor/plugin_examination.h"
#include "harness/doctor/testing/faults.h"
#include "harness/host/examine/checks.h"
#include "harness/host/testing/hosts.h"

namespace pep554::test {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;
using namespace std::chrono_literals;

const std::string faulty_plugin = testing_plugin("pep554_sick_plugin");
const std::string fault_variable = "PEP554_SICK";

Diagnosis examine(const std::string& plugin, std::chrono::milliseconds deadline = 10s) {
  return examine_plugin(*examining(host_with({plugin}), deadline));
}

class PluginFault : public testing::TestWithParam<Fault> {};

TEST_P(PluginFault, is_found_alone) {
  const WithFault fault(fault_variable, GetParam().name);
  expect_found_alone(examine(faulty_plugin, GetParam().deadline), GetParam());
}

// The thread sanitizer has some of its own.
#ifdef __SANITIZE_THREAD__
const std::string threads_after_start = " threads";
#else
const std::string threads_after_start = "2 threads";
#endif

// Those that are refused are faults with which nothing else can be tried: so would the host.
const Fault faults[] = {
    {"load-crashes", "load.opens", "dlopen: the process was ended by SIGABRT", Outcome::refused},
    {"extension-needs-runtime", "extension.before-start", "there is no runtime yet",
     Outcome::refused},
    {"extension-hollow", "extension.complete", "function 2 of pep554.fork/1", Outcome::refused},
    {"start-crashes", "start.answers", "start: the process was ended by SIGABRT", Outcome::refused},
    {"start-fails", "start.answers", "there is no runtime here", Outcome::refused},
    {"runtime-null", "start.runtime", "null", Outcome::refused},
    {"runtime-unwritten", "out.written", "*runtime", Outcome::refused},
    {"name-not-utf8", "table.texts", "name is \"caf"},
    {"version-empty", "table.texts", "version is \"\""},
    {"extension-by-prefix", "extension.unknown", "\"pep554.eval/2\""},
    {"extension-moves", "extension.same-table", "pep554.thread/1"},
    {"option-taken", "start.unknown-option", "no-such-option"},
    {"option-raises", "start.answers", "PEP554_RAISED"},
    {"reason-of-two-lines", "start.reason", "\"one line\\nanother\""},
    {"start-process", "start.processes", "child processes"},
    {"describe-fails", "describe.answers", "it is beyond words"},
    {"fact-missing", "describe.facts", "missing: version"},
    {"fact-twice", "describe.facts", "implementation comes more than once"},
    {"fact-not-utf8", "describe.texts", "\"platform\""},
    {"fact-changes", "describe.stable", "differ"},
    {"create-crashes", "slot.survives", "create: the process was ended by SIGABRT; it said"},
    {"run-hangs", "slot.returns", "run did not come back within 1500 ms", Outcome::mended, 1500ms},
    {"create-throws", "slot.exceptions", "create threw"},
    {"status-unknown", "slot.status", "destroy answered 9"},
    {"is-running-fails", "slot.answers", "is_running answered PEP554_FAILED: \"who knows\""},
    {"record-unfilled", "error-record.filled", "left the error record as it was"},
    {"record-cleared", "error-record.untouched-on-ok", "answered PEP554_OK"},
    {"record-written-first", "error-record.untouched-on-ok", "get_main"},
    {"record-size", "error-record.size", "to 0"},
    {"category-unknown", "error-record.category", "the category 77"},
    {"message-unterminated", "error-record.terminated", "message without a NUL"},
    {"message-not-utf8", "error-record.text", "message is no UTF-8"},
    {"message-cut", "error-record.text", "run answered PEP554_RAISED"},
    {"record-overrun", "error-record.bounds", "outside of the error record"},
    {"current-unwritten", "out.written", "get_current"},
    {"out-on-failure", "out.only-on-ok", "construct answered PEP554_RAISED"},
    {"current-null", "handle.not-null", "get_current handed out null"},
    {"handle-shared", "handle.independent", "this handle was released"},
    {"handle-dies", "handle.outlives", "read_id: the process was ended by SIGABRT"},
    {"truth-of-two", "is_running.truth", "wrote 2"},
    {"count-cut", "enumerate.count", "counted 0 of 2"},
    {"enumerate-null-at-end", "enumerate.capacity", "capacity of 2 wrote beyond"},
    {"enumerate-partial", "enumerate.all-or-none", "capacity of 1 wrote handles"},
    {"id-changes", "read_id.stable", "another the second time"},
    {"id-length-with-nul", "read_id.text", "the id is \"0001\\x00\""},
    {"id-without-nul", "read_id.text", "no NUL"},
    {"id-overrun", "read_id.capacity", "wrote beyond it"},
    {"id-cut", "read_id.short", "the id has 4 bytes"},
    {"construct-is-main", "construct.own-id", "gave the interpreter \"0000\""},
    {"id-out-of-range", "construct.unknown-id", "construct(\"987654321\")"},
    {"run-needs-code", "run.empty", "size of 0"},
    {"run-strlen", "run.size", "beyond the 4 bytes"},
    {"run-refuses-nul", "run.nul", "PEP554_FAILED: \"NUL\""},
    {"eval-lacking", "eval.works", "PEP554_UNSUPPORTED"},
    {"eval-strlen", "eval.works", "beyond the size"},
    {"eval-swallows", "eval.raises", "\"1/0\" answered PEP554_OK"},
    {"eval-without-module", "eval.module", "\"interpreters\" answered PEP554_RAISED"},
    {"eval-forgets", "eval.names", "doctor_was_here"},
    {"attach-once", "thread.attach", "one thread is enough"},
    {"thread-fails", "thread.slots", "get_current on an attached thread"},
    {"run-not-thread-safe", "thread.together", "two threads at once"},
    {"fork-child-fails", "fork.child", "create in a forked child answered PEP554_FAILED"},
    {"fork-hook-crashes", "fork.child", "ended by SIGABRT in after_fork_child"},
    {"fork-parent-fails", "fork.parent", "create after a fork answered"},
    {"stop-fails", "stop.answers", "it goes on"},
    {"exit-crashes", "stop.exit", "exit: the process was ended by SIGABRT"},
    {"thread-unclaimed", "extension.claimed", "it lacks pep554.thread/1", Outcome::noted},
    {"start-thread", "start.threads", threads_after_start, Outcome::noted},
    {"start-output", "start.output", "\"hello\\n\"", Outcome::noted},
    {"start-signal", "start.signals", "SIGTERM (handler)", Outcome::noted},
    {"start-directory", "start.directory", "went to /", Outcome::noted},
    {"write-id-lacking", "slot.supported", "write_id answered", Outcome::noted}};

INSTANTIATE_TEST_SUITE_P(faults, PluginFault, testing::ValuesIn(faults), name_of);

TEST(Examination, finds_nothing_in_a_healthy_plugin) {
  const Diagnosis diagnosis = examine(faulty_plugin);
  EXPECT_EQ(of_level(diagnosis, Level::ok).size(), host::checks().size());
  EXPECT_EQ(diagnosis.description, "sick 1");
  EXPECT_TRUE(diagnosis.started);
}

TEST(Examination, finds_nothing_to_mend_in_the_fake_plugin) {
  const Diagnosis diagnosis = examine(testing_plugin("pep554_fake_plugin"));
  EXPECT_THAT(of_level(diagnosis, Level::mend), IsEmpty());
  EXPECT_THAT(of_level(diagnosis, Level::note),
              UnorderedElementsAre("extension.claimed", "slot.supported", "start.output"));
}

TEST(Examination, ends_with_a_status_that_says_whether_it_started) {
  const std::vector<std::tuple<std::string, std::string, int>> statuses{
      {"", faulty_plugin, 0},
      {"id-cut", faulty_plugin, 0},
      {"start-fails", faulty_plugin, 1},
      {"", "/usr", 1}};
  for (const auto& [name, plugin, status] : statuses) {
    const WithFault fault(fault_variable, name);
    std::string error;
    const auto host = Conversation::start(host_with({"--examine", plugin}), error);
    ASSERT_NE(host, nullptr) << error;
    while (host->receive(1min)) {
    }
    EXPECT_EQ(host->state(), Conversation::State::ended);
    EXPECT_EQ(host->wait(1min), status) << name << " of " << plugin;
  }
}

// Plugins that cannot be loaded; the name is that of the file.
class UnusablePlugin : public testing::TestWithParam<Fault> {};

TEST_P(UnusablePlugin, ends_there) {
  const Diagnosis diagnosis = examine(GetParam().name);
  expect_found_alone(diagnosis, GetParam());
  EXPECT_THAT(of_level(diagnosis, Level::note), IsEmpty());
  EXPECT_EQ(diagnosis.reason, finding(diagnosis, GetParam().check).seen);
}

const Fault unusable[] = {
    {"/nowhere/plugin.so", "load.file", "no such file", Outcome::refused},
    {"/usr", "load.file", "a directory", Outcome::refused},
    {PEP554_SOURCE_DIR "/README.md", "load.opens", "no ELF file", Outcome::refused},
    {"/bin/true", "load.opens", "/bin/true", Outcome::refused},
    {testing_plugin("pep554_bad_symbol"), "load.symbol", "pep554_plugin", Outcome::refused},
    {testing_plugin("pep554_bad_version_2"), "table.version", "version is 2", Outcome::refused},
    {testing_plugin("pep554_bad_later_symbol"), "table.version", "it exports pep554_plugin_2",
     Outcome::refused},
    {testing_plugin("pep554_bad_size"), "table.size", "size is 136", Outcome::refused},
    {testing_plugin("pep554_bad_slots"), "table.slots", "null: start, stop, describe",
     Outcome::refused}};

INSTANTIATE_TEST_SUITE_P(plugins, UnusablePlugin, testing::ValuesIn(unusable));

TEST(Checks, quote_the_header_to_the_letter_and_are_listed_in_the_readme) {
  expect_documented(host::checks(), "harness/abi/pep554_plugin.h",
                    "harness/host/examine/README.md");
}

TEST(Checks, are_found_by_their_ids) {
  EXPECT_EQ(host::find_check("stop.exit")->title, "the process can exit after stop");
  EXPECT_EQ(host::find_check("stop.nothing"), nullptr);
}

} // namespace
} // namespace pep554::test
