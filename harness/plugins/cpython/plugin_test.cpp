// The plugin through the real host, with Debian's libpython and the adapter.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/host/testing/host_process.h"
#include "harness/testing/scratch_folder.h"

namespace pep554::host {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string adapters = PEP554_SOURCE_DIR "/harness/plugins/cpython/adapters";

std::vector<std::string> with(std::vector<std::string> options) {
  options.insert(options.begin(), built("lib/pep554-cpython.so"));
  return options;
}

class Cpython : public testing::Test {
protected:
  // A program of one lane.
  Messages run(const char* steps, const char* finish = "quit") {
    return host_.run({{"lanes", json::array({json::parse(steps)})}, {"finish", finish}});
  }

  std::string fact(const std::string& key) const {
    for (const json& pair : host_.hello()["facts"])
      if (pair[0] == key)
        return pair[1];
    return "(none)";
  }

  HostProcess host_{with(
      {"libpython=libpython3.11.so.1.0", "adapter=xxsubinterpreters", "adapters=" + adapters})};
};

TEST_F(Cpython, describes_itself) {
  EXPECT_EQ(fact("implementation"), "cpython");
  EXPECT_THAT(fact("version"), testing::StartsWith("3.11."));
  EXPECT_THAT(fact("libpython"), HasSubstr("/libpython3.11.so.1.0"));
  EXPECT_EQ(fact("adapter"), "xxsubinterpreters");
  EXPECT_EQ(fact("site"), "off");
  EXPECT_EQ(fact("hash_seed"), "0");
  EXPECT_EQ(fact("module_file"), adapters + "/xxsubinterpreters/interpreters.py");
}

TEST_F(Cpython, has_the_operations) {
  const Messages got = run(R"J([
      {"op": "create", "as": "a"}, {"op": "enumerate"}, {"op": "get_main"}, {"op": "get_current"},
      {"op": "read_id", "on": "a"}, {"op": "is_running", "on": "a"},
      {"op": "construct", "on": "a", "as": "b"}, {"op": "run", "on": "b", "text": "x = 1"},
      {"op": "run", "on": "a", "text": "$emit(x + 41)"}, {"op": "write_id", "on": "a", "text": "5"},
      {"op": "destroy", "on": "a"}, {"op": "enumerate"}, {"op": "release", "on": "a"}])J");
  EXPECT_EQ(got.answer(0, 1)["ids"], json({"0", "1"}));
  EXPECT_EQ(got.answer(0, 2)["ids"], json({"0"}));
  EXPECT_EQ(got.answer(0, 3)["ids"], json({"0"}));
  EXPECT_EQ(got.answer(0, 4)["text"], "1");
  EXPECT_EQ(got.answer(0, 5)["truth"], false);
  EXPECT_EQ(got.answer(0, 6)["ids"], json({"1"}));
  EXPECT_THAT(got.emitted(), ElementsAre("42"));
  EXPECT_EQ(got.answer(0, 9)["status"], "unsupported");
  EXPECT_EQ(got.answer(0, 10)["status"], "ok");
  EXPECT_EQ(got.answer(0, 11)["ids"], json({"0"}));
  EXPECT_TRUE(got.end()["completed"]);
}

TEST_F(Cpython, names_the_category_of_an_error) {
  const Messages got = run(R"J([
      {"op": "create", "as": "a"}, {"op": "run", "on": "a", "text": "1/0"},
      {"op": "run", "on": "a", "text": "raise SystemExit"},
      {"op": "construct", "text": "77", "as": "x"}, {"op": "run", "on": "x", "text": ""},
      {"op": "get_main", "as": "m"}, {"op": "run", "on": "m", "text": ""},
      {"op": "run", "on": "a", "text": "x\u0000"}, {"op": "construct", "text": "x", "as": "y"},
      {"op": "destroy", "on": "y"}, {"op": "eval", "text": "raise SystemExit(3)"},
      {"op": "eval", "text": "class E(Exception):\n def __str__(s): 1/0\nraise E"},
      {"op": "eval", "text": "raise NotImplementedError('n')"}])J");
  const auto category = [&](size_t step) { return got.answer(0, step)["raised"]["category"]; };
  EXPECT_EQ(category(1), "script-failed");
  EXPECT_EQ(got.answer(0, 1)["raised"]["type"], "RunFailedError");
  EXPECT_EQ(category(2), "script-failed");
  EXPECT_EQ(category(4), "not-found");
  EXPECT_EQ(category(6), "busy");
  EXPECT_EQ(category(7), "bad-argument");
  EXPECT_EQ(category(9), "bad-argument");
  EXPECT_EQ(got.answer(0, 10)["raised"]["type"], "SystemExit");
  EXPECT_EQ(got.answer(0, 11)["raised"]["type"], "E");
  EXPECT_EQ(category(12), "unsupported");
  EXPECT_TRUE(got.end()["completed"]);
}

