// The plugin in the host, with Debian's libpython: its facts, its options, and the rules of the
// ABI. protocol_test.py checks its answers: it runs with this plugin.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/doctor/plugin_examination.h"
#include "harness/doctor/protocol_connection.h"
#include "harness/doctor/testing/faults.h"
#include "harness/host/testing/hosts.h"
#include "harness/testing/scratch_folder.h"

namespace pep554::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::UnorderedElementsAre;

const std::string adapters = PEP554_SOURCE_DIR "/harness/plugins/cpython/adapters";
const std::string debian = "libpython=libpython3.11.so.1.0";

std::vector<std::string> with(std::vector<std::string> options) {
  options.insert(options.begin(), built("lib/pep554-cpython.so"));
  return options;
}

TEST(Cpython, describes_itself_and_counts_from_0) {
  const auto host = start_host(with({debian, "adapter=xxsubinterpreters", "adapters=" + adapters}));
  ASSERT_NE(host, nullptr);
  Program program;
  program.lanes = {
      {{Op::create, "", "a", ""}, {Op::enumerate, "", "", ""}, {Op::write_id, "a", "", "5"}}};
  const History got = run_on(*host, program);
  EXPECT_THAT(answer(got, 1).ids, ElementsAre("0", "1"));
  EXPECT_EQ(answer(got, 2).status, Status::unsupported);
  EXPECT_THAT(host->hello().extensions, UnorderedElementsAre("pep554.eval/1", "pep554.fork/1",
                                                             "pep554.thread/1", "pep554.trace/1"));
  EXPECT_EQ(host->hello().fact("implementation"), "cpython");
  EXPECT_THAT(host->hello().fact("version"), StartsWith("3.11."));
  EXPECT_THAT(host->hello().fact("libpython"), HasSubstr("/libpython3.11.so.1.0"));
  EXPECT_EQ(host->hello().fact("adapter"), "xxsubinterpreters");
  EXPECT_EQ(host->hello().fact("module_file"), adapters + "/xxsubinterpreters/interpreters.py");
}

TEST(Cpython, finds_the_adapter_of_its_own_module) {
  const auto host = start_host(with({debian, "adapter=auto", "adapters=" + adapters}));
  ASSERT_NE(host, nullptr);
  EXPECT_EQ(host->hello().fact("adapter"), "xxsubinterpreters");
}

TEST(Cpython, is_refused_once_with_a_clear_line) {
  const ScratchFolder scratch;
  std::ofstream(scratch.path() / "order") << "# none fits\nx no.such.module\n";
  const std::vector<std::pair<std::vector<std::string>, std::string>> refused{
      {{}, "libpython=FILE is needed"},
      {{"libpython=/nowhere.so"}, "/nowhere.so"},
      {{"libpython=libc.so.6"}, "lacks Py_"},
      {{debian, "adapter=auto", "adapters=" + scratch.path().string()},
       "none of the modules interpreters, no.such.module"},
      // The child that looks for the adapter must say nothing itself.
      {{debian, "adapter=auto", "adapters=" + adapters, "home=/nowhere"}, "adapter=auto"},
      {{debian, "home=/nowhere"}, "the process exited while the runtime started"}};
  for (const auto& [options, reason] : refused) {
    const auto host = ProtocolConnection::start(host_with(with(options))).value();
    const auto message = host->receive(std::chrono::minutes(1));
    ASSERT_TRUE(message) << reason;
    EXPECT_EQ((*message)["msg"], "refused");
    EXPECT_THAT((*message)["reason"].get<std::string>(), HasSubstr(reason));
    EXPECT_FALSE(host->receive(std::chrono::minutes(1))) << reason;
    EXPECT_EQ(host->wait(std::chrono::minutes(1)), 1) << reason;
  }
}

TEST(Cpython, has_no_errors) {
  const std::vector<std::vector<std::string>> all{
      {debian, "adapter=xxsubinterpreters", "adapters=" + adapters},
      {debian, "path=" + built("impl")}}; // the reference
  for (const std::vector<std::string>& options : all) {
    const auto command = examining(host_with(with(options)), std::chrono::seconds(10));
    const Diagnosis diagnosis = examine_plugin(*command).value();
    EXPECT_TRUE(diagnosis.started) << diagnosis.reason;
    for (const std::string& check : of_level(diagnosis, Level::error))
      ADD_FAILURE() << options.back() << ": " << check << ": " << finding(diagnosis, check).seen;
  }
}

} // namespace
} // namespace pep554::test
