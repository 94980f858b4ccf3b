// Generated programs against modules with a fault each that takes a few operations in an order:
// each must be found, made small, and shown again; a module without a fault must not be accused.
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tests/command.h"

namespace pep554::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
namespace fs = std::filesystem;

const fs::path tests = fs::path(PEP554_SOURCE_DIR) / "harness/tests";

std::string over_correct(const fs::path& folder) {
  return "cpython:" PEP554_LIBPYTHON ",path=" + folder.string() +
         ",path=" + (tests / "broken/correct").string() + ",path=" PEP554_BUILD_DIR "/impl";
}

struct Planted {
  const char* fault;
  const char* kind;  // the signature that it is found by: a regular expression
  unsigned shortest; // actions of the shortest program that shows it
  const char* seed;  // one that finds it soon; any does
};

void PrintTo(const Planted& planted, std::ostream* out) {
  *out << planted.fault;
}

constexpr Planted planted_faults[] = {
    {"destroy-with-a-thread", "crash (destroy|run|eval) SIGABRT", 3, "4"}, // the stand-in
    {"alias-keeps-the-list", "fail (enumerate|run|eval)( [A-Za-z]+)?", 5, "2"},
    {"third-failure-is-swallowed", "fail (run|eval)( [A-Za-z]+)?", 4, "2"},
    {"warm-state-comes-again", "fail (run|eval)( [A-Za-z]+)?", 6, "1"},
    {"create-forgets-who-runs", "fail (is_running|run|eval)( [A-Za-z]+)?", 4, "6"},
    {"destroy-by-an-old-index", "fail (destroy|run|eval) [A-Za-z]+", 4, "1"},
    {"third-create-comes-again", "fail (create|destroy|run|eval)( [A-Za-z]+)?", 4, "1"},
    {"failed-stays-listed", "fail (enumerate|run|eval)( [A-Za-z]+)?", 5, "1"},
    {"dead-runs-in-the-newest", "fail (run|eval)( [A-Za-z]+)?", 4, "1"},
    {"two-failures-lose-the-callbacks", "fail (destroy|run|eval)( [A-Za-z]+)?", 4, "1"},
    {"main-is-the-creator", "fail (run|eval)( [A-Za-z]+)?", 3, "1"},
    {"construct-registers-again", "fail (enumerate|run|eval)( [A-Za-z]+)?", 4, "1"},
    {"failure-unlocks-the-id", "fail (write_id|run|eval)( [A-Za-z]+)?", 3, "3"},
    {"failure-on-a-thread-sticks", "fail (is_running|run|eval)( [A-Za-z]+)?", 3, "2"},
    {"create-after-two-from-the-front", "crash (create|run|eval) SIGABRT", 6, "1"},
    {"refused-writes-free-it", "crash (destroy|run|eval) SIGSEGV", 4, "3"},
    {"second-exit-ends-the-process", "crash (run|eval) status 3", 3, "1"},
    {"refused-run-keeps-a-lock", "hang (construct|run|eval)", 4, "1"},
    {"destroy-keeps-a-lock", "hang (destroy|run|eval)", 4, "1"},
    {"exit-with-a-failed-and-another", "broken-at-exit SIGABRT", 3, "2"},
    {"exit-after-a-strange-destroy", "broken-at-exit status 7", 3, "1"},
};

// Steps of a table's longest program, but those that only keep the lanes in order.
size_t actions_in(const std::string& table) {
  static const std::regex word("do = \"(\\w+)\"|\\[\\[case\\]\\]");
  size_t actions = 0;
  size_t most = 0;
  for (std::sregex_iterator one(table.begin(), table.end(), word), end; one != end; ++one) {
    const std::string op = (*one)[1];
    actions = op.empty() ? 0 : actions + (op != "open" && op != "wait" ? 1U : 0U);
    most = std::max(most, actions);
  }
  return most;
}

// Of a failure: one program, or two that are compared.
std::string table_in(const fs::path& folder) {
  const fs::path one = folder / "finding.toml";
  return read_file(fs::exists(one) ? one : folder / "pair.toml");
}

struct Look {
  const char* seed;
  const char* examples = "20000"; // at most
  const char* timeout = "10";
  const char* property = "*";
};

Finished look_in(const std::string& target, const Look& look, const fs::path& out) {
  return pep554({"properties", "-q", "--anew", "--first", "--examples", look.examples, "--seed",
                 look.seed, "--timeout", look.timeout, "--property", look.property,
                 "--shrink-seconds", "60", "--target", target, "--out", out.string()});
}

class PlantedFault : public testing::TestWithParam<Planted> {};

TEST_P(PlantedFault, IsFoundAndMadeSmall) {
  const Planted& planted = GetParam();
  const fs::path out = fresh_folder();
  Look look{planted.seed};
  if (std::string(planted.kind).starts_with("hang"))
    look.timeout = "2.5"; // which each of them takes
  const Finished finished = look_in(over_correct(tests / "planted" / planted.fault), look, out);
  EXPECT_EQ(finished.code, 1) << finished.out << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("reproduced in 5 of 5 executions"));
  EXPECT_THAT(finished.left, testing::IsEmpty());
  size_t found = 0;
  for (const auto& folder : fs::directory_iterator(out / "failures")) {
    const std::string table = table_in(folder.path());
    EXPECT_THAT(table, ContainsRegex("title = \"(" + std::string(planted.kind) + "): "));
    EXPECT_LE(actions_in(table), planted.shortest + 1) << table;
    ++found;
  }
  EXPECT_GE(found, 1U);
}

std::string test_name(const testing::TestParamInfo<Planted>& info) {
  std::string name = info.param.fault;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, PlantedFault, testing::ValuesIn(planted_faults), test_name);

TEST(PlantedFaults, AreAllInTheTable) {
  std::set<std::string> known;
  for (const Planted& planted : planted_faults)
    known.insert(planted.fault);
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(tests / "planted"))
    if (entry.is_directory())
      found.insert(entry.path().filename());
  EXPECT_EQ(found, known);
}

// The examples of this property are executed many times in one process.
TEST(PlantedFaults, ThatASecondTimeShowsAreOneProgram) {
  const fs::path out = fresh_folder();
  const Finished finished = look_in(over_correct(tests / "planted/third-create-comes-again"),
                                    {"2", "20", "10", "run-gives-back"}, out);
  EXPECT_EQ(finished.code, 1) << finished.out << finished.err;
  const std::string table = table_in(out / "failures/fail-create");
  EXPECT_THAT(table, testing::Not(HasSubstr("repeat =")));
  EXPECT_LE(actions_in(table), 5U) << table;
}

TEST(CopyWithoutAFault, IsNotAccused) {
  const fs::path out = fresh_folder();
  const Finished finished =
      look_in(over_correct(tests / "broken/nothing-is-broken"), {"1", "150"}, out);
  EXPECT_EQ(finished.code, 0) << finished.out << finished.err;
  EXPECT_FALSE(fs::exists(out / "failures"));
}

} // namespace
} // namespace pep554::test
