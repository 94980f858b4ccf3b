"""The benchmarks run and their report has every figure; no value is checked.

    python test_bench.py PYTHON PYTHONPATH..."""

import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import report

PYTHON, *PATHS = sys.argv[1:]
REPORT = pathlib.Path(report.__file__)


def a_row(**changes):
    row = dict(name="a", unit="us", ours=1.0, theirs=2.0, value=0.5, target="<= 1", met=True, note="")
    return row | changes


class Report(unittest.TestCase):
    def test_every_figure(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "figures.json"
            command = [sys.executable, "-B", REPORT, "--python", PYTHON, "--out", out]
            for path in PATHS:
                command += ["--python-path", path]
            done = subprocess.run([*command, "--size", "smoke"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            result = json.loads(out.read_text())
        self.assertIn("num_cpus", result["context"])
        names = [row["name"] for row in result["figures"]]
        self.assertEqual(len(names), 29, names)
        self.assertEqual(len(set(names)), 29, names)
        for row in result["figures"]:
            self.assertEqual(row.keys(), a_row().keys())
            self.assertIsInstance(row["value"], (int, float), row)
            self.assertIn(row["name"], done.stdout)

    def test_table(self):
        rows = [a_row(), a_row(name="longer", value=1.5, met=False), a_row(target=None, met=None)]
        with contextlib.redirect_stdout(io.StringIO()) as out:
            report.print_table("title", rows)
        self.assertEqual(
            out.getvalue().splitlines(),
            [
                "title",
                "  figure      ours    theirs  ratio  target",
                "  a       1.000 us  2.000 us  0.500    <= 1  ok",
                "  longer  1.000 us  2.000 us  1.500    <= 1  over",
                "  a       1.000 us  2.000 us  0.500       -  -",
            ],
        )

    def test_ratio(self):
        table = report.Table({"ours": 11.0, "theirs": 10.0, "none": 0.0})
        table.ratio("met", "us", "ours", "theirs", 1.1)
        table.ratio("missed", "us", "ours", "theirs", 1.0)
        table.ratio("nothing to compare with", "us", "ours", "absent", 1.0)
        table.ratio("both nothing", "bytes", "none", "none", 1.1, 64)
        self.assertEqual([row["met"] for row in table.rows], [True, False, True])
        self.assertEqual([row["value"] for row in table.rows], [1.1, 1.1, 0.0])

    def test_threads(self):
        for reached, possible, version, met in (
            (1.9, 1.9, (3, 12), True),
            (1.1, 1.9, (3, 12), False),
            (1.1, 1.2, (3, 12), None),
            (1.0, 1.9, (3, 11), None),
        ):
            medians = {"threads/interpreters": reached, "threads/processes": possible}
            table = report.Table(medians)
            report.add_threads(table, version)
            self.assertIs(table.rows[0]["met"], met)

    def test_many(self):
        for last, bare_last, met in ((1.2, 1.0, True), (1.4, 1.0, False), (1.4, 1.4, None)):
            medians = {"last/high": last, "first/high": 1.0}
            table = report.Table(medians | {"last/bare": bare_last, "first/bare": 1.0})
            report.add_many(table, {"count": 9, "ends": 2})
            self.assertIs(table.rows[0]["met"], met)
            self.assertEqual([row["value"] for row in table.rows], [last, bare_last])

    def test_a_python_that_does_not_run(self):
        command = [sys.executable, "-B", REPORT, "--python", "/bin/false", "--out", "/dev/null"]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(done.returncode, 4)
        self.assertIn("/bin/false does not run", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
