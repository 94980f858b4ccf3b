// The command that starts the host of a target, from the words of --target.
#include "harness/run/targets.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/run/launcher.h"
#include "harness/run/target_advice.h"
#include "harness/testing/scratch_folder.h"

namespace pep554 {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

class Targets : public testing::Test {
protected:
  Targets() {
    fs::create_directories(paths_.adapters / "one");
    fs::create_directories(paths_.adapters / "two");
    std::ofstream(paths_.adapters / "order") << "one a\n";
  }

  std::vector<std::string> command(const std::string& given) {
    const auto target = parse_target(given, paths_, "/base");
    EXPECT_TRUE(target) << to_string(target.error());
    return target ? target->command : std::vector<std::string>();
  }

  std::string refusal(const std::string& given) {
    const auto target = parse_target(given, paths_);
    EXPECT_FALSE(target) << given;
    return target ? "" : to_string(target.error());
  }

  test::ScratchFolder scratch_;
  fs::path folder_ = scratch_.path();
  Paths paths_{.host = "/p/host",
               .jail = "/bin/pep554-jail",
               .plugins = "/p/lib",
               .adapters = folder_ / "adapters",
               .agent = "/p/agent.py",
               .reference = "/p/impl",
               .spec = {},
               .cases = {},
               .pythons = {},
               .docs = {}};
  std::string all_ = "adapters=" + paths_.adapters.string();
};

TEST_F(Targets, TheReferenceIsACPythonWithAPath) {
  EXPECT_THAT(command("reference"), ElementsAre("/p/host", "/p/lib/pep554-cpython.so",
                                                HasSubstr("libpython="), "path=/p/impl"));
}

TEST_F(Targets, ACPythonDefaultsToItsBuiltinModule) {
  EXPECT_THAT(command("cpython:libpython3.11.so.1.0"),
              ElementsAre("/p/host", "/p/lib/pep554-cpython.so", "libpython=libpython3.11.so.1.0",
                          all_, "adapter=auto"));
  EXPECT_THAT(command("cpython:x.so,adapter=two,site=on"),
              ElementsAre("/p/host", "/p/lib/pep554-cpython.so", "libpython=x.so", all_,
                          "adapter=two", "site=on"));
  EXPECT_THAT(command("cpython:x.so,path=mine,path=/theirs"),
              ElementsAre("/p/host", "/p/lib/pep554-cpython.so", "libpython=x.so", all_,
                          "path=/base/mine", "path=/theirs"));
}

TEST_F(Targets, APythonIsStartedWithTheAgent) {
  EXPECT_THAT(command("python:pypy3"),
              ElementsAre("pypy3", "-I", "-S", "-B", "/p/agent.py", all_, "adapter=auto"));
  EXPECT_THAT(
      command("python:venv/bin/python,adapter=one"),
      ElementsAre("/base/venv/bin/python", "-I", "-S", "-B", "/p/agent.py", all_, "adapter=one"));
}

TEST_F(Targets, APluginGetsItsOwnOptions) {
  EXPECT_THAT(command("plugin:mine.so,colour=red,launcher=env A=1"),
              ElementsAre("env", "A=1", "/p/host", "/base/mine.so", "colour=red"));
  EXPECT_THAT(refusal("plugin:mine.so,colour"), HasSubstr("\"colour\": expected KEY=VALUE;"));
}

TEST_F(Targets, AHostGetsItsWords) {
  EXPECT_THAT(command("host:./mine,-v,x=1"), ElementsAre("/base/mine", "-v", "x=1"));
}

TEST_F(Targets, ALauncherComesFirst) {
  EXPECT_THAT(command("cpython:x.so,launcher=/lib/ld.so --library-path /lib"),
              ElementsAre("/lib/ld.so", "--library-path", "/lib", "/p/host",
                          "/p/lib/pep554-cpython.so", "libpython=x.so", all_, "adapter=auto"));
  EXPECT_THAT(command("plugin:x.so,launcher=/a  b/ld.so --x"), // two spaces stand for one
              ElementsAre("/a b/ld.so", "--x", "/p/host", "/base/x.so"));
}

TEST_F(Targets, ALibraryWithItsOwnCLibraryIsStartedByItsLoader) {
  const fs::path lib = folder_ / "root" / "lib";
  fs::create_directories(lib);
  std::ofstream(lib / "libpython3.99.so") << "";
  EXPECT_THAT(launcher_beside(lib / "libpython3.99.so"), IsEmpty());
  std::ofstream(lib / "libc.so.6") << "";
  EXPECT_THAT(launcher_beside(lib / "libpython3.99.so"), IsEmpty()) << "there is no loader";
  std::ofstream(lib / "ld-linux-test.so.2") << "";
  const std::string real = fs::canonical(lib).string();
  EXPECT_THAT(launcher_beside(lib / "libpython3.99.so"),
              ElementsAre(real + "/ld-linux-test.so.2", "--library-path", real));
  EXPECT_THAT(command("cpython:" + (lib / "libpython3.99.so").string()).front(),
              HasSubstr("ld-linux-test.so.2"));
}

TEST_F(Targets, TheSystemsCLibraryNeedsNoLauncher) {
  EXPECT_THAT(launcher_beside("/lib/x86_64-linux-gnu/libpython3.11.so.1.0"), IsEmpty());
  EXPECT_THAT(launcher_beside("libpython3.11.so.1.0"), IsEmpty());
  EXPECT_THAT(launcher_beside("/no/such/file"), IsEmpty());
}

TEST_F(Targets, APluginCanRunInAnotherProgram) {
  const auto words = [&](const std::string& given) {
    const auto target = parse_target(given, paths_, "/base");
    return target ? on_plugin(*target, paths_, "./repro") : "none: " + to_string(target.error());
  };
  EXPECT_EQ(words("plugin:a b.so,key=value"), "./repro '/base/a b.so' key=value");
  EXPECT_THAT(words("reference"), testing::MatchesRegex("./repro /p/lib/pep554-cpython.so "
                                                        "libpython=.* path=/p/impl"));
  EXPECT_EQ(words("cpython:libx.so,path=m,launcher=ld.so --x"),
            "ld.so --x ./repro /p/lib/pep554-cpython.so libpython=libx.so " + all_ +
                " path=/base/m");
  EXPECT_EQ(words("python:/usr/bin/python3.11"), "");
  EXPECT_EQ(words("host:/usr/bin/mine"), "");
}

TEST_F(Targets, TwoCommasStandForOne) {
  EXPECT_THAT(command("python:/a,,b/python,path=/c,,d,path=,,e"),
              ElementsAre("/a,b/python", "-I", "-S", "-B", "/p/agent.py", all_, "path=/c,d",
                          "path=/base/,e"));
  EXPECT_THAT(command("host:./mine,,x,a,,,b"), ElementsAre("/base/mine,x", "a,", "b"));
  EXPECT_EQ(target_word("/a,b,,c"), "/a,,b,,,,c");
  EXPECT_THAT(command("plugin:" + target_word("/a,b,,c.so")), ElementsAre("/p/host", "/a,b,,c.so"));
  for (const char* given : {"cpython:/a,b/x.so", "python:/a,b/python", "plugin:/a,b.so", "host:x,"})
    EXPECT_THAT(refusal(given), HasSubstr("write a comma inside of a word as two: \",,\""))
        << given;
}

TEST_F(Targets, AnEmptyWordIsAMistake) {
  for (const char* given : {"cpython:x.so,", "python:x,,,path=y,", "plugin:x.so,key=", "host:x,",
                            "python:x,path=", "plugin:x.so,launcher="})
    EXPECT_NE(refusal(given), "");
}

TEST_F(Targets, HaveANameForAnyDirectory) {
  const auto name = [&](const std::string& given) {
    const auto target = parse_target(given, paths_, "/base");
    return target ? target->absolute_name : to_string(target.error());
  };
  EXPECT_EQ(name("reference"), "reference");
  EXPECT_EQ(name("python:pypy3,site=on"), "python:pypy3,site=on");
  EXPECT_EQ(name("cpython:lib/x,,y.so,path=m,home=.,launcher=ld"),
            "cpython:/base/lib/x,,y.so,path=/base/m,home=/base/,launcher=ld");
  EXPECT_EQ(name("plugin:mine.so,a=b"), "plugin:/base/mine.so,a=b");
  EXPECT_EQ(name("host:./mine,x"), "host:/base/mine,x");
}

struct Meant {
  const char* given;
  const char* target; // empty: nothing
};

TEST_F(Targets, AProbableOneIsSuggested) {
  for (const Meant& one : std::vector<Meant>{{"toy.so", "plugin:toy.so"},
                                             {"/usr/lib/libpython3.11.so.1.0,site=on",
                                              "cpython:/usr/lib/libpython3.11.so.1.0,site=on"},
                                             {"python3.11", "python:python3.11"},
                                             {"/opt/bin/pypy3", "python:/opt/bin/pypy3"},
                                             {"/bin/sh", "host:/bin/sh"},
                                             {"refrence", "reference"},
                                             {"cpyhton:x.so", "cpython:x.so"},
                                             {"plug:x.so", ""},
                                             {"cpython:", ""},
                                             {"ruby:x", ""},
                                             {"", ""}})
    EXPECT_EQ(probable_target(one.given), one.target) << one.given;
  EXPECT_THAT(refusal("toy.so"), HasSubstr("\"toy.so\" (did you mean plugin:toy.so?): expected"));
}

TEST_F(Targets, ThatDoNotStartSayWhatWouldBeRight) {
  const auto advice = [&](const std::string& given, const char* why) {
    const auto target = parse_target(given, paths_);
    return target ? did_not_start(*target, "t", why) : to_string(target.error());
  };
  const char* none = "x: cannot open shared object file: No such file or directory";
  EXPECT_THAT(advice("cpython:python3.11", none), HasSubstr("(did you mean python:python3.11?)"));
  EXPECT_THAT(advice("python:libpython3.11.so,site=on", "ended"),
              HasSubstr("(did you mean cpython:libpython3.11.so,site=on?)"));
  EXPECT_THAT(advice("python:toy.so", "ended"), HasSubstr("(did you mean plugin:toy.so?)"));
  EXPECT_THAT(advice("plugin:libpython3.11.so", "no symbol"),
              HasSubstr("(did you mean cpython:libpython3.11.so?)"));
  EXPECT_THAT(advice("cpython:libpython3.99.so", none), HasSubstr("; pep554 list targets lists"));
  EXPECT_THAT(advice("reference", none), HasSubstr("; the reference implementation runs in this"));
  EXPECT_EQ(advice("python:python3.11", "it ended"), "target t did not start: it ended");
}

TEST_F(Targets, ErrorsAreOneLine) {
  for (const char* given : {"pypy", "cpython:", "cpython", "ruby:x", ""})
    EXPECT_THAT(refusal(given),
                AllOf(HasSubstr("unknown target \"" + std::string(given) + "\""),
                      HasSubstr("python:EXECUTABLE"), HasSubstr("pep554 list targets")));
  EXPECT_THAT(refusal("cpython:x,adapter=three"),
              HasSubstr("unknown adapter \"three\": expected one of auto, one, two"));
  EXPECT_THAT(refusal("cpython:x,adapter=tow"), HasSubstr("\"tow\" (did you mean two?)"));
  EXPECT_THAT(refusal("cpython:x,colour=red"), HasSubstr("expected one of adapter=VALUE"));
  EXPECT_THAT(refusal("cpython:x,pth=m"), HasSubstr("\"pth=m\" (did you mean path?)"));
  EXPECT_THAT(refusal("cpython:x,path=/a:b"), HasSubstr("separates the folders of its path by"));
  EXPECT_THAT(refusal("python:x,home=/usr"), HasSubstr("target option \"home=/usr\""));
  EXPECT_THAT(refusal("python:x,path="), HasSubstr("target option \"path=\""));
  EXPECT_THAT(refusal("cpython:x,site=maybe"), HasSubstr("expected site=on or site=off"));
}

} // namespace
} // namespace pep554
