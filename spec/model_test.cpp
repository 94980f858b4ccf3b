// The oracle: what it objects to, and where it must be silent.
#include "spec/model.h"

#include <gtest/gtest.h>

namespace pep554 {
namespace {

using Kind = ModelCall::Kind;

ModelAnswer ids(std::vector<std::string> all) {
  return {false, std::move(all), std::nullopt};
}

ModelAnswer truth(bool value) {
  return {false, {}, value};
}

const ModelAnswer done{};
const ModelAnswer raised{true, {}, std::nullopt};

class ModelTest : public testing::Test {
protected:
  // One call, answered at once; the clause it violates, or "".
  std::string call(Kind kind, const std::string& id, const ModelAnswer& answer) {
    model.called(0, {kind, id, false});
    return clause(model.returned(0, answer));
  }

  static std::string clause(const std::optional<Objection>& objection) {
    return objection ? objection->clause : "";
  }

  void begin_with(const std::vector<std::string>& created) {
    ASSERT_EQ(call(Kind::get_main, "", ids({"0"})), "");
    for (const std::string& id : created)
      ASSERT_EQ(call(Kind::create, "", ids({id})), "");
  }

  Model model;
};

TEST_F(ModelTest, TracksTheList) {
  begin_with({"1", "2"});
  EXPECT_EQ(call(Kind::enumerate, "", ids({"0", "1", "2"})), "");
  EXPECT_EQ(call(Kind::enumerate, "", ids({"2", "0", "1"})), "") << "the order is open";
  EXPECT_EQ(call(Kind::enumerate, "", ids({"0", "2"})), "enumerate.all");
  EXPECT_EQ(call(Kind::enumerate, "", ids({"1", "2"})), "enumerate.all");
  EXPECT_EQ(call(Kind::enumerate, "", ids({"0", "1", "2", "7"})), "enumerate.all");
  EXPECT_EQ(call(Kind::enumerate, "", ids({"0", "1", "1", "2"})), "enumerate.once");
  EXPECT_EQ(call(Kind::enumerate, "", raised), "enumerate.all");
}

TEST_F(ModelTest, CountsMainBeforeItIsKnown) {
  EXPECT_EQ(call(Kind::enumerate, "", ids({"x"})), "");
  EXPECT_EQ(call(Kind::enumerate, "", ids({})), "enumerate.all");
}

TEST_F(ModelTest, TracksDestroyedInterpreters) {
  begin_with({"1", "2"});
  EXPECT_EQ(call(Kind::destroy, "1", done), "");
  EXPECT_EQ(call(Kind::enumerate, "", ids({"0", "2"})), "");
  EXPECT_EQ(call(Kind::enumerate, "", ids({"0", "1", "2"})), "destroy.removes");
  EXPECT_EQ(call(Kind::run, "1", done), "run.destroyed");
  EXPECT_EQ(call(Kind::run, "1", raised), "");
  EXPECT_EQ(call(Kind::is_running, "1", truth(true)), "is_running.destroyed");
  EXPECT_EQ(call(Kind::is_running, "1", truth(false)), "");
  EXPECT_EQ(call(Kind::is_running, "1", raised), "");
  EXPECT_EQ(call(Kind::destroy, "1", raised), "") << "a second destroy is open";
  EXPECT_EQ(call(Kind::destroy, "1", done), "");
}

TEST_F(ModelTest, AFailedDestroyChangesNothing) {
  begin_with({"1"});
  EXPECT_EQ(call(Kind::destroy, "1", raised), "destroy.destroys");
  EXPECT_EQ(call(Kind::enumerate, "", ids({"0", "1"})), "");
}

TEST_F(ModelTest, KnowsTheMainOneAndTheCurrentOne) {
  begin_with({"1"});
  EXPECT_EQ(call(Kind::get_current, "", ids({"0"})), "");
  EXPECT_EQ(call(Kind::get_current, "", ids({"1"})), "get_current.running");
  EXPECT_EQ(call(Kind::get_current, "", raised), "get_current.running");
}

TEST_F(ModelTest, ObjectsToAnotherMain) {
  begin_with({"1"});
  EXPECT_EQ(call(Kind::get_main, "", ids({"1"})), "get_main.main");
}

TEST_F(ModelTest, RequiresNewIds) {
  begin_with({"1"});
  EXPECT_EQ(call(Kind::create, "", ids({"1"})), "create.distinct");
  EXPECT_EQ(call(Kind::create, "", ids({"0"})), "create.distinct");
  EXPECT_EQ(call(Kind::create, "", raised), "") << "limits are open";
  EXPECT_EQ(call(Kind::create, "", ids({})), "create.initializes");
}

TEST_F(ModelTest, AllowsAnIdToComeBack) {
  begin_with({"1"});
  EXPECT_EQ(call(Kind::destroy, "1", done), "");
  EXPECT_EQ(call(Kind::create, "", ids({"1"})), "");
  EXPECT_EQ(call(Kind::enumerate, "", ids({"0", "1"})), "");
}

TEST_F(ModelTest, MatchesIdsAndObjects) {
  begin_with({"1"});
  EXPECT_EQ(call(Kind::read_id, "1", ids({"1"})), "");
  EXPECT_EQ(call(Kind::read_id, "1", ids({"2"})), "id.exists");
  EXPECT_EQ(call(Kind::construct, "1", ids({"1"})), "");
  EXPECT_EQ(call(Kind::construct, "1", ids({"0"})), "interpreter.same");
  EXPECT_EQ(call(Kind::construct, "", raised), "") << "an id of no interpreter is open";
  EXPECT_EQ(call(Kind::write_id, "1", raised), "");
  EXPECT_EQ(call(Kind::write_id, "1", done), "id.read-only");
}

TEST_F(ModelTest, KnowsThatIdleIsNotRunning) {
  begin_with({"1"});
  EXPECT_EQ(call(Kind::is_running, "1", truth(false)), "");
  EXPECT_EQ(call(Kind::is_running, "1", truth(true)), "is_running.idle");
  EXPECT_EQ(call(Kind::is_running, "1", raised), "is_running.idle");
  EXPECT_EQ(call(Kind::is_running, "0", truth(false)), "") << "a caller may be no Python code";
}

TEST_F(ModelTest, IsSilentWhileCallsOverlap) {
  begin_with({"1"});
  model.called(1, {Kind::run, "1", false});
  EXPECT_EQ(call(Kind::is_running, "1", truth(true)), "");
  EXPECT_EQ(call(Kind::is_running, "1", truth(false)), "");
  EXPECT_EQ(call(Kind::destroy, "1", raised), "");
  EXPECT_EQ(clause(model.returned(1, done)), "");
  EXPECT_EQ(call(Kind::is_running, "1", truth(true)), "is_running.idle");
}

TEST_F(ModelTest, AnOverlapCountsAlsoWhenItEndedFirst) {
  begin_with({"1"});
  model.called(0, {Kind::enumerate, "", false});
  model.called(1, {Kind::create, "", false});
  EXPECT_EQ(clause(model.returned(1, ids({"2"}))), "");
  EXPECT_EQ(clause(model.returned(0, ids({"0", "1"}))), "");
  EXPECT_EQ(call(Kind::enumerate, "", ids({"0", "1"})), "enumerate.all");
}

TEST_F(ModelTest, TwoOverlappingCreatesMustDiffer) {
  begin_with({});
  model.called(0, {Kind::create, "", false});
  model.called(1, {Kind::create, "", false});
  EXPECT_EQ(clause(model.returned(1, ids({"2"}))), "");
  EXPECT_EQ(clause(model.returned(0, ids({"2"}))), "create.distinct");
}

TEST_F(ModelTest, DoesNotLearnTheMainOneFromTheCurrentOne) {
  EXPECT_EQ(call(Kind::create, "", ids({"1"})), "");
  EXPECT_EQ(call(Kind::get_current, "", ids({"1"})), "");
  EXPECT_EQ(call(Kind::get_main, "", ids({"0"})), "");
  EXPECT_EQ(call(Kind::get_current, "", ids({"1"})), "get_current.running");
}

TEST_F(ModelTest, RequiresUntouchedInterpretersInAList) {
  begin_with({"1", "2"});
  model.called(0, {Kind::enumerate, "", false});
  model.called(1, {Kind::destroy, "2", false});
  EXPECT_EQ(clause(model.returned(0, ids({"0"}))), "enumerate.all");
}

TEST_F(ModelTest, ForgetsStateThatCodeMayChange) {
  begin_with({"1"});
  model.called(0, {Kind::run, "1", true});
  EXPECT_EQ(clause(model.returned(0, done)), "");
  EXPECT_EQ(call(Kind::enumerate, "", ids({"0", "1", "2", "3"})), "");
  EXPECT_EQ(call(Kind::enumerate, "", ids({"0"})), "");
  EXPECT_EQ(call(Kind::destroy, "1", raised), "");
}

TEST_F(ModelTest, ReleasesWithTheLastObject) {
  begin_with({"1"});
  EXPECT_EQ(call(Kind::release, "1", done), "");
  EXPECT_EQ(call(Kind::enumerate, "", ids({"0"})), "");
  EXPECT_EQ(call(Kind::enumerate, "", ids({"0", "1"})), "");
}

TEST_F(ModelTest, IsSilentOnceTheMainOneWasDestroyed) {
  begin_with({"1"});
  EXPECT_EQ(call(Kind::destroy, "0", done), "");
  EXPECT_EQ(call(Kind::enumerate, "", ids({"1"})), "");
}

TEST_F(ModelTest, IgnoresAnAnswerWithoutACall) {
  EXPECT_EQ(clause(model.returned(3, ids({"1"}))), "");
}

} // namespace
} // namespace pep554
