"""Shared by the tests of the two modules: scripts in a process of their own, and code in an
interpreter that is stopped at a known place by pipes, never by sleeping."""

import importlib
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import interpreters

# From 3.13 on the name is taken by a built-in module of CPython's.
LOW_NAME = "_interpreters" if sys.version_info < (3, 13) else "_pep554_interpreters"
low = importlib.import_module(LOW_NAME)

# CPython's own module.
OTHER = "_xxsubinterpreters" if sys.version_info < (3, 13) else "_interpreters"

# From 3.12 on interpreters are isolated: a GIL of their own, no daemon threads, no extension modules
# that are not made for this.
ISOLATED = sys.version_info >= (3, 12)

TIMEOUT = 90
SANITIZED = os.environ.get("PEP554_TEST_SANITIZE", "")

# Without settings of the user who runs the tests, such as unbuffered output.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name in ("PYTHONPATH", "PYTHONMALLOC") or not name.startswith("PYTHON")
}


def command(source, flags=("-S",)):
    """The command that starts a program in a process of its own."""
    return [sys.executable, *flags, "-s", "-B", "-c", source]


class TestCase(unittest.TestCase):
    def setUp(self):
        self.addCleanup(self.destroy_all)

    def destroy_all(self):
        for interpreter in interpreters.enumerate():
            if interpreter != interpreters.get_main():
                interpreter.destroy()

    def create(self):
        return interpreters.create()

    def evaluate(self, interpreter, expression):
        """The repr of an expression, as evaluated in there."""
        read_end, write_end = os.pipe()
        with os.fdopen(read_end, "rb") as reader:
            try:
                interpreter.run(
                    f"import os as _os\n"
                    f"_os.write({write_end}, ascii({expression}).encode())"
                )
            finally:
                os.close(write_end)
            return reader.read().decode()

    def assert_not_found(self, number, function, *args):
        with self.assertRaises(RuntimeError) as caught:
            function(*args)
        self.assertEqual(str(caught.exception), f"unrecognized interpreter ID {number}")

    def assert_busy(self, number, function, *args):
        with self.assertRaises(RuntimeError) as caught:
            function(*args)
        self.assertEqual(str(caught.exception), f"interpreter {number} is already running")

    def script(self, source, status=0, site=None):
        """Runs a program in a process of its own; returns what it wrote to stdout. `site`: where it finds
        its sitecustomize."""
        environment = dict(ENVIRONMENT)
        if site is not None:
            path = filter(None, (site, environment.get("PYTHONPATH")))
            environment["PYTHONPATH"] = os.pathsep.join(path)
        started = subprocess.Popen(
            command(source, ("-S",) if site is None else ()),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,
        )
        try:
            output, self.stderr = started.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)  # its children, too
            raise
        self.assertEqual(started.returncode, status, output + self.stderr)
        return output


# Activities of a thread when the process forks or exits. (With one GIL for all, code that
# computes without ever blocking keeps everybody waiting.)
NOISY = {
    "creates": "import interpreters\nwhile True:\n    try: interpreters.create().destroy()\n"
    "    except RuntimeError: import time; time.sleep(100)",
    "sleeps": "import time\nwhile True: time.sleep(0.0001)",
}
if ISOLATED:
    NOISY["computes"] = "while True: pass"
    NOISY["allocates"] = "while True: x = [[i] for i in range(1000)]"
    NOISY["imports"] = "import sys\nwhile True:\n    import json\n    del sys.modules['json']"

# Activities that must not go on while the process forks under AddressSanitizer, whose allocator does not
# support forks: the child may wait forever for a lock that a thread had which does not exist there.
ALLOCATING = ("allocates", "imports") if "address" in SANITIZED else ()

# make_noise(code): three daemon threads that execute it, each in an interpreter of its own.
START_NOISE = """
import interpreters, os, sys, threading
def make_noise(code):
    for _ in range(3):
        begun, begin = os.pipe()
        source = f"import os; os.write({begin}, b'x')\\n" + code
        run = interpreters.create().run
        threading.Thread(target=run, args=(source,), daemon=True).start()
        os.read(begun, 1)
"""


def wait_for_threads(interpreter):
    """Waits until the threads it started, which are about to end, are gone."""
    deadline = time.monotonic() + TIMEOUT
    code = "import _thread\nassert _thread._count() == 0"
    while time.monotonic() < deadline:
        try:
            return interpreter.run(code)
        except interpreters.RunFailedError:
            time.sleep(0.001)
    raise TimeoutError(f"{interpreter} still has threads")


class Blocked:
    """Code that blocks in an interpreter, run by a thread of its own, until left."""

    def __init__(self, interpreter, before="", after=""):
        self._entered, entered = os.pipe()
        leave, self._leave = os.pipe()
        self._ends = [self._entered, entered, leave, self._leave]
        source = (
            f"{before}\nimport os\nos.write({entered}, b'x')\nos.read({leave}, 1)\n{after}"
        )
        self._thread = threading.Thread(target=self._run, args=(interpreter, source))
        self.error = None

    def _run(self, interpreter, source):
        try:
            interpreter.run(source)
        except interpreters.RunFailedError as error:
            self.error = error

    def __enter__(self):
        self._thread.start()
        os.read(self._entered, 1)
        return self

    def __exit__(self, *_):
        os.write(self._leave, b"x")
        self._thread.join(TIMEOUT)
        for end in self._ends:
            os.close(end)


def main():
    unittest.main(verbosity=2)
