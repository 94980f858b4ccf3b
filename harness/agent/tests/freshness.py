"""Tests of a host: programs in processes whose runtime was started there."""

import pathlib
import shutil
import signal
import tempfile

from host_case import COMMAND, CREATE, WithHost, alive, eventually, evaluate, run, step
from host_client import Host

# Put at the end of the module `interpreters`: where it was imported, and what then happens.
MARK = """
import posix as _posix
STARTED_IN = _posix.getpid()
_posix.write(2, b"import went here")
try:
    _flag = _posix.open({flag!r}, 0)
except OSError:
    pass
else:
    exec(_posix.read(_flag, 1000))
"""
ALIKE = """
import os, resource, signal, sys
$emit(sorted(sys.modules))
$emit(sys.argv)
$emit(sys.path)
$emit(sys.flags)
$emit(sorted(globals()))
$emit(sorted(os.environ.items()))
$emit(os.getcwd())
$emit([resource.getrlimit(getattr(resource, name)) for name in dir(resource)
       if name[:7] == "RLIMIT_" and name != "RLIMIT_NPROC"])  # which follows the machine
$emit(signal.pthread_sigmask(signal.SIG_BLOCK, []))
$emit([str(signal.getsignal(s)) for s in (signal.SIGINT, signal.SIGPIPE, signal.SIGTERM)])
$emit(os.getpgrp() == os.getpid())
$emit(os.read(0, 10))
"""


class Fresh(WithHost):
    NEEDS = ("pep554.eval/1",)

    def setUp(self):
        super().setUp()
        self.assertIs(self.host.hello.get("fresh"), True)

    def test_is_a_program_like_any_other(self):
        got = self.ok(
            self.host.run(
                [CREATE, run("a", "import os\n$emit(os.getpid())\nos.write(1, b'out')"),
                 step("is_running", on="a"), step("destroy", on="a")],
                fresh=True,
            )
        )  # fmt: skip
        self.assertEqual(got.emitted(), [str(got.all[0]["pid"])])
        self.assertEqual(got.output(1), "out")

    def test_is_alike(self):
        for fields in ({}, {"open_files": 100, "memory_bytes": 1 << 30}):
            forked, fresh = [
                self.ok(self.host.run([evaluate(ALIKE)], fresh=fresh, **fields))
                for fresh in (False, True)
            ]
            self.assertEqual(len(forked.emitted()), 12)
            for one, other in zip(forked.emitted(), fresh.emitted()):
                self.assertEqual(one, other)

    def test_finalizes(self):
        source = "import atexit\natexit.register(lambda: $emit('bye'))"
        got = self.ok(self.host.run([CREATE, evaluate(source)], fresh=True, finish="finalize"))
        kinds = [event["e"] for event in got.events()]
        self.assertEqual(kinds[-3:], ["finalize", "emitted", "finalized"])

    def test_in_lanes(self):
        if "pep554.thread/1" not in self.host.hello["extensions"]:
            self.skipTest("the host does not offer pep554.thread/1")
        got = self.host.run([step("wait", text="g"), CREATE], [step("open", text="g")], fresh=True)
        self.ok(got)

    def test_repeats(self):
        got = self.ok(self.host.run([evaluate("import os\nos.dup(0)")], fresh=True, repeat=16))
        self.assertEqual([event["descriptors"] for event in got.events("grown")], [14])

    def test_how_it_ends(self):
        got = self.host.run([evaluate("import os\nos._exit(7)")], fresh=True)
        self.assertEqual((got.end["how"], got.end["code"]), ("exited", 7))
        got = self.host.run([evaluate("import os\nos.abort()")], fresh=True)
        self.assertEqual((got.end["how"], got.end["code"]), ("signaled", signal.SIGABRT))
        self.assertTrue(got.trace())
        got = self.host.run([evaluate("while True: pass")], fresh=True, deadline_ms=1500)
        self.assertEqual(got.end["how"], "deadline")
        if self.hears_in_a_loop():
            self.assertTrue(got.trace())
        got = self.host.run(
            [evaluate("import os\nos.write(1, b'x' * 1000)")], fresh=True, output_bytes=100
        )
        self.assertEqual((got.end["how"], got.end["limit"]), ("flooded", "output"))

    def test_without_room_for_descriptors(self):
        limited = ["sh", "-c", 'ulimit -n 64; exec "$@"', "sh"]
        host = Host(limited + COMMAND)
        self.addCleanup(host.wait)
        got = host.run([evaluate("$emit(1)")], fresh=True)
        if not got.end["completed"]:  # what has not begun says nothing
            self.assertEqual(got.end["how"], "not_run", got.end)
            self.assertIn("did not come to start its runtime", got.end["note"])
        self.ok(host.run([evaluate("$emit(1)")]))

    def test_dies_with_the_host(self):
        pid = self.host.under_way([evaluate("$emit(1)\n$wait('never')")], fresh=True)
        self.host.process.kill()
        self.assertEqual(self.host.wait(), -signal.SIGKILL)
        self.assertTrue(eventually(lambda: not alive(pid)))

    def test_a_large_program(self):
        code = "x = '" + "\u20ac$" * 10_000 + "y" * (4 << 20) + "'\n$emit(len(x))"
        got = self.ok(self.host.run([evaluate(code)], fresh=True))
        self.assertEqual(got.emitted(), [str(20_000 + (4 << 20))])


