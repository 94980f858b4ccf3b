// Each fault of the faulty plugin costs the case that it spoils, with the verdict, the operation
// and the reason that its row names (harness/testing/plugins/fault.h); no other case, no result, no
// process, no file. PEP554_FAULT_REPEATS says how often each is run, 1 without it. Rows marked as
// quick are the suite Quick, all others the suite Campaign.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "harness/testing/plugins/fault.h"
#include "harness/tests/command.h"

namespace pep554::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

// Uses every slot.
const std::string harmless = R"(
clauses = ["isolation.survives", "create.distinct", "destroy.removes"]
steps = [
  { do = "get_main", as = "main" },
  { do = "get_current", expect = { same = "main" } },
  { do = "create", as = "a", expect = { differs = ["main"] } },
  { do = "construct", on = "a", as = "b", expect = { same = "a" } },
  { do = "read_id", on = "a", expect = { same = "a" } },
  { do = "write_id", on = "a", value = "7", expect = "raises" },
  { do = "is_running", on = "a", expect = { is = false } },
  { do = "run", on = "a", code = "fine", expect = "ok" },
  { do = "run", on = "a", code = "fail", expect = "raises" },
  { do = "eval", code = "fine", expect = "ok" },
  { do = "release", on = "b" },
  { do = "destroy", on = "a", expect = "ok" },
  { do = "enumerate", expect = { exactly = ["main"] } },
]
)";

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

// The key that leave_shared_memory uses.
constexpr key_t system_v_key = 0x7e9554;

std::vector<const fault*> rows(bool quick) {
  size_t count = 0;
  const fault* const* all = faulty_plugin_faults(&count);
  std::vector<const fault*> found;
  std::copy_if(all, all + count, std::back_inserter(found), [quick](const fault* row) {
    return row->severity == NOT_EXAMINED && (row->quick != 0) == quick;
  });
  return found;
}

int repeats() {
  const char* text = std::getenv("PEP554_FAULT_REPEATS");
  return text == nullptr ? 1 : std::max(1, std::atoi(text));
}

std::string text(const char* maybe) {
  return maybe == nullptr ? "" : maybe;
}

// The expected outcome of a case that does not simply pass.
struct ExpectedOutcome {
  std::string verdict, reason, operation;
};

// By case. A crash while the runtime is finalized is a break at the exit.
std::map<std::string, ExpectedOutcome> expected_outcomes(const fault& row) {
  std::map<std::string, ExpectedOutcome> expected;
  const ExpectedOutcome anywhere{text(row.verdict), text(row.reason), ""};
  if (row.verdict == nullptr || (anywhere.verdict == "pass" && anywhere.reason.empty()))
    return expected;
  for (const slot& one : faulty_slots)
    if ((row.at & one.hook) != 0) {
      ExpectedOutcome& outcome = expected[one.name] = anywhere;
      outcome.operation = row.unnamed != 0 ? "" : one.operation;
      if (one.hook == STOP && outcome.verdict == "crash")
        outcome.verdict = "broken-at-exit";
      if (one.hook == STOP && row.reason_at_stop != nullptr)
        outcome.reason = row.reason_at_stop;
    }
  if ((row.at & (ATTACH | DETACH)) != 0)
    expected["lane"] = anywhere;
  if (expected.empty()) {
    expected["aa-before"] = expected["zz-after"] = anywhere;
    for (const slot& one : faulty_slots)
      expected[one.name] = anywhere;
  }
  return expected;
}

// A hanging case has a short deadline, one that takes all memory a low limit, a leaking one is
// repeated; the others have the default limits, which suffice on a busy machine.
std::string limits_of(const fault& row, const ExpectedOutcome& outcome) {
  std::string limits;
  if (outcome.reason.find("deadline") != std::string::npos)
    limits += "deadline_ms = 700\n";
  if (row.needs == NEEDS_MEMORY_LIMIT)
    limits += "memory_bytes = 300_000_000\n";
  if (outcome.verdict == "leak")
    limits += "repeat = 64\n";
  return limits;
}

