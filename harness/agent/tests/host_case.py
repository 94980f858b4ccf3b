"""What the tests of a host share: steps in short, and a test case with a running host."""

import time
import unittest

from host_client import PATIENCE_S, Host

COMMAND = []  # the host, set by main


def step(op, **fields):
    return {"op": op, **{name.rstrip("_"): value for name, value in fields.items()}}


def run(on, text):
    return step("run", on=on, text=text)


def evaluate(text):
    return step("eval", text=text)


CREATE = step("create", as_="a")


def alive(pid):
    """Whether a process is there and no zombie."""
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
        """What the host was built with that changes what a program costs: "asan", "tsan" or None."""
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
