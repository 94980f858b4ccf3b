// The cases of cases/known are what the generator makes, so that a later run knows them again.
#include <map>

#include <gtest/gtest.h>

#include "harness/run/corpus.h"

namespace pep554 {
namespace {

using properties::Action;
using properties::Check;
using properties::Snippet;
using properties::SnippetKind;

Action with(Op op, const std::string& on, std::vector<Snippet> code = {}) {
  Action made;
  made.op = op;
  made.on = op == Op::create ? "" : on;
  made.as = op == Op::create ? on : "";
  made.code = std::move(code);
  return made;
}

std::string shape(std::vector<Action> actions, Finish finish, Check check = Check::answers) {
  properties::Property property;
  property.check = check;
  return shape_of(Example(property, {std::move(actions), finish}, {}).cases().at(0).program);
}

TEST(KnownCases, AreAsTheyAreGenerated) {
  const Action create = with(Op::create, "a");
  const Action thread = with(Op::run, "a", {{SnippetKind::lingering_thread}});
  const Snippet nested{SnippetKind::nest, 0, {{SnippetKind::lingering_thread}}};
  const auto run = [](SnippetKind kind, unsigned which) {
    return with(Op::run, "a", {Snippet{kind, which, {}}});
  };
  const std::map<std::string, std::string> shapes{
      {"destroy-with-a-thread", shape({create, thread, with(Op::destroy, "a")}, Finish::quit)},
      {"destroy-inside-with-a-thread", shape({create, with(Op::run, "a", {nested})}, Finish::quit)},
      {"release-with-a-thread", shape({create, thread, with(Op::release, "a")}, Finish::quit)},
      {"exit-with-a-thread", shape({create, thread}, Finish::finalize)},
      {"exit-with-two-threads", shape({create, thread, thread}, Finish::finalize)},
      {"exit-with-a-thread-of-main",
       shape({create, with(Op::eval, "", {{SnippetKind::lingering_thread}})}, Finish::finalize)},
      {"exit-with-its-own-object",
       shape({create, run(SnippetKind::write_id, 0)}, Finish::finalize)},
      {"exit-with-a-callback", shape({create, run(SnippetKind::at_exit, 0)}, Finish::finalize)},
      {"exception-without-words", shape({create, run(SnippetKind::raise, 2)}, Finish::quit)},
      {"create-and-destroy", shape({create}, Finish::quit, Check::leaves_nothing)}};
  Diagnostics diagnostics;
  const ClauseSet clauses = load_clauses(PEP554_SOURCE_DIR "/spec/clauses.toml", "c", diagnostics);
  const auto known = load_corpus(PEP554_SOURCE_DIR "/cases/known", clauses, diagnostics);
  EXPECT_TRUE(diagnostics.sorted().empty());
  EXPECT_EQ(known.size(), shapes.size());
  for (const KnownCase& one : known) {
    const std::string name = one.cases.front().id.substr(one.cases.front().id.find('.') + 1);
    ASSERT_TRUE(shapes.contains(name)) << name;
    EXPECT_EQ(shape_of(one.cases.front().program), shapes.at(name)) << name;
  }
}

} // namespace
} // namespace pep554
