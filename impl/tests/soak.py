"""Four threads that make, use and destroy interpreters, also those of each other, as fast as they can.

    python soak.py CYCLES [SEED]

Ends with 0 if every call answered as it may, no id came twice and nothing is left; with what is wrong
otherwise. Takes 3 to 8 ms a cycle."""

import random
import sys
import threading

import interpreters
from interpreters import Interpreter, RunFailedError

THREADS = 4
REFUSALS = ("unrecognized interpreter ID", "is already running", "still has threads")
CODES = (
    "x = 1",
    "x = [[i] for i in range(1000)]",
    "class A:\n def __del__(self): pass\na = A(); a.a = a",
    "import threading\nt = threading.Thread(target=lambda: None)\nt.start()\nt.join()",
    "import interpreters\nassert interpreters.get_current().is_running()\n"
    "for each in interpreters.enumerate(): repr(each)",
    "import interpreters\ninner = interpreters.create()\ninner.run('x = 1')\ninner.destroy()",
    "import atexit\natexit.register(lambda: None)",
    "import time\ntime.sleep(0.001)",
)


class Soak:
    def __init__(self, cycles, seed):
        self.left = cycles
        self.lock = threading.Lock()
        self.ids = set()
        self.random = random.Random(seed)
        self.errors = []

    def take(self):
        with self.lock:
            self.left -= 1
            return self.left >= 0 and not self.errors

    def note(self, created):
        with self.lock:
            assert created.id not in self.ids, f"{created} for the second time"
            self.ids.add(created.id)

    def disturb(self, own):
        """Whatever somebody else's interpreter is doing: an answer, or one of the refusals."""
        others = [each for each in interpreters.enumerate() if each != own and each.id != 0]
        if not others:
            return
        victim = self.random.choice(others)
        attempt = self.random.choice((victim.is_running, lambda: victim.run("y = 1"), victim.destroy))
        try:
            attempt()
        except RuntimeError as error:
            assert any(text in str(error) for text in REFUSALS), error

    def cycle(self):
        created = interpreters.create()
        self.note(created)
        try:
            assert interpreters.get_main() in interpreters.enumerate()
            for _ in range(3):
                created.run(self.random.choice(CODES))
            self.disturb(created)
            try:
                created.run("1/0")
            except RunFailedError as error:
                assert error.type_name == "ZeroDivisionError"
            created.destroy()
        except RunFailedError as error:
            # Inside, its inner interpreter may be destroyed by somebody else, too.
            assert "unrecognized" in str(error) or "running" in str(error), error.traceback
            self.finish(created)
        except RuntimeError as error:  # somebody else was there first
            assert any(text in str(error) for text in REFUSALS), error
            self.finish(created)

    def finish(self, created):
        while created in interpreters.enumerate():
            try:
                created.destroy()
            except RuntimeError as error:
                assert any(text in str(error) for text in REFUSALS), error

    def work(self):
        try:
            while self.take():
                self.cycle()
        except BaseException as error:
            self.errors.append(error)
            raise

    def run(self):
        threads = [threading.Thread(target=self.work) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for each in interpreters.enumerate():  # what inner code could not destroy any more
            if each.id != 0:
                each.destroy()
        assert interpreters.enumerate() == [Interpreter(0)], interpreters.enumerate()
        return not self.errors


if __name__ == "__main__":
    cycles = int(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    print(f"{cycles} cycles, {THREADS} threads, seed {seed}", flush=True)
    sys.exit(0 if Soak(cycles, seed).run() else 1)
