#include "harness/engine/program.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace pep554 {
namespace {

TEST(Operations, AreFoundByTheirNames) {
  for (const OpInfo& operation : operations()) {
    EXPECT_EQ(&info(operation.op), &operation);
    EXPECT_EQ(find_operation(operation.name), &operation);
  }
  EXPECT_EQ(find_operation("list_all"), nullptr);
}

TEST(Render, ReadsAsPython) {
  EXPECT_EQ(render({Op::create, "", "a", ""}), "a = interpreters.create()");
  EXPECT_EQ(render({Op::enumerate, "", "", ""}), "interpreters.enumerate()");
  EXPECT_EQ(render({Op::construct, "a", "b", ""}), "b = interpreters.Interpreter(a.id)");
  EXPECT_EQ(render({Op::construct, "", "", "-1"}), "interpreters.Interpreter(-1)");
  EXPECT_EQ(render({Op::read_id, "a", "", ""}), "a.id");
  EXPECT_EQ(render({Op::write_id, "a", "", "9"}), "a.id = 9");
  EXPECT_EQ(render({Op::is_running, "a", "", ""}), "a.is_running()");
  EXPECT_EQ(render({Op::destroy, "a", "", ""}), "a.destroy()");
  EXPECT_EQ(render({Op::release, "a", "", ""}), "del a");
  EXPECT_EQ(render({Op::run, "a", "", "x = 'y'\n"}), R"(a.run("x = 'y'"))");
  EXPECT_EQ(render({Op::run, "a", "", "if x:\n  y\n"}), "a.run('if x:' + 1 line)");
  EXPECT_EQ(render({Op::eval, "", "", "\nf()\ng()"}), "exec('f()' + 1 line)");
  EXPECT_EQ(render({Op::run, "a", "", "f('\\0')"}), "a.run(r\"f('\\0')\")");
  EXPECT_EQ(render({Op::run, "a", "", "f('\"\\"}), "a.run('f(\\'\"\\\\')");
  EXPECT_EQ(render({Op::eval, "", "", "f()"}), "exec('f()')");
  EXPECT_EQ(render({Op::open, "", "", "g"}), "# open gate g");
  EXPECT_EQ(render({Op::wait, "", "", "g"}), "# wait for gate g");
}

TEST(Render, CutsLongCodeBetweenCharacters) {
  EXPECT_EQ(render({Op::run, "a", "", std::string("\x01") + "ab"}, 100), R"(a.run('\x01ab'))");
  const std::string cut = render({Op::run, "a", "", "ääääääää"}, 8);
  EXPECT_EQ(cut, "a.run('ääää...')");
}

TEST(Render, StaysOnItsLine) {
  EXPECT_EQ(render({Op::create, "", "a\nb", ""}), "a\\nb = interpreters.create()");
  EXPECT_EQ(render({Op::construct, "", "", "1\x1b"}), "interpreters.Interpreter(1\\x1b)");
}

TEST(ProgramJson, IsWhatTheHostReads) {
  Program program;
  program.lanes = {{{Op::create, "", "a", ""}, {Op::run, "a", "", "x"}}, {{Op::wait, "", "", "g"}}};
  program.finish = Finish::finalize;
  program.repeat = 3;
  program.limits = {std::chrono::milliseconds(5), 6, 7, 8, 9};
  EXPECT_EQ(to_json(program), nlohmann::json::parse(R"({
    "lanes": [[{"op": "create", "as": "a"}, {"op": "run", "on": "a", "text": "x"}],
              [{"op": "wait", "text": "g"}]],
    "finish": "finalize", "deadline_ms": 5, "output_bytes": 6, "memory_bytes": 7,
    "open_files": 8, "processes": 9, "repeat": 3})"));
}

} // namespace
} // namespace pep554
