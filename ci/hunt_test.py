#!/usr/bin/env python3
"""hunt_test.py: how ci/hunt calls the program. Runs a copy with a fake cmake and a fake program."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HUNT = pathlib.Path(__file__).resolve().parent / "hunt"


class HuntCommand(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        self.here = self.root / "elsewhere"
        self.here.mkdir()
        for name in ("ci", "tools", "build/release/bin"):
            (self.root / name).mkdir(parents=True)
        for name in ("hunt", "steps.sh"):
            shutil.copy(HUNT.with_name(name), self.root / "ci" / name)
        (self.root / "ci/packages.sh").write_text("build_packages=()\ninstall_missing() { :; }\n", encoding="utf-8")
        self.program("build/release/bin/pep554", 'printf "%s\\n" "$@" >arguments\nexit 1\n')
        self.program("tools/cmake", "exit 0\n")

    def program(self, name, text):
        path = self.root / name
        path.write_text("#!/bin/sh\n" + text, encoding="utf-8")
        path.chmod(0o755)

    def hunt(self, *options):
        """Runs ci/hunt. Returns the finished process and the arguments of the program, None if it did not run."""
        path = f"{self.root / 'tools'}:{os.environ['PATH']}"
        command = [self.root / "ci/hunt", *options]
        done = subprocess.run(command, cwd=self.here, env={"PATH": path}, capture_output=True, text=True)
        given = self.here / "arguments"  # relative files are the caller's
        return done, given.read_text(encoding="utf-8").split("\n")[:-1] if given.exists() else None

    def test_a_fresh_seed_each_time(self):
        seeds = set()
        for _ in range(3):
            done, given = self.hunt("60")
            self.assertEqual(done.returncode, 1)  # the program's
            self.assertEqual(given[0], "properties")
            self.assertEqual(given[given.index("--seconds") + 1], "60")
            self.assertEqual(given[given.index("--out") + 1], str(self.root / "build/hunt"))
            seeds.add(given[given.index("--seed") + 1])
            self.assertIn("--seed " + given[given.index("--seed") + 1], done.stdout)
        self.assertEqual(len(seeds), 3)

    def test_options_replace_the_defaults(self):
        for options in (["--seed", "7", "--out", "a b"], ["--seed=7", "--out=a b"]):
            _, given = self.hunt("5", *options)
            self.assertEqual(given, ["properties", "--seconds", "5", *options])

    def test_wrong_usage(self):
        for options in ([], ["soon"], ["--seed", "7"]):
            done, given = self.hunt(*options)
            self.assertEqual(done.returncode, 2)
            self.assertIn("usage: ci/hunt SECONDS", done.stderr)
            self.assertIsNone(given)

    def test_help_is_its_head(self):
        done, given = self.hunt("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("ci/hunt SECONDS [OPTION...]: builds", done.stdout)
        self.assertIn("the folder from which it is called.\n", done.stdout)
        self.assertTrue(done.stdout.startswith("ci/hunt"), done.stdout)
        self.assertNotIn("set -euo", done.stdout)
        self.assertIsNone(given)

    def test_a_build_that_fails(self):
        self.program("tools/cmake", "echo no compiler\nexit 1\n")
        done, given = self.hunt("5")
        self.assertEqual(done.returncode, 5)
        self.assertIn("no compiler", done.stderr)
        self.assertIsNone(given)


if __name__ == "__main__":
    sys.exit(unittest.main())