class Marked(WithHost):
    """With a module `interpreters` that knows in which process it was imported. Needs a host that
    takes the options `adapters` or `path`."""

    NEEDS = ("pep554.eval/1",)

    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)
        self.flag = self.folder / "flag"
        options = [self.marked(option) for option in COMMAND]
        if options == COMMAND:
            self.skipTest("the host has neither of the options adapters and path")
        self.host = Host(options)
        self.addCleanup(self.host.wait)
        self.assertEqual(self.host.hello["msg"], "hello", self.host.hello)

    def marked(self, option):
        key, _, value = option.partition("=")
        if key not in ("adapters", "path"):
            return option
        copy = self.folder / key
        shutil.copytree(value, copy)
        for file in copy.rglob("interpreters.py"):
            with open(file, "a", encoding="utf-8") as module:
                module.write(MARK.format(flag=str(self.flag)))
        return f"{key}={copy}"

    def test_the_runtime_was_started_there(self):
        ask = evaluate("import os\n$emit(interpreters.STARTED_IN)\n$emit(os.getpid())")
        where = {}
        for fresh in (True, False, True):
            got = self.ok(self.host.run([ask], fresh=fresh))
            started, pid = map(int, got.emitted())
            self.assertEqual(pid, got.all[0]["pid"])
            self.assertEqual(started == pid, fresh)
            self.assertEqual(got.output(1) + got.output(2), "")
            where.setdefault(fresh, set()).add(started)
        self.assertEqual(len(where[True]), 2)

    def test_a_runtime_that_does_not_start_there(self):
        for source in ("raise ValueError('planned')", "_posix._exit(0)", "_posix.abort()"):
            self.flag.write_text(source)
            got = self.host.run([evaluate("$emit(1)")], fresh=True)
            self.assertFalse(got.end["completed"], source)
            self.assertTrue(got.end["note"], source)
            self.assertEqual(got.events(), [], source)
            self.ok(self.host.run([evaluate("$emit(1)")]))
            self.flag.unlink()
        self.ok(self.host.run([evaluate("$emit(1)")], fresh=True))

    def test_a_runtime_that_hangs_while_it_starts(self):
        self.flag.write_text("import time\ntime.sleep(600)")
        got = self.host.run([evaluate("$emit(1)")], fresh=True, deadline_ms=1000)
        self.assertEqual((got.end["how"], got.end["completed"]), ("deadline", False))
        self.assertTrue(got.end["note"])
        self.assertFalse(alive(got.all[0]["pid"]))
        self.flag.unlink()
