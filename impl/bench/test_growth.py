"""A life of an interpreter leaves no more memory behind than the bare C API does, and a run in one
that stays leaves none. Bytes are counted, nothing is timed.

    PYTHONPATH=<build>/impl:<build>/bench python -S -s -B test_growth.py"""

import gc
import os
import statistics
import sys
import unittest

from growth import EXACT, RESOLUTION, growths

if not EXACT.items() <= os.environ.items():
    os.execve(sys.executable, [sys.executable, "-S", "-s", "-B", *sys.argv], os.environ | EXACT)

import pep554_bare
import subjects


def growth_of_runs(subject, texts):
    """Bytes a run, by many runs in one interpreter. What the runtime keeps up to a limit fills slowly,
    in bursts; a leak is in every block. So of the later blocks a low one counts, the quartile."""
    made = subject.create()
    found = []
    for block in texts:
        before = pep554_bare.bytes_in_use()
        for text in block:
            try:
                subject.call(subject.run, made, text)
            except RuntimeError:
                pass
        found.append((pep554_bare.bytes_in_use() - before) / len(block))
    subject.call(subject.destroy, made)
    later = sorted(found[len(found) // 2 :])
    return later[len(later) // 4]


class Growth(unittest.TestCase):
    def setUp(self):
        gc.disable()
        self.addCleanup(gc.enable)

    def test_lives(self):
        kinds = {"bare": subjects.bare} | subjects.ours
        found = growths(kinds, pep554_bare.bytes_in_use, 2, 15)
        bare, low, high = (statistics.median(found[name]) for name in ("bare", "low", "high"))
        print(f"bytes a life: bare {bare:.0f}, low {low:.0f}, high {high:.0f}")
        for layer in low, high:
            self.assertLessEqual(layer, 1.1 * max(bare, RESOLUTION), found)

    def test_a_leak_is_seen(self):
        leaked = []
        most = 0  # that the bare C API leaves, as was seen so far

        def create():
            leaked.append(bytes(RESOLUTION + most // 5))
            return subjects.bare.create()

        leaky = subjects.Subject(create, subjects.bare.run, subjects.bare.destroy)
        for _ in range(2):
            found = growths(
                {"bare": subjects.bare, "leaky": leaky}, pep554_bare.bytes_in_use, 2, 5
            )
            bare, more = (statistics.median(found[name]) for name in ("bare", "leaky"))
            most = max(most, round(bare))
        self.assertGreater(more, 1.1 * max(bare, RESOLUTION), found)

    def check_runs(self, text):
        for name, subject in subjects.ours.items():
            with self.subTest(name):
                blocks = [[text(10**6 + 200 * i + k) for k in range(200)] for i in range(60)]
                left = growth_of_runs(subject, blocks)
                print(f"bytes a run, {name}: {left:.1f}")
                self.assertLessEqual(left, 8)

    def test_runs_of_one_text(self):
        self.check_runs(lambda number: "x = [1, 2, 3]")

    def test_runs_of_new_texts(self):
        self.check_runs("x = [{}]".format)

    def test_runs_that_fail(self):
        self.check_runs("def f():\n    raise ValueError({})\nf()".format)


if __name__ == "__main__":
    unittest.main(verbosity=2)
