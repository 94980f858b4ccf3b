// Hosts of others: no text of theirs acts on a terminal, whatever is printed of it; and no fault of
// theirs is a verdict about the implementation.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tests/command.h"
#include "spec/readable.h"

namespace pep554::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
namespace fs = std::filesystem;

const std::string target = "host:" PEP554_TEST_PYTHON ",-B,-S," PEP554_SOURCE_DIR
                           "/harness/doctor/testing/foreign_host.py";

// The program, against a host that does what FOREIGN says.
Finished with(const std::string& foreign, std::vector<std::string> words) {
  ::setenv("FOREIGN", foreign.c_str(), 1);
  ::setenv("PEP554_ENV", "FOREIGN:FOREIGN_PID", 1);
  Finished finished = pep554(std::move(words));
  ::unsetenv("FOREIGN");
  EXPECT_THAT(finished.left, IsEmpty());
  return finished;
}

// Nothing on either stream but lines that can be seen.
void expect_harmless(const Finished& finished) {
  for (const std::string& stream : {finished.out, finished.err}) {
    EXPECT_EQ(readable(stream), stream);
    EXPECT_THAT(stream, Not(HasSubstr("\t")));
  }
}

// And the text of the host is there.
void expect_shown(const std::string& stream) {
  EXPECT_THAT(stream,
              HasSubstr("\\x1b]0;owned\\x07\\x1b[31m\\x0d\\n\\t\\x00\\x7f<U+009B>31m<U+202E>"
                        "<U+2066><U+200B><U+FEFF><U+2028>\uFFFD"));
}

TEST(Terminal, ShowsARunAsItIs) {
  const fs::path out = fresh_folder();
  const Finished finished =
      with("", {"run", "--target", target, "--filter", "create.*", "--out", out.string()});
  EXPECT_EQ(finished.code, 1);
  expect_harmless(finished);
  expect_shown(finished.out); // "judged: ..."
  expect_shown(finished.err); // the lines of the cases
}

TEST(Terminal, ShowsWhyATargetDoesNotStart) {
  const fs::path out = fresh_folder();
  for (const std::string how : {"refuses", "silent"})
    for (const std::string command : {"run", "properties"}) {
      const Finished finished = with(how, {command, "--target", target, "--out", out.string()});
      EXPECT_EQ(finished.code, 3) << how;
      expect_harmless(finished);
      EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
      EXPECT_THAT(finished.err, HasSubstr("did not start: "));
      EXPECT_THAT(finished.err, HasSubstr("<U+009B>31m<U+202E>"));
    }
}

TEST(Terminal, ShowsWhatATargetLacks) {
  const fs::path out = fresh_folder();
  for (const std::string command : {"run", "properties"}) {
    const Finished finished = with("lacks", {command, "--target", target, "--out", out.string()});
    expect_harmless(finished);
    expect_shown(finished.out + finished.err);
  }
}

TEST(Terminal, ShowsTheFindingsOfTheDoctor) {
  for (const std::string how : {"", "refuses", "silent", "ids", "exits"}) {
    Finished finished = with(how, {"doctor", target, "--timeout", "1"});
    EXPECT_NE(finished.code, 0) << how;
    expect_harmless(finished);
    EXPECT_THAT(finished.out + finished.err, HasSubstr("<U+009B>31m<U+202E>")) << how;
    expect_harmless(with(how, {"doctor", target, "--timeout", "1", "--json"}));
  }
}

TEST(Terminal, ShowsFailuresOfGeneratedPrograms) {
  const fs::path out = fresh_folder();
  const Finished finished = with("", {"properties", "--target", target, "--examples", "3",
                                      "--first", "--shrink-seconds", "1", "--out", out.string()});
  EXPECT_EQ(finished.code, 1) << finished.err;
  expect_harmless(finished);
  expect_shown(finished.out);
  size_t failures = 0;
  for (const auto& folder : fs::directory_iterator(out / "failures")) {
    ++failures;
    const Finished replayed = with("", {"replay", folder.path(), "--target", target});
    EXPECT_EQ(replayed.code, 1) << replayed.err;
    expect_harmless(replayed);
    expect_shown(replayed.out);
    const Finished judged = with("", {"judge", folder.path()});
    EXPECT_EQ(judged.code, 1) << judged.err;
    expect_harmless(judged);
    expect_shown(judged.out);
  }
  EXPECT_EQ(failures, 1U);
}

TEST(Terminal, ShowsWhatWasGiven) {
  const std::string hostile = "\x1b]0;owned\x07\u202e\n";
  const fs::path folder = fresh_folder();
  std::ofstream(folder / "wrong.toml") << "about = \"x\"\n[[case]]\nname = \"\\u001b[31m\u202e\"\n"
                                          "title = \"t\\u0007\"\nclauses = [\"\\u001b\"]\n";
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"run", "--target", hostile},
                                             {"run", "--target", "plugin:" + hostile},
                                             {"run", "--filter", hostile},
                                             {"run", "--" + hostile},
                                             {"explain", hostile},
                                             {"doctor", hostile},
                                             {"replay", hostile},
                                             {"script", hostile},
                                             {"properties", "--property", hostile},
                                             {"run", "--cases", folder.string()}}) {
    const Finished finished = pep554(words);
    EXPECT_NE(finished.code, 0);
    expect_harmless(finished);
    EXPECT_THAT(finished.err, HasSubstr("\\x1b")) << words.front();
  }
}

class HostFault : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(HostFault, IsNoVerdictAboutTheImplementation) {
  const auto& [how, reason] = GetParam();
  const fs::path out = fresh_folder();
  const Finished finished =
      with(how, {"run", "--quiet", "--target", target, "--filter", "create.no-arguments",
                 "--timeout", "0.1", "--out", out.string()});
  EXPECT_EQ(finished.code, 1) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("1 host-fault"));
  const nlohmann::json document = results(out);
  const nlohmann::json& one = document.at("cases").at(0);
  EXPECT_EQ(one.at("verdict"), "host-fault");
  EXPECT_THAT(one.at("reason").get<std::string>(), HasSubstr(reason));
  EXPECT_FALSE(document.at("conformant"));
  EXPECT_THAT(read_file(out / "junit.xml"), HasSubstr("<error type=\"host-fault\""));
  EXPECT_THAT(read_file(out / "index.html"), HasSubstr("host-fault"));
}

INSTANTIATE_TEST_SUITE_P(
    Hosts, HostFault,
    testing::Values(std::pair{"ids", "the host is at fault: it sent malformed data: a message "
                                     "\"begin\" has the id 1001 instead of 1"},
                    std::pair{"exits", "the host is at fault: it exited with status 3"},
                    std::pair{"aborts", "the host is at fault: SIGABRT ended it"}),
    [](const auto& row) { return std::string(row.param.first); });

// A process and its group, of which a host says that it is its program's. Without a jail, in which
// processes have numbers of their own.
TEST(HostFaults, NoProcessThatAHostNamesIsKilled) {
  const fs::path out = fresh_folder();
  const Finished finished =
      run({"sh", "-c",
           "setsid sleep 100 & export FOREIGN=exits FOREIGN_PID=$! PEP554_JAIL=off\n"
           "\"$0\" run -q --filter create.no-arguments --target \"$1\" --out \"$2\" >&2\n"
           "kill $FOREIGN_PID && echo it lived",
           PEP554_BUILD_DIR "/bin/pep554", target, out.string()});
  EXPECT_EQ(finished.out, "it lived\n") << finished.err;
  EXPECT_EQ(verdict(results(out), "cases", "create.no-arguments"), "host-fault");
}

} // namespace
} // namespace pep554::test
