#!/usr/bin/env python3
"""counts_test.py CC SOURCE: the counts of a coverage build survive when processes are killed while
they write them. SOURCE is replace_counts.c."""

import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile
import unittest

CC, SOURCE = sys.argv[1:3]
FUNCTIONS = 600  # their counts are written in several portions

# Runs the functions up to the given number. Functions with zero counts have a shorter form in the file.
PROGRAM = """
#include <stdlib.h>
{functions}
static int (*const all[])(int) = {{ {names} }};
int main(int argc, char** argv) {{
  int sum = 0;
  for (int i = 0; i < atoi(argv[argc - 1]); ++i)
    sum += all[i](i);
  return sum < 0;
}}
"""
FUNCTION = "static int f{0}(int x) {{ return x > {0} ? x + 1 : x * 2; }}"


class Counts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        text = PROGRAM.format(
            functions="\n".join(FUNCTION.format(i) for i in range(FUNCTIONS)),
            names=", ".join(f"f{i}" for i in range(FUNCTIONS)),
        )
        (cls.folder / "counted.c").write_text(text, encoding="utf-8")
        cls.compile("-c", SOURCE, "-o", "replace_counts.o")
        cls.compile("--coverage", "-c", "counted.c", "-o", "counted.o")
        cls.compile("--coverage", "-Wl,--wrap=fdopen", "counted.o", "replace_counts.o", "-o", "counted")
        cls.line = text.split("\n").index("int main(int argc, char** argv) {") + 1

    @classmethod
    def compile(cls, *words):
        subprocess.run([CC, *words], cwd=cls.folder, check=True)

    def setUp(self):
        for file in self.folder.glob("counted.gcda*"):
            file.unlink()

    def run_it(self, functions, **more):
        return subprocess.run(
            [self.folder / "counted", str(functions)], capture_output=True, text=True, check=False, **more
        )

    def run_well(self, functions):
        done = self.run_it(functions)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def times(self):
        """How often main began, by gcov."""
        got = subprocess.run(
            [os.environ.get("GCOV", "gcov"), "--stdout", "counted.gcda"],
            cwd=self.folder, capture_output=True, text=True, check=True,
        )  # fmt: skip
        self.assertEqual(got.stderr, "")
        return int(re.search(rf"^ *(\d+)\*?: *{self.line}:", got.stdout, re.M)[1])

    def test_a_killed_writer_loses_only_its_own_counts(self):
        self.run_well(3)

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

        # It runs functions that no process ran before: all offsets after the first of them change.
        limits = range(4096, 20000, 4096)
        for most in limits:
            self.assertEqual(self.run_it(FUNCTIONS, preexec_fn=limit).returncode, -signal.SIGXFSZ)
            self.run_well(3)
        self.assertEqual(self.times(), 1 + len(limits))
        self.run_well(FUNCTIONS)
        self.assertGreater((self.folder / "counted.gcda").stat().st_size, limits[-1])

    def test_many_at_once_are_all_counted(self):
        started = [subprocess.Popen([self.folder / "counted", "7"]) for _ in range(64)]
        self.assertEqual({process.wait() for process in started}, {0})
        self.assertEqual(self.times(), 64)
        self.assertFalse((self.folder / "counted.gcda.new").exists())

    def test_killed_at_any_time(self):
        killed = 0
        for functions in range(0, FUNCTIONS, 4):  # each time some are new
            process = subprocess.Popen([self.folder / "counted", str(functions)])
            try:
                process.wait(0.0004 + 0.00002 * (functions % 100))
            except subprocess.TimeoutExpired:
                process.kill()
            killed += process.wait() < 0
        self.assertGreater(killed, 0)
        self.run_well(FUNCTIONS)
        self.assertGreaterEqual(self.times(), 1)

    def test_a_file_that_cannot_be_replaced_is_reported_and_kept(self):
        self.run_well(1)
        (self.folder / "counted.gcda.lock").unlink()
        (self.folder / "counted.gcda.lock").mkdir()
        self.addCleanup((self.folder / "counted.gcda.lock").rmdir)
        self.assertIn("Cannot open", self.run_it(1).stderr)
        self.assertEqual(self.times(), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
