"""The installed package in a project of its users: CTest alone, and GoogleTest.

    install_test.py SOURCE BUILD"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

ENVIRONMENT = {name: value for name, value in os.environ.items()
               if not name.startswith(("CMAKE", "CTEST", "GTEST", "CFLAGS", "CXXFLAGS", "LDFLAGS", "pep554"))}  # fmt: skip


def setUpModule():
    global SCRATCH, PREFIX
    SCRATCH = Path(tempfile.mkdtemp()).resolve()
    unittest.addModuleCleanup(shutil.rmtree, SCRATCH)
    run("cmake", "--install", BUILD, "--prefix", SCRATCH / "first")
    PREFIX = SCRATCH / "moved here"
    (SCRATCH / "first").rename(PREFIX)


def run(*words, folder=None, status=0, **variables):
    done = subprocess.run(words, cwd=folder or SCRATCH, env={**ENVIRONMENT, **variables}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    if done.returncode != status:
        raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def cases(filter="*"):
    listed = run(PREFIX / "bin/pep554", "list", "cases", "--filter", filter)
    return {line.split()[0] for line in listed.splitlines()}


def results(output):
    """The state of each test in CTest's output."""
    return dict(re.findall(r"^ *\d+/\d+ Test +#\d+: (.*?) \.+ *(?:\*\*\*)?(\w+)", output, re.M))