TEST_F(Cpython, missing_names_are_unsupported) {
  const Messages got = run(R"J([
      {"op": "eval", "text": "del interpreters.create, interpreters.Interpreter.destroy"},
      {"op": "create"}, {"op": "get_main", "as": "m"}, {"op": "destroy", "on": "m"},
      {"op": "eval", "text": "def get_current(): raise AttributeError('mine')\ninterpreters.get_current = get_current"},
      {"op": "get_current"}])J");
  EXPECT_EQ(got.answer(0, 1)["status"], "unsupported");
  EXPECT_EQ(got.answer(0, 3)["status"], "unsupported");
  EXPECT_EQ(got.answer(0, 5)["status"], "raised");
}

TEST_F(Cpython, a_value_that_is_no_interpreter_is_a_wrong_answer) {
  const Messages got = run(R"J([
      {"op": "eval", "text": "interpreters.create = lambda: None\ninterpreters.enumerate = lambda: [1]\nclass Odd: run = 1\ninterpreters.get_main = Odd"},
      {"op": "create", "as": "a"}, {"op": "run", "on": "a", "text": "1"}, {"op": "enumerate"},
      {"op": "get_main", "as": "m"}, {"op": "destroy", "on": "m"}])J");
  for (const size_t step : {1, 2, 3})
    EXPECT_EQ(got.answer(0, step)["raised"]["type"], "AttributeError") << step;
  for (const size_t step : {4, 5}) // incomplete, but meant for one
    EXPECT_EQ(got.answer(0, step)["status"], "unsupported") << step;
}

TEST_F(Cpython, evaluates_in_one_namespace_per_program) {
  const Messages got = run(R"J([
      {"op": "eval", "text": "n = len(interpreters.enumerate())"}, {"op": "eval", "text": "$emit(n)"}])J");
  EXPECT_THAT(got.emitted(), ElementsAre("1"));
  EXPECT_EQ(run(R"J([{"op": "eval", "text": "n"}])J").answer(0, 0)["raised"]["type"], "NameError");
}

TEST_F(Cpython, emits_from_code_within_code) {
  const Messages got = run(R"J([{"op": "create", "as": "a"}, {"op": "run", "on": "a", "text":
      "import interpreters\nb = interpreters.create()\nb.run('exec(\"$emit(1+1)\")')\n$emit('\\udc80' + chr(233) * 2000)"}])J");
  ASSERT_EQ(got.emitted().size(), 2U) << got.answer(0, 1);
  EXPECT_EQ(got.emitted()[0], "2");
  EXPECT_EQ(got.emitted()[1].size(), 6U + 2U * 1499U);
}

TEST_F(Cpython, subinterpreters_have_the_path_and_no_site) {
  const Messages got = run(R"J([{"op": "create", "as": "a"}, {"op": "run", "on": "a", "text":
      "import sys, interpreters\n$emit('site' in sys.modules)\n$emit(interpreters.get_current().id)"}])J");
  EXPECT_THAT(got.emitted(), ElementsAre("False", "1"));
}

TEST_F(Cpython, lanes_run_on_threads_of_their_own) {
  const Messages got = host_.run(json::parse(R"J({"lanes": [
      [{"op": "create", "as": "a"}, {"op": "open", "text": "made"}, {"op": "wait", "text": "in"},
       {"op": "is_running", "on": "a"}, {"op": "run", "on": "a", "text": "pass"},
       {"op": "open", "text": "asked"}],
      [{"op": "wait", "text": "made"}, {"op": "run", "on": "a", "text":
        "import threading\n$emit(threading.get_native_id())\n$open('in')\n$wait('asked')"}]]
})J"));
  EXPECT_TRUE(got.end()["completed"]);
  EXPECT_EQ(got.answer(0, 3)["truth"], true);
  EXPECT_EQ(got.answer(0, 4)["raised"]["category"], "busy");
  const auto lanes = got.events("lane");
  ASSERT_EQ(lanes.size(), 2U);
  const json& second = lanes[0]["lane"] == 1 ? lanes[0] : lanes[1];
  EXPECT_THAT(got.emitted(), ElementsAre(second["text"].get<std::string>()));
}

TEST_F(Cpython, finalizes_as_a_program_would) {
  const Messages got =
      run(R"J([{"op": "create", "as": "a"}, {"op": "construct", "on": "a", "as": "b"},
      {"op": "eval", "text": "c = interpreters.create()"}])J",
          "finalize");
  ASSERT_EQ(got.events("finalized").size(), 1U) << got.output(2);
  EXPECT_EQ(got.events("finalized")[0]["answer"]["status"], "ok");
  EXPECT_EQ(got.end()["how"], "exited");
}

struct Refused {
  std::vector<std::string> options;
  std::string reason;
};

void PrintTo(const Refused& refused, std::ostream* stream) {
  *stream << refused.reason;
}

