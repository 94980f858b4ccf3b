// The proving ground: each hostile plugin costs the case that it spoils, with the verdict and the
// operation that hostile_rows.cpp names; no other case, no result, no process, no file. The
// environment variable PEP554_HOSTILE_REPEATS says how often each is run, 1 without it.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "harness/host/testing/namespaces.h"
#include "harness/tests/command.h"
#include "harness/tests/hostile_rows.h"

namespace pep554::test {

void PrintTo(const HostileRow& row, std::ostream* out) {
  *out << row.name;
}

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

const fs::path ground = fs::path(PEP554_SOURCE_DIR) / "harness/tests/hostile";

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif
constexpr std::string_view left_by_sanitizer = "exit status 1";

// Of leave_shared_memory.
constexpr key_t system_v_key = 0x7e9554;

int repeats() {
  const char* text = std::getenv("PEP554_HOSTILE_REPEATS");
  return text == nullptr ? 1 : std::max(1, std::atoi(text));
}

// A case that hangs is given up soon, one that takes all memory has little, one that leaks is
// repeated; all others have all that a busy machine needs.
std::string limited(std::string table, const HostileRow& row, const std::vector<Blame>& blames) {
  for (const Blame& blame : blames) {
    const std::string line = "name = \"" + std::string(blame.name) + "\"\n";
    std::string limits;
    if (blame.how.find("deadline") != std::string_view::npos)
      limits += "deadline_ms = 700\n";
    if (row.needs_some(Needs::memory_limit))
      limits += "memory_bytes = 300_000_000\n";
    if (row.needs_some(Needs::repetitions))
      limits += "repeat = 64\n";
    table.replace(table.find(line), line.size(), line + limits);
  }
  return table;
}

std::vector<std::string> names_in(const std::string& table) {
  std::vector<std::string> names;
  const std::string start = "\nname = \"";
  for (size_t at = table.find(start); at != std::string::npos; at = table.find(start, at)) {
    at += start.size();
    names.push_back(table.substr(at, table.find('"', at) - at));
  }
  return names;
}

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    names.push_back(entry.path().filename());
  return names;
}

// A sanitizer's runtime catches signals, and leaves with a status of its own. So does the address
// sanitizer when pthread_exit unwinds the stack: it takes what is left of the frames for an error.
void expect_blame(const Blame& blame, const nlohmann::json& one,
                  std::string_view last_stderr_line) {
  const std::string reason = one.value("reason", "");
  EXPECT_EQ(one.at("verdict"), to_string(blame.verdict)) << blame.name << ": " << reason;
  EXPECT_THAT(reason, HasSubstr(std::string(blame.operation)));
  const bool caught = sanitized && (blame.how.find("SIG") != std::string_view::npos ||
                                    reason.ends_with(left_by_sanitizer));
  if (!caught) {
    EXPECT_THAT(reason, HasSubstr(std::string(blame.how)));
  }
  if (!sanitized) {
    EXPECT_THAT(one.value("output_tail", ""), HasSubstr(std::string(last_stderr_line)));
  }
}

// Also what passed may have something to say: that it went otherwise where it was forked.
bool passes(const Blame& blame) {
  return blame.verdict == Verdict::pass;
}

void expect_results(const Finished& finished, const nlohmann::json& document,
                    const std::vector<std::string>& names, std::span<const Blame> blames,
                    const std::string& prefix, std::string_view last_stderr_line = {}) {
  EXPECT_EQ(finished.code, std::ranges::all_of(blames, passes) ? 0 : 1) << finished.err;
  std::map<std::string, nlohmann::json> found;
  for (const auto& one : document.at("cases"))
    found[one.at("id").get<std::string>()] = one;
  EXPECT_EQ(document.at("cases").size(), names.size());
  for (const std::string& name : names) {
    const nlohmann::json& one = found[prefix + name];
    ASSERT_TRUE(one.is_object()) << name << " has no result";
    const auto blame = std::ranges::find(blames, name, &Blame::name);
    if (blame != blames.end()) {
      expect_blame(*blame, one, last_stderr_line);
      continue;
    }
    EXPECT_EQ(one.at("verdict"), "pass") << name << ": " << one.value("reason", "");
  }
}