class Project(unittest.TestCase):
    """A project of a plugin's author, in which the plugin and the tests stand."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(dir=SCRATCH))
        self.build = self.folder / "b uild"

    def configure(self, lines, *words, status=0):
        shutil.copy(PREFIX / "share/pep554/template/plugin_template.c", self.folder)
        (self.folder / "CMakeLists.txt").write_text(
            textwrap.dedent("""
            cmake_minimum_required(VERSION 3.25)
            project(mine LANGUAGES C)
            find_package(pep554 1 REQUIRED)
            enable_testing()
            add_library(mine MODULE plugin_template.c)
            target_link_libraries(mine pep554::plugin)
            set_target_properties(mine PROPERTIES PREFIX "")
            """) + textwrap.dedent(lines)
        )  # fmt: skip
        return run("cmake", "-B", self.build, f"-DCMAKE_PREFIX_PATH={PREFIX}", *words, folder=self.folder,
                   status=status)  # fmt: skip

    def break_plugin(self, right, wrong):
        source = self.folder / "plugin_template.c"
        text = source.read_text()
        self.assertEqual(text.count(right), 1)
        source.write_text(text.replace(right, wrong))

    def compile(self, *words):
        run("cmake", "--build", self.build, *words)

    def ctest(self, *words, status=0):
        return run("ctest", "--test-dir", self.build, *words, status=status)


class CTest(Project):
    def test_each_case_is_a_test(self):
        self.configure('pep554_add_conformance_test(TARGET "plugin:$<TARGET_FILE:mine>" FILTER "case=create.*")\n')
        self.compile()
        listed = re.findall(r"Test +#\d+: (.*)", self.ctest("-N"))
        self.assertEqual(sorted(listed), sorted(f"pep554/{id}" for id in cases("case=create.*")))
        states = results(self.ctest("-j2"))
        self.assertEqual(states["pep554/create.is-listed"], "Passed")
        self.assertEqual(states["pep554/create.inside"], "Skipped")  # the template executes no code
        self.assertEqual(set(states.values()), {"Passed", "Skipped"})
        self.assertEqual(list(self.build.glob("pep554/*/*/")), [])  # no report of what is in order

    def test_a_failing_case_fails_and_leaves_its_report(self):
        self.configure('pep554_add_conformance_test(TARGET plugin:$<TARGET_FILE:mine> FILTER create.*)\n')
        self.break_plugin("*handle = &runtime->all[id];\n  return", "*handle = &runtime->all[0];\n  return")
        self.compile()
        output = self.ctest("--output-on-failure", "-R", "create.is-a-new-one|create.no-arguments", status=8)
        states = results(output)
        self.assertEqual(states["pep554/create.is-a-new-one"], "Failed")
        self.assertIn("create.is-a-new-one: fail", output)
        self.assertIn("expected", output)
        page = self.build / "pep554/pep554/create.is-a-new-one/index.html"
        self.assertIn(str(page), output.replace("\n  ", ""))
        self.assertTrue(page.exists())

    def test_a_case_called_like_a_clause_runs_alone(self):
        self.configure("pep554_add_conformance_test(TARGET reference FILTER case=destroy.main)\n")
        self.assertEqual(len(cases("destroy.main")), 2)
        output = self.ctest("--verbose")
        self.assertEqual(results(output), {"pep554/destroy.main": "Passed"})
        self.assertIn("1 of 1 run, 0 not passed", output)

    def test_a_target_that_does_not_start_fails_and_is_not_skipped(self):
        self.configure("pep554_add_conformance_test(TARGET plugin:/nowhere/mine.so FILTER case=run.answer)\n")
        output = self.ctest("--output-on-failure", status=8)
        self.assertEqual(results(output), {"pep554/run.answer": "Failed"})
        self.assertIn("/nowhere/mine.so", output)

    def test_all_in_one(self):
        self.configure("""
            pep554_add_conformance_test(TARGET reference NAME "all of it" FILTER "case=create.*" ALL_IN_ONE)
            pep554_add_conformance_test(TARGET plugin:$<TARGET_FILE:mine> NAME mine FILTER "case=create.*" ALL_IN_ONE
                                        PROPERTIES LABELS "one;two")
            """)
        self.compile()
        output = self.ctest(status=8)
        # A case that is not supported does not pass here.
        self.assertEqual(results(output), {"all of it": "Passed", "mine": "Failed"})
        self.assertTrue((self.build / "pep554/mine/junit.xml").exists())
        self.assertIn("Total Tests: 1\n", self.ctest("-N", "-L", "two"))

    def test_names_and_values_are_taken_as_they_are(self):
        self.configure("""
            set(odd "a; b$ [c] \\"d\\"")
            set(plugin "plugin:${CMAKE_CURRENT_SOURCE_DIR}/x; [y]/mine.so")
            pep554_add_conformance_test(TARGET "${plugin}" NAME "${odd}" FILTER create.is-listed
                                        RUN_OPTIONS --readable "${CMAKE_CURRENT_SOURCE_DIR}/x; [y]" --timeout 5
                                        PROPERTIES LABELS "one;two" ENVIRONMENT "A=1;B=2")
            pep554_add_conformance_test(TARGET "${plugin}" NAME "one ${odd}" FILTER case=create.is-listed
                                        RUN_OPTIONS --readable "${CMAKE_CURRENT_SOURCE_DIR}/x; [y]" ALL_IN_ONE)
            """)
        self.compile()
        (self.folder / "x; [y]").mkdir()
        shutil.copy(self.build / "mine.so", self.folder / "x; [y]")
        self.assertEqual(results(self.ctest("-L", "two")), {'a; b$ [c] "d"/create.is-listed': "Passed"})
        self.assertEqual(results(self.ctest("-LE", "two")), {'one a; b$ [c] "d"': "Passed"})

    def test_several_configurations(self):
        self.configure('pep554_add_conformance_test(TARGET "plugin:$<TARGET_FILE:mine>" FILTER create.is-listed)\n',
                       "-G", "Ninja Multi-Config")  # fmt: skip
        self.compile("--config", "Debug")
        self.assertEqual(results(self.ctest("-C", "Debug")), {"pep554/create.is-listed": "Passed"})
        self.ctest("-C", "Release", status=8)  # that one was not built

    def test_a_baseline_accepts_its_deviations_and_no_others(self):
        filter = "case=create.is-a-new-one:case=create.inside:case=create.no-arguments"
        self.configure(f"""
            pep554_add_conformance_test(TARGET plugin:$<TARGET_FILE:mine> NAME each FILTER {filter} BASELINE known.toml)
            pep554_add_conformance_test(TARGET plugin:$<TARGET_FILE:mine> NAME all FILTER {filter} BASELINE known.toml
                                        ALL_IN_ONE)
            """)  # fmt: skip
        self.break_plugin("*handle = &runtime->all[id];\n  return", "*handle = &runtime->all[0];\n  return")
        self.compile()
        entry = '[[deviation]]\ncase = "{}"\nverdict = "{}"\nsignature = "{}"\nreason = "known"\n'
        fails = entry.format("create.is-a-new-one", "fail", "fail")
        lacks = entry.format("create.inside", "unsupported", "unsupported")
        of_another = entry.format("destroy.twice", "fail", "fail")
        baseline = self.folder / "known.toml"
        baseline.write_text(fails + lacks + of_another)
        self.assertEqual(results(self.ctest()), {"each/create.is-a-new-one": "Passed", "each/create.inside": "Skipped",
                                                 "each/create.no-arguments": "Passed", "all": "Passed"})  # fmt: skip
        baseline.write_text(fails)
        self.assertEqual(results(self.ctest(status=8)),
                         {"each/create.is-a-new-one": "Passed", "each/create.inside": "Failed",
                          "each/create.no-arguments": "Passed", "all": "Failed"})  # fmt: skip
        baseline.write_text(lacks + entry.format("create.no-arguments", "fail", "fail"))
        self.assertEqual(results(self.ctest(status=8)),
                         {"each/create.is-a-new-one": "Failed", "each/create.inside": "Skipped",
                          "each/create.no-arguments": "Failed", "all": "Failed"})  # fmt: skip

    def test_mistakes_are_named(self):
        for lines, message in (
            ("pep554_add_conformance_test()", "no TARGET"),
            ("pep554_add_conformance_test(TARGET t TRAGET x)", 'unknown arguments "TRAGET;x"'),
            ("pep554_add_conformance_test(TARGET t NAME)", 'no value behind "NAME"'),
            ("pep554_add_conformance_test(TARGET t)\npep554_add_conformance_test(TARGET u)", "another NAME"),
        ):
            output = self.configure(lines, status=1)
            self.assertIn(message, re.sub(r"\s+", " ", output))

    def test_a_filter_without_cases_is_a_failing_test(self):
        self.configure("pep554_add_conformance_test(TARGET reference FILTER create.nothing)\n")
        output = self.ctest("--output-on-failure", status=8)
        self.assertEqual(results(output), {"pep554": "Failed"})
        self.assertIn("no case and no property matches", output)


class GoogleTest(unittest.TestCase):
    """The example that is installed."""

    @classmethod
    def setUpClass(cls):
        cls.folder = SCRATCH / "example"
        shutil.copytree(PREFIX / "share/pep554/examples/googletest", cls.folder)
        cls.build = cls.folder / "build"
        run("cmake", "-B", cls.build, f"-DCMAKE_PREFIX_PATH={PREFIX}", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror",
            folder=cls.folder)  # fmt: skip
        run("cmake", "--build", cls.build)

    def test_the_program_works_as_any_other(self):
        share = PREFIX / "share/pep554"
        output = run(sys.executable, "-B", SOURCE / "harness/suite/tests/suite_test.py", self.build / "conformance_test",
                     PREFIX / "bin/pep554", PREFIX / "include/pep554", share / "template", share / "adapters")  # fmt: skip
        self.assertRegex(output, r"\nRan 1\d tests")

    def test_ctest_finds_its_tests_and_the_cases(self):
        listed = run("ctest", "--test-dir", self.build, "-N")
        for id in cases():
            self.assertIn(f": cases/{id}\n", listed)
            self.assertIn(f": gtest/{id.replace('-', '_')}\n", listed)
        output = run("ctest", "--test-dir", self.build, "-R", "(cases|gtest)/get_main", "-j2")
        self.assertEqual(len(results(output)), 2 * len(cases("case=get_main.*")))
        self.assertEqual(set(results(output).values()), {"Passed"})

    def test_the_library_needs_no_other_standard_and_no_exceptions(self):
        (self.folder / "use.cpp").write_text("#include <pep554/suite.h>\nvoid use() { pep554::register_suite({}); }\n")
        for flags in (("-std=c++14",), ("-std=c++20", "-fno-exceptions"), ("-std=c++17", "-D_GLIBCXX_DEBUG")):
            run("c++", *flags, "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror", "-fsyntax-only",
                f"-I{PREFIX}/include", self.folder / "use.cpp")  # fmt: skip
        (self.folder / "use.c").write_text("#include <pep554/pep554_suite.h>\n")
        run("cc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only",
            f"-I{PREFIX}/include", self.folder / "use.c")  # fmt: skip

    def test_the_library_exports_its_interface_alone(self):
        symbols = run("nm", "--dynamic", "--defined-only", "--extern-only", PREFIX / "lib/pep554/libpep554-suite.so")
        names = {line.split()[-1] for line in symbols.splitlines()}
        declared = re.findall(r"\b(pep554_suite_\w+)\(", (PREFIX / "include/pep554/pep554_suite.h").read_text())
        self.assertEqual(names, set(declared))


if __name__ == "__main__":
    SOURCE, BUILD = map(Path, sys.argv[1:3])
    unittest.main(argv=sys.argv[:1])
