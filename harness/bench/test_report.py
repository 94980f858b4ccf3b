"""The benchmarks of the harness run and their report has every figure; no value is checked.

    python test_report.py BIN"""

import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import report

BIN = pathlib.Path(sys.argv.pop(1))


def groups(**changes):
    alone = {"ours": [110.0, 112.0, 90.0], "floor": [100.0]}
    rates = {"ours_1": [100.0], "ours_2": [190.0], "floor_1": [100.0], "floor_2": [199.0]}
    rates |= {"ours_cpu": [5.0], "floor_cpu": [4.0]}
    many = {"ours_2": [950.0], "floor_2": [1900.0]}
    return {
        "life": alone,
        "nothing": alone,
        "throughput_life": rates,
        "throughput_nothing": rates | many,
        "endurance": {"count": 10, "tenths": [5.0] * 10, "peak_bytes": 1 << 20},
        "examples": {"ours": [85.0, 90.0], "floor": [100.0], "operations": 7.25},
    } | changes


def row(rows, name):
    (found,) = [one for one in rows if name in one["name"]]
    return found


class Report(unittest.TestCase):
    def test_every_figure(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "figures.json"
            command = [sys.executable, "-B", report.__file__, "--bin", BIN, "--out", out]
            done = subprocess.run([*command, "--size", "smoke"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            result = json.loads(out.read_text())
        self.assertTrue(all(result["machine"].values()))
        self.assertEqual(len(result["figures"]), 11)
        for one in result["figures"]:
            self.assertGreater(one["value"], 0, one)
            self.assertIn(one["name"], done.stdout)
        self.assertEqual(len(result["raw"]["endurance"]["tenths"]), 10)

    def test_the_driver_refuses_unknown_words(self):
        for words in ([], ["life"], ["life", "huge"], ["death", "smoke"]):
            done = subprocess.run([BIN / "pep554_bench_driver", *words], capture_output=True)
            self.assertEqual(done.returncode, 2, words)

    def floor(self, text):
        build = BIN.parent
        command = [BIN / "pep554_bench_floor", build / "lib/pep554-cpython.so",
                   "libpython=libpython3.11.so.1.0", f"path={build / 'impl'}"]
        return subprocess.run(command, input=text, capture_output=True, text=True)

    def test_the_floor_executes_what_it_is_asked_for(self):
        host = BIN / "pep554_bench_floor"
        done = subprocess.run([host, "no-such-plugin.so"], input="life 1\n", capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("no-such-plugin.so", done.stderr)

    def test_what_a_program_prints_is_no_answer_of_the_floor(self):
        code = "print(1)\nimport os, sys\nos.write(2, b'2')\nsys.stdout.flush()"
        done = self.floor(f"define\n1 0 1\neval -1 -1 {len(code)}\n{code}\nscript 3\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"^(\d{4,} ){3}\n$")

    def test_the_floor_refuses_what_is_no_program(self):
        for text in ("define\nx\n", "define\n1 0 0\ncreate 0 0 0\n\n", "define\n1 0 0\nrun -1 -1 9\nx"):
            done = self.floor(text)
            self.assertEqual((done.returncode, done.stderr), (2, "floor: define: this is no program\n"), text)
        self.assertIn("expected a program's name", self.floor("script 1\n").stderr)

    def test_targets(self):
        rows = report.figures(groups(), [0.2])
        self.assertAlmostEqual(row(rows, "of 7.2 operations")["value"], 0.875)
        self.assertEqual([one["name"] for one in rows if one["met"] is False], [])
        self.assertAlmostEqual(row(rows, "destroy, one after")["value"], 1.1)
        self.assertAlmostEqual(row(rows, "second and core")["value"], 0.5)

    def test_missed_targets_are_listed(self):
        slow = groups(life={"ours": [120.0], "floor": [100.0]})
        slow["endurance"] = {"count": 10, "tenths": [5.0] * 9 + [6.0], "peak_bytes": 201 << 20}
        slow["throughput_life"] = slow["throughput_life"] | {"ours_2": [170.0]}
        slow["examples"] = slow["examples"] | {"ours": [75.0]}
        slow["throughput_nothing"] = slow["throughput_nothing"] | {"ours_2": [850.0]}
        rows = report.figures(slow, [0.31])
        self.assertEqual(len([one for one in rows if one["met"] is False]), 7)

    def test_limits_of_the_machine_are_excused(self):
        busy = groups()
        busy["throughput_life"] = busy["throughput_life"] | {"ours_2": [150.0], "floor_2": [160.0]}
        found = row(report.figures(busy, [0.2]), "--jobs 2")
        self.assertIsNone(found["met"])
        self.assertEqual(found["note"], "two floors reach 1.60")

    def test_table(self):
        table = report.Table()
        table.add("a", "1 us", 1.0)
        table.add("longer", "2 us", 2.0, ("<=", 1.5))
        with contextlib.redirect_stdout(io.StringIO()) as out:
            report.print_table("title", table.rows)
        self.assertEqual(
            out.getvalue().splitlines(),
            [
                "title",
                "  figure  measured  value  target",
                "  a           1 us  1.000       -  -",
                "  longer      2 us  2.000  <= 1.5  missed",
            ],
        )


if __name__ == "__main__":
    unittest.main()
