// Mistakes on the command line of pep554: each has exit code 2, and a message that
// says what would be right.
#include <algorithm>
#include <fstream>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "harness/tests/command.h"

namespace pep554::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

// A command's options with a value, and its arguments, as its help lists them.
struct Usage {
  std::string command;
  std::vector<std::string> options;
  std::vector<std::string> numbers; // of the options
  size_t arguments = 0;
};

std::vector<std::string> found_in(const std::string& text, const char* pattern) {
  std::vector<std::string> found;
  const std::regex line(pattern, std::regex::ECMAScript | std::regex::multiline);
  for (std::sregex_iterator at(text.begin(), text.end(), line), end; at != end; ++at)
    found.push_back((*at)[1]);
  return found;
}

std::vector<Usage> usages() {
  std::vector<Usage> all;
  const std::string help = pep554({"--help"}).out;
  for (const std::string& command :
       found_in(help.substr(help.find("Subcommands:")), "^  ([a-z]+) ")) {
    const std::string text = pep554({command, "--help"}).out;
    const size_t options = text.find("Options:");
    const size_t positionals = text.find("Positionals:");
    Usage usage{command,
                found_in(text.substr(options), "^  .*?(--[a-z-]+) (?:TEXT|INT|UINT|FLOAT)"),
                found_in(text.substr(options), "^  .*?(--[a-z-]+) (?:INT|UINT|FLOAT)"), 0};
    if (positionals != std::string::npos)
      usage.arguments =
          found_in(text.substr(positionals, options - positionals), "^  ([a-z]+) ").size();
    all.push_back(std::move(usage));
  }
  return all;
}

// A variable that is not set must not become the wish for the default.
TEST(Usage, AnEmptyValueIsAMistakeEverywhere) {
  size_t options = 0;
  size_t arguments = 0;
  const auto is_mistake = [](const std::vector<std::string>& words) {
    const Finished finished = pep554(words);
    EXPECT_EQ(finished.code, 2) << testing::PrintToString(words) << finished.err;
    EXPECT_LT(finished.err.size(), 400U) << finished.err;
  };
  for (const Usage& usage : usages()) {
    for (const std::string& option : usage.options) {
      is_mistake({usage.command, option, ""});
      is_mistake({usage.command, option + "="});
      is_mistake({usage.command, option + "=", "reference"}); // the next word is no value of it
      ++options;
    }
    if (usage.arguments > 0)
      is_mistake({usage.command, ""});
    arguments += usage.arguments;
  }
  EXPECT_GE(options, 29U);
  EXPECT_GE(arguments, 6U);
  const fs::path out = fresh_folder();
  const Finished unset =
      pep554({"run", "--filter", "id.exists", "--target", "", "--out", out.string()});
  EXPECT_THAT(unset.err, HasSubstr("--target: an empty value: leave the option out"));
  EXPECT_FALSE(fs::exists(out / "results.json"));
}

TEST(Usage, ANumberThatIsNoneIsToldItsRange) {
  size_t numbers = 0;
  for (const Usage& usage : usages())
    for (const std::string& option : usage.numbers) {
      for (const char* value :
           {"abc", "nan", "inf", "-1", "1e400", "0x7", "7 ", "99999999999999999999"}) {
        const Finished finished = pep554({usage.command, option, value});
        EXPECT_EQ(finished.code, 2) << usage.command << option << value;
        EXPECT_THAT(finished.err, AllOf(HasSubstr(option + ": \"" + value + "\" is no "),
                                        testing::ContainsRegex(" from [0-9.]+ to [0-9]+\n")));
        EXPECT_LT(finished.err.size(), 160U) << finished.err;
      }
      ++numbers;
    }
  EXPECT_GE(numbers, 14U);
}