class CpythonRefuses : public testing::TestWithParam<Refused> {};

TEST_P(CpythonRefuses, with_a_clear_line) {
  HostProcess host(with(GetParam().options));
  EXPECT_EQ(host.hello()["msg"], "refused");
  EXPECT_THAT(host.hello()["reason"].get<std::string>(), HasSubstr(GetParam().reason));
  EXPECT_EQ(host.wait(), 1);
}

const std::string debian = "libpython=libpython3.11.so.1.0";

INSTANTIATE_TEST_SUITE_P(
    options, CpythonRefuses,
    testing::Values(
        Refused{{}, "libpython=FILE is needed"}, Refused{{"libpython=/nowhere.so"}, "/nowhere.so"},
        Refused{{"libpython=libc.so.6"}, "lacks Py_"}, Refused{{debian, "colour=red"}, "colour"},
        Refused{{debian, "site=maybe"}, "site"}, Refused{{debian, "adapter=x"}, "adapters=DIR"},
        Refused{{debian, "adapter=x", "adapters=/nowhere"}, "/nowhere/x/interpreters.py"},
        Refused{{debian, "adapter=auto", "adapters=/nowhere"}, "cannot read /nowhere/order"},
        Refused{{debian, "path=/nowhere"}, "ModuleNotFoundError: No module named 'interpreters'"}));

TEST(CpythonStart, uses_the_first_adapter_with_a_module) {
  HostProcess host(with({debian, "adapter=auto", "adapters=" + adapters}));
  ASSERT_EQ(host.hello()["msg"], "hello") << host.hello();
  EXPECT_THAT(host.hello()["facts"],
              testing::Contains(json::array({"adapter", "xxsubinterpreters"})));
}

TEST(CpythonStart, uses_no_adapter_for_the_module_itself) {
  HostProcess host(with(
      {debian, "adapter=auto", "adapters=" + adapters, "path=" + adapters + "/xxsubinterpreters"}));
  ASSERT_EQ(host.hello()["msg"], "hello") << host.hello();
  EXPECT_THAT(host.hello()["facts"], testing::Contains(json::array({"adapter", ""})));
}

TEST(CpythonStart, output_of_the_import_is_not_the_programs) {
  const test::ScratchFolder scratch;
  const std::filesystem::path& folder = scratch.path();
  std::ofstream(folder / "interpreters.py") << "print('imported')\n";
  HostProcess host(with({debian, "path=" + folder.string()}));
  ASSERT_EQ(host.hello()["msg"], "hello") << host.hello();
  const Messages got = host.run({{"lanes", json::array({json::array()})}, {"finish", "finalize"}});
  EXPECT_EQ(got.output(1), "");
}

TEST(CpythonStart, reports_when_no_module_is_found) {
  const test::ScratchFolder scratch;
  const std::filesystem::path& folder = scratch.path();
  std::ofstream(folder / "order") << "# none fits\nx no.such.module\n";
  HostProcess host(with({debian, "adapter=auto", "adapters=" + folder.string()}));
  EXPECT_EQ(host.hello()["msg"], "refused");
  EXPECT_THAT(host.hello()["reason"].get<std::string>(),
              HasSubstr("none of the modules interpreters, no.such.module"));
}

TEST(CpythonStart, a_python_that_cannot_start_is_refused_once) {
  HostProcess host(with({debian, "adapter=auto", "adapters=" + adapters, "home=/nowhere"}));
  EXPECT_EQ(host.hello()["msg"], "refused");
  EXPECT_THAT(host.hello()["reason"].get<std::string>(), HasSubstr("adapter=auto"));
  EXPECT_TRUE(host.receive().is_null()) << "the child that looked has said something, too";
}

TEST(CpythonStart, a_home_without_a_library_is_refused) {
  HostProcess host(with({debian, "home=/nowhere"}));
  EXPECT_EQ(host.hello()["msg"], "refused");
}

// The errors of the plugin with these options, each with its observation.
std::vector<std::string> errors_of(std::vector<std::string> options) {
  options = with(std::move(options));
  options.insert(options.begin(), "--examine");
  HostProcess host(options);
  std::vector<std::string> found;
  json message = host.hello();
  for (; message["msg"] == "check"; message = host.receive())
    if (message["level"] == "error")
      found.push_back(message["check"].get<std::string>() + ": " +
                      message["seen"].get<std::string>());
  EXPECT_EQ(message["started"], true) << message;
  return found;
}

TEST(CpythonExamined, has_no_errors) {
  EXPECT_THAT(errors_of({debian, "adapter=xxsubinterpreters", "adapters=" + adapters}),
              testing::IsEmpty());
}

TEST(CpythonExamined, has_no_errors_with_the_reference) {
  EXPECT_THAT(errors_of({debian, "path=" + built("impl")}), testing::IsEmpty());
}

} // namespace
} // namespace pep554::host
