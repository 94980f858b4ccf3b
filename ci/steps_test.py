#!/usr/bin/env python3
"""steps_test.py: that ci/steps.sh reports what failed, in a folder whose cmake and ctest are stand-ins."""

import os
import pathlib
import subprocess
import tempfile
import unittest

STEPS = pathlib.Path(__file__).resolve().parent / "steps.sh"


class Steps(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "ci").mkdir()
        (self.root / "ci/packages.sh").touch()
        (self.root / "tools").mkdir()
        (self.root / "build/x").mkdir(parents=True)

    def tool(self, name, text):
        path = self.root / "tools" / name
        path.write_text("#!/bin/sh\n" + text, encoding="utf-8")
        path.chmod(0o755)

    def bash(self, text):
        """What the text does with the functions at hand."""
        path = f"{self.root / 'tools'}:{os.environ['PATH']}"
        return subprocess.run(["bash", "-c", f"set -euo pipefail; . {STEPS}; {text}"], cwd=self.root,
                              env={"PATH": path}, capture_output=True, text=True)

    def test_a_failed_step_is_counted_and_listed(self):
        done = self.bash("good() { checked='3 files'; }; bad() { return 7; };"
                         "step good good; step bad bad || echo ended with $?; show_steps; exit $failed_steps")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ended with 7", done.stdout)
        self.assertRegex(done.stdout, r"(?m)^good +\d+  0 +3 files$")
        self.assertRegex(done.stdout, r"(?m)^bad +\d+  7 *$")

    def test_a_failed_test_is_an_error_and_its_output_is_printed(self):
        self.tool("ctest", "cat <<'END'\n1/2 Test #1: a ....   Passed    0.01 sec\n"
                           "2/2 Test #2: b ....***Failed    0.01 sec\nexpected 4, got 5\n\n"
                           "50% tests passed, 1 tests failed out of 2\nEND\nexit 8\n")
        done = self.bash("run_tests build/x unit || echo failed; show_slowest build/x/ctest.log; "
                         "show_summary build/x/ctest.log")
        self.assertIn("expected 4, got 5", done.stdout)
        self.assertIn("\nfailed\n", done.stdout)
        self.assertIn("0.0 s  b", done.stdout)
        self.assertTrue(done.stdout.endswith("50% tests passed, 1 tests failed out of 2\n"), done.stdout)

    def test_the_ten_slowest_of_more_tests_than_a_pipe_holds(self):
        rows = "".join(f"1/1 Test #1: test{n} ....   Passed {n}.00 sec\n" for n in range(20000))
        (self.root / "log").write_text(rows, encoding="utf-8")
        done = self.bash("show_slowest log")
        self.assertEqual(done.returncode, 0)
        self.assertEqual([line.split()[-1] for line in done.stdout.splitlines()[2:]],
                         [f"test{n}" for n in range(19999, 19989, -1)])

    def test_tests_that_pass_are_no_error(self):
        self.tool("ctest", "echo '1/1 Test #1: a ....   Passed    0.01 sec'\n")
        self.assertEqual(self.bash("run_tests build/x unit && echo passed").stdout, "passed\n")

    def test_a_failed_build_is_an_error_and_its_output_is_printed(self):
        self.tool("cmake", "[ $1 = --build ] || exit 0\necho '[1/2] one'\necho 'FAILED: two.o'\n"
                           "echo 'two.cpp:3: error: no'\nexit 1\n")
        done = self.bash("compile x || echo failed")
        self.assertIn("two.cpp:3: error: no", done.stderr)
        self.assertIn("build/x/build.log", done.stderr)
        self.assertEqual(done.stdout, "failed\n")

    def test_a_build_of_another_folder(self):
        self.tool("cmake", 'echo "$@" >>arguments\n')
        self.assertEqual(self.bash("compile x -B build/y -DA=B").returncode, 0)
        self.assertEqual((self.root / "arguments").read_text(encoding="utf-8").split("\n"),
                         ["--preset x -B build/y -DA=B", "--build build/y", ""])


if __name__ == "__main__":
    unittest.main()