class HostilePlugin : public testing::TestWithParam<HostileRow> {
protected:
  void run_once() {
    const fs::path folder = fresh_folder();
    const std::string table = read_file(ground / "programs/programs.toml");
    const std::vector<std::string> names = names_in(table);
    const std::vector<Blame> blames = blames_of(GetParam(), names);
    fs::create_directories(folder / "cases");
    fs::create_directories(folder / "temporary");
    std::ofstream(folder / "cases/programs.toml") << limited(table, GetParam(), blames);
    ::setenv("TMPDIR", (folder / "temporary").c_str(), 1);
    std::vector<std::string> words{"run",      "--quiet",
                                   "--jobs",   "2",
                                   "--cases",  (folder / "cases").string(),
                                   "--target", target(folder),
                                   "--out",    (folder / "report").string()};
    if (GetParam().refusal.find("no `hello` within") != std::string_view::npos)
      words.insert(words.end(), {"--startup-timeout", "2"});
    const Finished finished = pep554(words);
    EXPECT_THAT(finished.left, IsEmpty());
    EXPECT_THAT(files_in(folder / "temporary"), IsEmpty());
    EXPECT_FALSE(fs::exists("/dev/shm/pep554-hostile"));
    EXPECT_LT(::shmget(system_v_key, 0, 0), 0) << "a segment of System V was left";
    if (GetParam().refusal.empty())
      expect_results(finished, results(folder / "report"), names, blames, "programs.",
                     GetParam().last_stderr_line);
    else
      expect_refusal(finished);
  }

private:
  static std::string target(const fs::path& folder) {
    const std::string name(GetParam().name);
    return "plugin:" PEP554_BUILD_DIR "/lib/hostile/" + name +
           ".so,state=" + (folder / "state").string();
  }

  static void expect_refusal(const Finished& finished) {
    EXPECT_EQ(finished.code, 3) << finished.out;
    EXPECT_THAT(finished.err, HasSubstr("did not start: "));
    if (!sanitized) {
      EXPECT_THAT(finished.err, HasSubstr(std::string(GetParam().refusal)));
    }
    EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
  }
};

TEST_P(HostilePlugin, AffectsOnlyItsOwnCases) {
  if (sanitized && GetParam().needs_some(Needs::memory_limit))
    GTEST_SKIP() << "a sanitizer's shadow memory alone is larger than any limit";
  if (GetParam().needs_some(Needs::own_shared_memory) && !may_have_own_shared_memory())
    GTEST_SKIP() << "the kernel refuses namespaces to this user";
  for (int i = 0; i < repeats() && !HasFailure(); ++i)
    run_once();
}

std::string test_name(const testing::TestParamInfo<HostileRow>& info) {
  return std::string(info.param.name);
}

TEST(HostileCode, AffectsOnlyItsOwnCase) {
  const std::vector<std::string> names = names_in(read_file(ground / "python/python.toml"));
  for (int i = 0; i < repeats() && !testing::Test::HasFailure(); ++i) {
    const fs::path folder = fresh_folder();
    const Finished finished = pep554({"run", "--quiet", "--jobs", "2", "--cases",
                                      (ground / "python").string(), "--out", folder.string()});
    EXPECT_THAT(finished.left, IsEmpty());
    expect_results(finished, results(folder), names, hostile_code(), "python.");
  }
}

// What the plugin's file says of itself in its first lines.
std::string described(const std::string& name) {
  std::istringstream file(read_file(ground / "plugins" / (name + ".c")));
  std::string text;
  for (std::string line; std::getline(file, line) && line.starts_with("//");)
    text += line.substr(2);
  return text;
}

std::string escaped(std::string_view text) {
  return text.empty() ? "" : "`" + std::string(text) + "`";
}

// Rows of the table in the README.
std::string lines_of(const HostileRow& row) {
  const std::string start =
      "| `" + std::string(row.name) + "` |" + described(row.name.data()) + " |";
  if (!row.refusal.empty())
    return start + " no target | | " + escaped(row.refusal) + " |\n";
  if (row.blamed.empty())
    return start + " pass | | |\n";
  std::string lines;
  for (const Blame& blame : row.blamed) {
    const bool own = blame.operation == Blame::by_its_case;
    const std::string_view operation = own ? operation_of(blame.name) : blame.operation;
    lines += start + " " + std::string(to_string(blame.verdict)) + " | " + std::string(blame.name) +
             " | " + escaped(operation) + (operation.empty() || blame.how.empty() ? "" : ", ") +
             escaped(blame.how) + " |\n";
  }
  return lines;
}

std::string table_of(std::span<const HostileRow> rows) {
  std::string table = "| plugin | what it does | verdict | case | the reason names |\n"
                      "|---|---|---|---|---|\n";
  for (const HostileRow& row : rows)
    table += lines_of(row);
  return table;
}

TEST(HostileReadme, ShowsTheRows) {
  const std::string readme = read_file(ground / "README.md");
  EXPECT_THAT(readme, HasSubstr(table_of(hostile_plugins())));
}

TEST(HostilePlugins, AllHaveARow) {
  std::set<std::string> rows;
  for (const HostileRow& row : hostile_plugins())
    rows.emplace(row.name);
  std::set<std::string> files;
  for (const auto& entry : fs::directory_iterator(ground / "plugins"))
    if (entry.path().extension() == ".c")
      files.insert(entry.path().stem());
  EXPECT_EQ(rows, files);
}

INSTANTIATE_TEST_SUITE_P(All, HostilePlugin,
                         testing::ValuesIn(hostile_plugins().begin(), hostile_plugins().end()),
                         test_name);

} // namespace
} // namespace pep554::test
