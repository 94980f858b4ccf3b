"""Shared by the tests of a host: short forms of steps, and a test case with a running host."""

import os
import pathlib
import shutil
import tempfile
import time
import unittest

from host_client import PATIENCE_S, Host

COMMAND = []  # the host, set by main

# An implementation of the draft that is all names.
MODULE = """
class Interpreter:
    def __init__(self, id): self._id = id
    id = property(lambda self: self._id)
    def is_running(self): return False
    def destroy(self): pass
    def run(self, code): exec(code, {})
def create(): return Interpreter(1)
def enumerate(): return [Interpreter(0)]
def get_main(): return Interpreter(0)
get_current = get_main
"""


def step(op, **fields):
    return {"op": op, **{name.rstrip("_"): value for name, value in fields.items()}}


def run(on, text):
    return step("run", on=on, text=text)


def evaluate(text):
    return step("eval", text=text)


CREATE = step("create", as_="a")


def alive(pid):
    """Whether a process exists and is no zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def eventually(condition):
    until = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return condition()


class WithHost(unittest.TestCase):
    """A host for each test; afterwards it must be as good as new."""

    NEEDS = ()  # extensions

    def setUp(self):
        self.host = Host(COMMAND)
        self.addCleanup(self.host.wait)
        self.assertEqual(self.host.hello["msg"], "hello", self.host.hello)
        for extension in self.NEEDS:
            if extension not in self.host.hello["extensions"]:
                self.skipTest(f"the host does not offer {extension}")

    def tearDown(self):
        if self.host.process.poll() is None and not self.host.process.stdin.closed:
            after = self.host.run([CREATE, run("a", "$emit('fine')")])
            self.assertEqual(after.emitted(), ["fine"])
            self.assertEqual(after.end["how"], "exited")
            self.assertTrue(after.end["completed"])
            self.assertEqual(after.end["note"], "")

    def sanitizer(self):
        """The sanitizer in the host, which changes a program's cost: "asan", "tsan" or None."""
        with open(f"/proc/{self.host.process.pid}/maps", encoding="utf-8") as maps:
            mapped = maps.read()
        return next((name for name in ("asan", "tsan") if f"/lib{name}.so" in mapped), None)

    def hears_in_a_loop(self):
        """Not with the thread sanitizer: it hands signals on in calls that it intercepts, and a loop may make none."""
        return self.sanitizer() != "tsan"

    def ok(self, messages):
        """Every step of every lane answered ok."""
        for lane in range(len(messages.program["lanes"])):
            for answer in messages.answers(lane):
                self.assertIsNotNone(answer, messages.all)
                self.assertEqual(answer["status"], "ok", answer)
        self.assertTrue(messages.end["completed"])
        self.assertEqual((messages.end["how"], messages.end["code"]), ("exited", 0))
        return messages


class WithFolder(unittest.TestCase):
    """Hosts of a Python that are given modules and adapters of the test's own."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        keys = ("adapter", "adapters", "path")
        self.bare = [word for word in COMMAND if word.partition("=")[0] not in keys]

    def put(self, name, text):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return str(file.parent)

    def start(self, *options, env=None, cwd=None):
        command = [*self.bare, *options]
        if cwd:
            command = ["sh", "-c", 'cd "$0" && exec "$@"', cwd, *command]
        host = Host(command, env=dict(os.environ, **(env or {})))
        self.addCleanup(host.wait)
        return host

    def with_module(self, *options, text=MODULE, **more):
        return self.start("path=" + self.put("m/interpreters.py", text), *options, **more)

    def adapter(self, order, *options):
        self.put("order", order)
        host = self.start("adapter=auto", f"adapters={self.folder}", *options)
        self.assertEqual(host.hello["msg"], "hello", host.hello)
        return host

    def refusal(self, *options):
        host = self.start(*options)
        self.assertEqual(host.hello["msg"], "refused")
        self.assertIsNone(host.receive())
        self.status = host.wait()
        return host.hello["reason"]

    def emitted(self, host, *sources):
        got = host.run([evaluate(source) for source in sources])
        self.assertTrue(got.end["completed"], got.all)
        return got.emitted()
