"""The template plugins are judged as template_verdicts.toml says. Usage: test_templates.py BUILD."""

import functools
import json
import subprocess
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Most cases wait for code that is never executed, and do nothing until their deadline.
JOBS = "16"


def run(target, out):
    return subprocess.run(
        [BUILD / "bin/pep554", "run", "--quiet", "--examples", "0", "--jobs", JOBS, "--target", target, "--out", out],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def target(plugin, options=""):
    return f"plugin:{BUILD}/lib/template/{plugin}.so{options}"


@functools.cache
def judged(plugin):
    """The cases of its results."""
    with tempfile.TemporaryDirectory() as out:
        done = run(target(plugin), out)
        if (done.returncode, done.stderr) != (1, ""):
            raise AssertionError(f"it ended with {done.returncode}: {done.stderr}")
        return json.loads((Path(out) / "results.json").read_text())["cases"]


class Templates(unittest.TestCase):
    maxDiff = None

    def assert_judged_as_expected(self, plugin):
        expected = tomllib.loads((HERE / "template_verdicts.toml").read_text())
        found = {}
        for case in judged(plugin):
            if case["verdict"] != "unsupported":
                found.setdefault(case["verdict"], []).append(case["id"])
        self.assertEqual({verdict: sorted(ids) for verdict, ids in found.items()}, expected)

    def test_c(self):
        self.assert_judged_as_expected("plugin_template")

    def test_rust(self):
        self.assert_judged_as_expected("plugin_template_rust")

    def test_unsupported_results_have_a_reason(self):
        known = ("executes no code", "the plugin lacks pep554.eval/1")
        for case in judged("plugin_template"):
            if case["verdict"] == "unsupported":
                self.assertTrue(any(why in case["reason"] for why in known), case["reason"])

    def test_the_doctor_has_no_errors(self):
        for plugin in ("plugin_template", "plugin_template_rust"):
            done = subprocess.run([BUILD / "bin/pep554", "doctor", target(plugin)],
                                  stdout=subprocess.PIPE, text=True)  # fmt: skip
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn(", 0 errors", done.stdout)

    def test_only_threads_are_claimed(self):
        for plugin in ("plugin_template", "plugin_template_rust"):
            host = subprocess.run([BUILD / "bin/pep554-host", f"{BUILD}/lib/template/{plugin}.so"],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)  # fmt: skip
            self.assertIn(b'"extensions":["pep554.thread/1"]', host.stdout)

    def test_options_are_refused_in_one_line(self):
        for plugin in ("plugin_template", "plugin_template_rust"):
            done = run(target(plugin, ",colour=red"), "/nonexistent")
            self.assertEqual(done.returncode, 3)
            self.assertIn("there are no options", done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1)


if __name__ == "__main__":
    BUILD = Path(sys.argv[1])
    unittest.main(argv=sys.argv[:1])