// A case for each slot, between two that must not be affected: their lines in the table, by name.
std::map<std::string, std::string> cases() {
  std::map<std::string, std::string> all{{"aa-before", harmless}, {"zz-after", harmless}};
  for (const slot& one : faulty_slots) {
    const std::string steps = text(one.before) + (*one.before != 0 ? ", " : "") +
                              "{ do = 'eval', code = 'arm " + one.name + "' }, " + one.step;
    all[one.name] =
        "clauses = ['isolation.survives'" +
        (one.clause == nullptr ? "" : ", '" + text(one.clause) + "'") + "]\n" +
        (one.hook == STOP ? "finish = 'finalize'\n" : "") +
        (one.hook == LANE ? "lanes = [[" + steps + "]]\n" : "steps = [" + steps + "]\n");
  }
  return all;
}

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    names.push_back(entry.path().filename());
  return names;
}

// A sanitizer's runtime catches signals, and leaves with a status of its own. So does the address
// sanitizer when pthread_exit unwinds the stack: it reports the remaining frames as an error.
void expect_outcome(const ExpectedOutcome& outcome, const nlohmann::json& one,
                    const std::string& stderr_tail) {
  const std::string reason = one.value("reason", "");
  EXPECT_EQ(one.at("verdict"), outcome.verdict) << one.at("id") << ": " << reason;
  EXPECT_THAT(reason, HasSubstr(outcome.operation));
  const bool caught = sanitized && (outcome.reason.find("SIG") != std::string::npos ||
                                    reason.ends_with("exited with status 1"));
  if (!caught) {
    EXPECT_THAT(reason, HasSubstr(outcome.reason));
  }
  if (!sanitized) {
    EXPECT_THAT(one.value("output_tail", ""), HasSubstr(stderr_tail));
  }
}

class FaultyPlugin : public testing::TestWithParam<const fault*> {
protected:
  // The host inherits the fault, and the folder for temporary files.
  void SetUp() override { ::setenv("PEP554_FAULT", GetParam()->name, 1); }
  void TearDown() override { ::unsetenv("PEP554_FAULT"); }

  static void run_once() {
    const fault& row = *GetParam();
    const fs::path folder = fresh_folder();
    const std::map<std::string, ExpectedOutcome> expected = expected_outcomes(row);
    fs::create_directories(folder / "cases");
    fs::create_directories(folder / "temporary");
    std::ofstream table(folder / "cases/programs.toml");
    table << "about = 'Each slot of the plugin.'\n";
    for (const auto& [name, lines] : cases()) {
      table << "[[case]]\nname = '" << name << "'\ntitle = '" << name << " misbehaves'\n";
      table << (expected.contains(name) ? limits_of(row, expected.at(name)) : "") << lines;
    }
    table.close();
    ::setenv("TMPDIR", (folder / "temporary").c_str(), 1);
    ::setenv("PEP554_WRITABLE", folder.c_str(), 1);
    const std::string target = "plugin:" PEP554_BUILD_DIR "/lib/testing/pep554_faulty_plugin.so";
    std::vector<std::string> words{
        "run",     "--quiet",        "--jobs",   "2",
        "--cases", folder / "cases", "--target", target + ",state=" + (folder / "state").string(),
        "--out",   folder / "report"};
    if (text(row.refusal).find("no `hello` within") != std::string::npos)
      words.insert(words.end(), {"--startup-timeout", "2"});
    const Finished finished = pep554(words);
    EXPECT_THAT(finished.left, IsEmpty());
    EXPECT_THAT(files_in(folder / "temporary"), IsEmpty());
    EXPECT_FALSE(fs::exists("/dev/shm/pep554-faulty"));
    EXPECT_LT(::shmget(system_v_key, 0, 0), 0) << "a segment of System V was left";
    EXPECT_TRUE(row.at == 0 || (row.at & (LOAD | GET_EXTENSION)) != 0 ||
                fs::exists(folder / "state.acted"))
        << "the fault did not act";
    if (row.refusal != nullptr)
      expect_refusal(finished, row.refusal);
    else
      expect_results(finished, results(folder / "report"), expected, text(row.stderr_tail));
  }

private:
  static void expect_refusal(const Finished& finished, const std::string& reason) {
    EXPECT_EQ(finished.code, 3) << finished.out;
    EXPECT_THAT(finished.err, HasSubstr("did not start: "));
    if (!sanitized) {
      EXPECT_THAT(finished.err, HasSubstr(reason));
    }
    EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
  }

