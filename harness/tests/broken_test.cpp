// The suite against modules with one fault each: every fault must be caught, by the clause that it
// violates, and a module without a fault must not be accused.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/engine/verdict.h"
#include "harness/tests/command.h"

namespace pep554::test {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

const fs::path copies = fs::path(PEP554_SOURCE_DIR) / "harness/tests/broken";

std::string target(const std::string& copy) {
  return "cpython:" PEP554_LIBPYTHON ",path=" + (copies / copy).string() +
         ",path=" + (copies / "correct").string() + ",path=" PEP554_BUILD_DIR "/impl";
}

struct Broken {
  const char* copy;
  const char* clause;
};

void PrintTo(const Broken& broken, std::ostream* out) {
  *out << broken.copy;
}

constexpr Broken all[] = {
    {"create-reuses", "create.distinct"},
    {"create-switches", "create.current-unchanged"},
    {"deletable-id", "id.no-delete"},
    {"destroy-does-nothing", "destroy.removes"},
    {"destroy-takes-all", "destroy.others"},
    {"enumerate-of-ids", "enumerate.elements"},
    {"enumerate-shares-its-list", "enumerate.fresh"},
    {"enumerate-twice", "enumerate.once"},
    {"enumerate-without-current", "enumerate.current"},
    {"enumerate-without-main", "enumerate.main"},
    {"get-current-is-main", "get_current.inside"},
    {"get-main-is-current", "get_main.same-everywhere"},
    {"interpreter-makes-new", "interpreter.same"},
    {"is-running-is-false", "is_running.busy"},
    {"is-running-is-true", "is_running.idle"},
    {"run-cuts-at-nul", "run.whole-text"},
    {"run-destroys-after-failure", "run.failure-contained"},
    {"run-hides-failures", "run.failure-known"},
    {"run-in-main", "run.code"},
    {"run-in-new-thread", "run.os-thread"},
    {"run-obeys-exit", "run.exit-contained"},
    {"run-returns-early", "run.waits"},
    {"writable-id", "id.read-only"},
};

class BrokenCopy : public testing::TestWithParam<Broken> {};

TEST_P(BrokenCopy, IsCaughtByItsClause) {
  const Broken& broken = GetParam();
  const fs::path out = fresh_folder();
  const Finished finished = pep554(
      {"run", "--quiet", "--timeout", "5", "--target", target(broken.copy), "--out", out.string()});
  EXPECT_EQ(finished.code, 1) << finished.err;
  const auto found = verdict_from(verdict(results(out), "clauses", broken.clause));
  ASSERT_TRUE(found) << broken.clause;
  EXPECT_TRUE(is_failure(*found)) << broken.clause << ": " << to_string(*found);
  const std::string page = read_file(out / "index.html");
  EXPECT_THAT(page, HasSubstr("not conformant"));
  EXPECT_THAT(page, HasSubstr(broken.clause));
}

std::string test_name(const testing::TestParamInfo<Broken>& info) {
  std::string name = info.param.copy;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, BrokenCopy, testing::ValuesIn(all), test_name);

TEST(BrokenCopies, AreAllInTheTable) {
  std::set<std::string> known{"correct", "nothing-is-broken"};
  for (const Broken& broken : all)
    known.insert(broken.copy);
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(copies))
    if (entry.is_directory())
      found.insert(entry.path().filename());
  EXPECT_EQ(found, known);
}

TEST(CorrectCopy, IsNotAccused) {
  const fs::path out = fresh_folder();
  const Finished finished =
      pep554({"run", "--quiet", "--target", target("nothing-is-broken"), "--out", out.string()});
  EXPECT_EQ(finished.code, 0) << finished.out << finished.err;
}

} // namespace
} // namespace pep554::test