TEST(Usage, AMistypedWordGetsTheNearest) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> mistakes{
      {{"rnu"}, "unknown command \"rnu\" (did you mean run?)"},
      {{"rnu", "--filter", "x"}, "unknown command \"rnu\" (did you mean run?)"},
      {{"--tarket", "x"}, "unknown option \"--tarket\"; see pep554 --help"},
      {{"xyzzy"}, "unknown command \"xyzzy\"; see pep554 --help"},
      {{"run", "--tagret", "reference"}, "unknown option --tagret of run (did you mean --target?)"},
      {{"run", "--tagret=reference"}, "unknown option --tagret of run (did you mean --target?)"},
      {{"--target", "reference", "run"}, "--target stands before the command: write it behind run"},
      {{"run", "reference"},
       "run takes no argument \"reference\" (did you mean --target reference?)"},
      {{"run", "toy.so"}, "(did you mean --target plugin:toy.so?)"},
      {{"run", "destroy.removes"}, "(did you mean --filter destroy.removes?)"},
      {{"properties", "ids-differ"}, "(did you mean --property ids-differ?)"},
      {{"list", "casses"}, "\"casses\" is unknown (did you mean cases?): expected one of cases, "},
      {{"script", "--adapter", "xxsubinterpreter", "id.exists"}, "did you mean xxsubinterpreters?"},
      {{"script", "destroy.twise"}, "no case \"destroy.twise\" (did you mean destroy.twice?)"},
      {{"explain", "destroy.remove"}, "\"destroy.remove\": there are destroy.removes, "},
      {{"explain", "destory.removes"}, "\"destory.removes\": there are destroy.removes, "},
      {{"doctor", "toy.so"}, "unknown target \"toy.so\" (did you mean plugin:toy.so?)"}};
  for (const auto& [words, message] : mistakes) {
    const Finished finished = pep554(words);
    EXPECT_EQ(finished.code, 2) << message;
    EXPECT_THAT(finished.err, HasSubstr(message));
  }
  EXPECT_THAT(
      pep554({"run", "--filter", "destroy.remove"}).err,
      HasSubstr(
          "no case and no property matches \"destroy.remove\" (did you mean destroy.removes?)"));
  EXPECT_THAT(pep554({"properties", "--property", "idz-differ"}).err,
              HasSubstr("no property matches \"idz-differ\" (did you mean ids-differ?)"));
}

// One line that names it, at once.
TEST(Usage, WhatIsNoFileIsNamed) {
  const fs::path out = fresh_folder();
  fs::create_directories(out / "tables" / "old.toml");
  fs::create_directories(out / "found");
  fs::create_symlink("pair.toml", out / "found" / "pair.toml");
  ASSERT_EQ(::mkfifo((out / "pipe").c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo((out / "found" / "finding.toml").c_str(), 0600), 0);
  fs::create_directories(out / "run");
  ASSERT_EQ(::mkfifo((out / "run" / "histories.jsonl").c_str(), 0600), 0);
  const std::string pipe = (out / "pipe").string();
  const std::string folder = out.string();
  struct Mistake {
    std::vector<std::string> words;
    std::string message;
    int code = 2;
  };
  const std::vector<Mistake> mistakes{
      {{"run", "--cases", (out / "tables").string()},
       "old.toml: is a folder: expected a TOML file"},
      {{"run", "--targets", folder}, folder + ": is a folder: expected a TOML file"},
      {{"run", "--targets", pipe}, pipe + ": is a pipe: expected a TOML file"},
      {{"run", "--targets", "/dev/zero"}, "/dev/zero: is a device: expected a TOML file"},
      {{"run", "--resume", (out / "run").string()}, "histories.jsonl: is a pipe"},
      {{"run", "-q", "--filter", "id.exists", "--out", (out / "run").string()},
       "histories.jsonl: it is there and is no file",
       5},
      {{"properties", "--corpus", (out / "tables").string()},
       "old.toml: is a folder: expected a table"},
      {{"replay", pipe}, pipe + ": is a pipe: expected a table of cases"},
      {{"replay", (out / "found").string()}, "finding.toml: is a pipe: expected a table of cases"},
      {{"judge", (out / "found").string()}, "finding.toml: is a pipe: expected a table of cases"},
      {{"script", "id.exists", "--history", pipe}, pipe + ": is a pipe: expected a history"},
      {{"run", "--target", "plugin:" + pipe, "--out", folder}, "it is no regular file", 3},
      {{"run", "--target", "cpython:" + pipe, "--out", folder}, "it is no regular file", 3},
      {{"doctor", "plugin:" + pipe}, "is no regular file", 3}};
  for (const Mistake& one : mistakes) {
    const Finished finished = pep554(one.words);
    EXPECT_EQ(finished.code, one.code) << one.message << finished.out;
    EXPECT_THAT(finished.err, HasSubstr(one.message));
    EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
  }
}

} // namespace
} // namespace pep554::test