  static void expect_results(const Finished& finished, const nlohmann::json& document,
                             const std::map<std::string, ExpectedOutcome>& expected,
                             const std::string& stderr_tail) {
    // A pass may have a reason: that it differs when forked.
    const bool passes = std::ranges::all_of(
        expected, [](const auto& outcome) { return outcome.second.verdict == "pass"; });
    EXPECT_EQ(finished.code, passes ? 0 : 1) << finished.err;
    std::map<std::string, nlohmann::json> found;
    for (const auto& one : document.at("cases"))
      found[one.at("id").get<std::string>()] = one;
    EXPECT_EQ(document.at("cases").size(), cases().size());
    for (const auto& [name, lines] : cases()) {
      const nlohmann::json& one = found["programs." + name];
      ASSERT_TRUE(one.is_object()) << name << " has no result";
      const auto outcome = expected.find(name);
      if (outcome != expected.end())
        expect_outcome(outcome->second, one, stderr_tail);
      else
        EXPECT_EQ(one.at("verdict"), "pass") << name << ": " << one.value("reason", "");
    }
  }
};

TEST_P(FaultyPlugin, AffectsOnlyItsOwnCases) {
  if (sanitized && GetParam()->needs == NEEDS_MEMORY_LIMIT)
    GTEST_SKIP() << "a sanitizer's shadow memory alone is larger than any limit";
  const auto missing = missing_isolation();
  if (GetParam()->needs == NEEDS_OWN_SHARED_MEMORY && missing.contains("mount namespace"))
    GTEST_SKIP() << "the kernel refuses namespaces to this user";
  if (GetParam()->needs == NEEDS_PID_NAMESPACE && missing.contains("pid namespace"))
    GTEST_SKIP() << "the kernel refuses namespaces to this user";
  for (int i = 0; i < repeats() && !HasFailure(); ++i)
    run_once();
}

std::string test_name(const testing::TestParamInfo<const fault*>& info) {
  return info.param->name;
}

INSTANTIATE_TEST_SUITE_P(Quick, FaultyPlugin, testing::ValuesIn(rows(true)), test_name);
INSTANTIATE_TEST_SUITE_P(Campaign, FaultyPlugin, testing::ValuesIn(rows(false)), test_name);

std::set<std::string> verdicts_of(bool quick) {
  std::set<std::string> verdicts;
  for (const fault* row : rows(quick))
    verdicts.insert(row->refusal != nullptr ? "does not start" : text(row->verdict));
  return verdicts;
}

TEST(Faults, QuickOnesHaveEveryVerdict) {
  EXPECT_EQ(verdicts_of(true).count(""), 0U) << "a row expects nothing";
  EXPECT_THAT(verdicts_of(false), testing::IsSubsetOf(verdicts_of(true)));
}

TEST(Faults, HaveNamesOfTheirOwn) {
  size_t count = 0;
  const fault* const* all = faulty_plugin_faults(&count);
  std::set<std::string> names;
  for (size_t i = 0; i < count; ++i)
    EXPECT_TRUE(names.insert(all[i]->name).second) << all[i]->name;
}

} // namespace
} // namespace pep554::test
