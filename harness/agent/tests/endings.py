"""Tests of a host: the message `end`, the limits that end a program, and its deadline."""

import os
import signal
import unittest

from host_case import WithHost, alive, evaluate

NUMBERS = ("cpu_us", "peak_bytes", "processes", "files")


class Numbers(WithHost):
    NEEDS = ("pep554.eval/1",)

    def end(self, source, **fields):
        got = self.host.run([evaluate(source)], **fields)
        for name in NUMBERS:
            self.assertIn(name, got.end)
        return got.end

    def test_leftovers_are_counted(self):
        end = self.end("pass")
        self.assertEqual((end["processes"], end["files"], end["limit"]), (0, 0, ""))
        source = """
import os
os.makedirs(os.environ["TMPDIR"] + "/a/b")
open(os.environ["TMPDIR"] + "/a/b/c", "w").close()
for _ in range(2):
    if os.fork() == 0:
        while True: os.read(os.pipe()[0], 1)
"""
        end = self.end(source)
        self.assertEqual((end["processes"], end["files"]), (2, 3))
        self.assertEqual(end["note"], "left 2 processes behind")

    def test_time_computed(self):
        spin = "while time.process_time() < 0.3: pass"
        end = self.end(f"import time\n{spin}")
        self.assertGreaterEqual(end["cpu_us"], 250_000)
        self.assertLessEqual(end["cpu_us"], end["us"])
        waited_for = self.end(
            f"import os, time\nif os.fork() == 0:\n {spin}\n os._exit(0)\nos.wait()"
        )
        self.assertGreaterEqual(waited_for["cpu_us"], 250_000)
        self.assertLess(self.end("import time\ntime.sleep(0.4)")["cpu_us"], 250_000)

    def test_the_largest_size(self):
        baseline = self.end("pass")["peak_bytes"]
        self.assertGreater(baseline, 1 << 20)
        self.assertGreater(
            self.end("x = b'x' * (100 << 20)\ndel x")["peak_bytes"], baseline + (90 << 20)
        )
        self.assertLess(self.end("pass")["peak_bytes"], baseline + (50 << 20))

    def test_idle_only_at_the_deadline(self):
        for source in ("pass", "import os\nos._exit(3)", "import os\nos.kill(os.getpid(), 9)"):
            self.assertEqual(self.end(source).get("idle_us", 0), 0, source)

    def test_one_that_sleeps_is_idle(self):
        end = self.end("import time\ntime.sleep(600)", deadline_ms=2500)
        self.assertEqual(end["how"], "deadline")
        self.assertGreater(end["idle_us"], 1_200_000)
        self.assertLessEqual(end["idle_us"], end["us"])
        self.assertLess(end["cpu_us"], end["idle_us"])

    def test_one_that_computes_is_not(self):
        end = self.end("while True: pass", deadline_ms=1500)
        self.assertEqual(end["how"], "deadline")
        self.assertLess(end["idle_us"], 1_000_000)
        self.assertGreater(end["cpu_us"], 300_000)

    def test_one_that_says_something_is_not(self):
        # Its child does, while it waits itself.
        source = (
            "import os, time\nif os.fork():\n os.wait()\n"
            "while True:\n os.write(1, b'x')\n time.sleep(0.1)"
        )
        self.assertLess(self.end(source, deadline_ms=2500)["idle_us"], 1_200_000)


class Deadlines(WithHost):
    NEEDS = ("pep554.eval/1",)

    def test_one_that_stopped_itself(self):
        for source in ("pass", "import time; time.sleep(0.2)"):  # seen at once, or later
            stop = f"import os, signal\n{source}\nos.kill(os.getpid(), signal.SIGSTOP)"
            got = self.host.run([evaluate(stop)], deadline_ms=700)
            self.assertEqual(got.end["how"], "deadline", got.all)
            self.assertFalse(alive(got.all[0]["pid"]))

    @unittest.skipUnless(os.path.exists("/proc/self/schedstat"), "this Linux has no schedstat")
    def test_time_without_a_processor_does_not_count(self):
        source = """
import os
processor = min(os.sched_getaffinity(0))
os.sched_setaffinity(0, [processor])
for _ in range(4):
    if os.fork() == 0:
        while True: pass
while True: pass
"""
        got = self.host.run([evaluate(source)], deadline_ms=1000)
        self.assertEqual(got.end["how"], "deadline")
        self.assertGreaterEqual(got.end["us"], 1_800_000)
        self.assertFalse(alive(got.all[0]["pid"]))


class Floods(WithHost):
    NEEDS = ("pep554.eval/1",)

    def exceed(self, source, limit, **fields):
        got = self.host.run([evaluate(source)], **fields)
        self.assertEqual((got.end["how"], got.end["limit"], got.end["code"]), ("flooded", limit, 0))
        return got

    def test_of_processes(self):
        bomb = """
import os, time
if os.fork() == 0:
    os.setsid()
    for _ in range(60):
        if os.fork() == 0:
            break
    time.sleep(600)
time.sleep(600)
"""
        got = self.exceed(bomb, "processes", processes=20, deadline_ms=60_000)
        self.assertGreater(got.end["processes"], 20)
        self.assertFalse(got.end["completed"])

    def test_as_many_processes_as_are_allowed(self):
        source = """
import os, time
if os.fork() == 0:
    os.setsid()
    for _ in range(8):
        if os.fork() == 0:
            break
    time.sleep(600)
time.sleep(1)
"""
        got = self.host.run([evaluate(source)], processes=10)
        self.assertEqual((got.end["how"], got.end["processes"]), ("exited", 9))

    def test_of_memory(self):
        source = """
import os, time
kept = []
block = bytes([1]) * (4 << 20)
try:
    while True: kept.append(bytearray(block))
except MemoryError:
    time.sleep(0.3)
    os.{end}
"""
        for end in ("abort()", "_exit(3)"):
            self.exceed(source.format(end=end), "memory", memory_bytes=640 << 20)

    def test_little_memory_is_no_flood(self):
        for limit in (640 << 20, 0):
            got = self.host.run([evaluate("import os\nos.abort()")], memory_bytes=limit)
            self.assertEqual(got.end["how"], "signaled")
            self.assertEqual(got.end["code"], signal.SIGABRT)

    def test_of_memory_that_was_survived_is_none(self):
        source = "try: bytes([1]) * (1 << 40)\nexcept MemoryError: pass"
        self.ok(self.host.run([evaluate(source)], memory_bytes=640 << 20))
