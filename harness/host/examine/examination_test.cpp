// A plugin with one fault, the fault found: exactly that, by its id. And healthy ones, in which
// nothing is found.
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/host/examine/checks.h"
#include "harness/host/testing/host_process.h"

namespace pep554::host {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Report {
  std::map<std::string, json> checks;
  json examined;
  int code = -1;

  std::vector<std::string> of_level(const std::string& level) const {
    std::vector<std::string> ids;
    for (const auto& [id, check] : checks)
      if (check["level"] == level)
        ids.push_back(id);
    return ids;
  }
};

Report examine(std::vector<std::string> arguments, const std::string& mode = "--examine") {
  arguments.insert(arguments.begin(), mode);
  HostProcess host(arguments);
  Report report;
  for (json message = host.hello(); !message.is_null(); message = host.receive())
    message["msg"] == "check" ? report.checks[message["check"]] = message
                              : report.examined = message;
  report.code = host.wait();
  return report;
}

const std::string sick_plugin = testing_plugin("pep554_sick_plugin");

struct Fault {
  std::string name; // as sick_plugin.c knows it
  std::string check;
  std::string seen; // part of what the report says
};

void PrintTo(const Fault& fault, std::ostream* stream) {
  *stream << fault.name;
}

class OfAFault : public testing::TestWithParam<Fault> {
protected:
  // The host inherits the fault.
  void SetUp() override { ::setenv("PEP554_SICK", GetParam().name.c_str(), 1); }
  void TearDown() override { ::unsetenv("PEP554_SICK"); }
};

std::string name_of(const testing::TestParamInfo<Fault>& info) {
  std::string name = info.param.name;
  for (char& c : name)
    c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

// Faults with which nothing else can be tried, since the host would refuse the plugin.
class Refused : public OfAFault {};

TEST_P(Refused, is_reported_as_the_reason) {
  const Report report = examine({sick_plugin});
  EXPECT_THAT(report.of_level("error"), ElementsAre(GetParam().check));
  EXPECT_THAT(report.checks.at(GetParam().check)["seen"], HasSubstr(GetParam().seen));
  EXPECT_EQ(report.examined["started"], false);
  EXPECT_NE(report.examined["reason"], "");
  EXPECT_EQ(report.code, 1);
}

INSTANTIATE_TEST_SUITE_P(
    faults, Refused,
    testing::Values(
        Fault{"load-crashes", "load.opens", "dlopen: the process was ended by SIGABRT"},
        Fault{"extension-needs-runtime", "extension.before-start", "there is no runtime yet"},
        Fault{"extension-hollow", "extension.complete", "function 2 of pep554.fork/1"},
        Fault{"start-crashes", "start.answers", "start: the process was ended by SIGABRT"},
        Fault{"start-fails", "start.answers", "there is no runtime here"},
        Fault{"runtime-null", "start.runtime", "null"},
        Fault{"runtime-unwritten", "out.written", "*runtime"}),
    name_of);

class SingleFault : public OfAFault {};

TEST_P(SingleFault, is_the_only_error) {
  const Report report = examine({sick_plugin}, "--examine=1500");
  EXPECT_THAT(report.of_level("error"), ElementsAre(GetParam().check));
  const json& check = report.checks.at(GetParam().check);
  EXPECT_THAT(check["seen"], HasSubstr(GetParam().seen));
  EXPECT_NE(check["rule"], "");
  EXPECT_NE(check["advice"], "");
  EXPECT_EQ(report.examined["started"], true);
  EXPECT_EQ(report.code, 0);
}

INSTANTIATE_TEST_SUITE_P(
    table, SingleFault,
    testing::Values(Fault{"name-not-utf8", "table.texts", "name is \"caf"},
                    Fault{"version-empty", "table.texts", "version is \"\""},
                    Fault{"extension-by-prefix", "extension.unknown", "\"pep554.eval/2\""},
                    Fault{"extension-moves", "extension.same-table", "pep554.thread/1"},
                    Fault{"option-taken", "start.unknown-option", "no-such-option"},
                    Fault{"option-raises", "start.answers", "PEP554_RAISED"},
                    Fault{"reason-of-two-lines", "start.reason", "\"one line\\nanother\""},
                    Fault{"start-process", "start.processes", "child processes"},
                    Fault{"describe-fails", "describe.answers", "it is beyond words"},
                    Fault{"fact-missing", "describe.facts", "missing: version"},
                    Fault{"fact-twice", "describe.facts", "implementation comes more than once"},
                    Fault{"fact-not-utf8", "describe.texts", "\"platform\""},
                    Fault{"fact-changes", "describe.stable", "differ"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    slots, SingleFault,
    testing::Values(
        Fault{"create-crashes", "slot.survives",
              "create: the process was ended by SIGABRT; standard error: "},
        Fault{"run-hangs", "slot.returns", "run did not come back within 1500 ms"},
        Fault{"create-throws", "slot.exceptions", "create threw"},
        Fault{"status-unknown", "slot.status", "destroy answered 9"},
        Fault{"is-running-fails", "slot.answers",
              "is_running answered PEP554_FAILED: \"who knows\""},
        Fault{"record-unfilled", "error-record.filled", "left the error record as it was"},
        Fault{"record-cleared", "error-record.untouched-on-ok", "answered PEP554_OK"},
        Fault{"record-written-first", "error-record.untouched-on-ok", "get_main"},
        Fault{"record-size", "error-record.size", "to 0"},
        Fault{"category-unknown", "error-record.category", "the category 77"},
        Fault{"message-unterminated", "error-record.terminated", "message without a NUL"},
        Fault{"message-not-utf8", "error-record.text", "message is no UTF-8"},
        Fault{"message-cut", "error-record.text", "run answered PEP554_RAISED"},
        Fault{"record-overrun", "error-record.bounds", "outside of the error record"},
        Fault{"current-unwritten", "out.written", "get_current"},
        Fault{"out-on-failure", "out.only-on-ok", "construct answered PEP554_RAISED"},
        Fault{"current-null", "handle.not-null", "get_current handed out null"},
        Fault{"handle-shared", "handle.independent", "this handle was released"},
        Fault{"handle-dies", "handle.outlives", "read_id: the process was ended by SIGABRT"},
        Fault{"truth-of-two", "is_running.truth", "wrote 2"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    lent_memory, SingleFault,
    testing::Values(
        Fault{"count-cut", "enumerate.count", "counted 0 of 2"},
        Fault{"enumerate-null-at-end", "enumerate.capacity", "capacity of 2 wrote beyond"},
        Fault{"enumerate-partial", "enumerate.all-or-none", "capacity of 1 wrote handles"},
        Fault{"id-changes", "read_id.stable", "another the second time"},
        Fault{"id-length-with-nul", "read_id.text", "the id is \"0001\\x00\""},
        Fault{"id-without-nul", "read_id.text", "no NUL"},
        Fault{"id-overrun", "read_id.capacity", "wrote beyond it"},
        Fault{"id-cut", "read_id.short", "the id has 4 bytes"},
        Fault{"construct-is-main", "construct.own-id", "gave the interpreter \"0000\""},
        Fault{"id-out-of-range", "construct.unknown-id", "construct(\"987654321\")"},
        Fault{"run-needs-code", "run.empty", "size of 0"},
        Fault{"run-strlen", "run.size", "beyond the 4 bytes"},
        Fault{"run-refuses-nul", "run.nul", "PEP554_FAILED: \"NUL\""}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    extensions, SingleFault,
    testing::Values(
        Fault{"eval-lacking", "eval.works", "PEP554_UNSUPPORTED"},
        Fault{"eval-strlen", "eval.works", "beyond the size"},
        Fault{"eval-swallows", "eval.raises", "\"1/0\" answered PEP554_OK"},
        Fault{"eval-without-module", "eval.module", "\"interpreters\" answered PEP554_RAISED"},
        Fault{"eval-forgets", "eval.names", "doctor_was_here"},
        Fault{"attach-once", "thread.attach", "one thread is enough"},
        Fault{"thread-fails", "thread.slots", "get_current on an attached thread"},
        Fault{"run-not-thread-safe", "thread.together", "two threads at once"},
        Fault{"fork-child-fails", "fork.child", "create in a forked child answered PEP554_FAILED"},
        Fault{"fork-hook-crashes", "fork.child", "ended by SIGABRT in after_fork_child"},
        Fault{"fork-parent-fails", "fork.parent", "create after a fork answered"},
        Fault{"stop-fails", "stop.answers", "it goes on"},
        Fault{"exit-crashes", "stop.exit", "exit: the process was ended by SIGABRT"}),
    name_of);

// The thread sanitizer has some of its own.
#ifdef __SANITIZE_THREAD__
const std::string threads_after_start = " threads";
#else
const std::string threads_after_start = "2 threads";
#endif

class Noted : public OfAFault {};

TEST_P(Noted, is_reported_without_an_error) {
  const Report report = examine({sick_plugin});
  EXPECT_THAT(report.of_level("error"), IsEmpty());
  EXPECT_THAT(report.of_level("note"), ElementsAre(GetParam().check));
  EXPECT_THAT(report.checks.at(GetParam().check)["seen"], HasSubstr(GetParam().seen));
}

INSTANTIATE_TEST_SUITE_P(
    oddities, Noted,
    testing::Values(Fault{"thread-unclaimed", "extension.claimed", "it lacks pep554.thread/1"},
                    Fault{"start-thread", "start.threads", threads_after_start},
                    Fault{"start-output", "start.output", "\"hello\\n\""},
                    Fault{"start-signal", "start.signals", "SIGTERM (handler)"},
                    Fault{"start-directory", "start.directory", "went to /"},
                    Fault{"write-id-lacking", "slot.supported", "write_id answered"}),
    name_of);

TEST(Examination, finds_no_errors_in_a_healthy_plugin) {
  const Report report = examine({sick_plugin});
  EXPECT_EQ(report.of_level("ok").size(), checks().size()) << report.checks;
  EXPECT_EQ(report.examined["plugin"]["name"], "sick");
  EXPECT_EQ(report.examined["plugin"]["version"], "1");
  EXPECT_EQ(report.examined["started"], true);
  EXPECT_EQ(report.code, 0);
}

TEST(Examination, finds_no_errors_in_the_fake_plugin) {
  const Report report = examine({testing_plugin("pep554_fake_plugin")});
  EXPECT_THAT(report.of_level("error"), IsEmpty());
  EXPECT_THAT(report.of_level("note"),
              ElementsAre("extension.claimed", "slot.supported", "start.output"));
}

struct Unusable {
  std::string plugin;
  std::string check;
  std::string seen;
};

void PrintTo(const Unusable& unusable, std::ostream* stream) {
  *stream << unusable.plugin.substr(unusable.plugin.rfind('/') + 1) << ": " << unusable.check;
}

class OfAnUnusable : public testing::TestWithParam<Unusable> {};

TEST_P(OfAnUnusable, ends_there) {
  const Report report = examine({GetParam().plugin});
  EXPECT_THAT(report.of_level("error"), ElementsAre(GetParam().check));
  EXPECT_THAT(report.checks.at(GetParam().check)["seen"], HasSubstr(GetParam().seen));
  EXPECT_THAT(report.of_level("note"), IsEmpty());
  EXPECT_EQ(report.examined["reason"], report.checks.at(GetParam().check)["seen"]);
  EXPECT_EQ(report.code, 1);
}

INSTANTIATE_TEST_SUITE_P(
    plugins, OfAnUnusable,
    testing::Values(Unusable{"/nowhere/plugin.so", "load.file", "no such file"},
                    Unusable{"/usr", "load.file", "a directory"},
                    Unusable{PEP554_SOURCE_DIR "/README.md", "load.opens", "no ELF file"},
                    Unusable{"/bin/true", "load.opens", "/bin/true"},
                    Unusable{testing_plugin("pep554_bad_symbol"), "load.symbol", "pep554_plugin"},
                    Unusable{testing_plugin("pep554_bad_version_2"), "table.version",
                             "version is 2"},
                    Unusable{testing_plugin("pep554_bad_later_symbol"), "table.version",
                             "it exports pep554_plugin_2"},
                    Unusable{testing_plugin("pep554_bad_size"), "table.size", "size is 136"},
                    Unusable{testing_plugin("pep554_bad_slots"), "table.slots",
                             "null: start, stop, describe"}));

// The text of a file on one line, without the signs of comments.
std::string normalized_words(const std::string& file) {
  std::ifstream stream(file);
  std::string words;
  for (std::string word; stream >> word;)
    if (word != "//")
      words += (words.empty() ? "" : " ") + word;
  return words;
}

TEST(Checks, quote_the_header_verbatim) {
  const std::string header = normalized_words(PEP554_SOURCE_DIR "/harness/abi/pep554_plugin.h");
  for (const Check& check : checks())
    EXPECT_THAT(header, HasSubstr(std::string(check.rule))) << check.id;
}

TEST(Checks, are_listed_in_the_readme) {
  const std::string page = normalized_words(PEP554_SOURCE_DIR "/harness/host/examine/README.md");
  for (const Check& check : checks()) {
    const std::string row = "`" + std::string(check.id) + "` | " + std::string(check.title) + " |";
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

TEST(Checks, are_found_by_their_ids) {
  EXPECT_EQ(find_check("stop.exit")->title, "the process can exit after stop");
  EXPECT_EQ(find_check("stop.nothing"), nullptr);
}

} // namespace
} // namespace pep554::host
