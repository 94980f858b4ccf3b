"""Tests of a host: where a program was when a signal ended it, or at its deadline."""

from host_case import CREATE, WithHost, evaluate, run

FUNCTIONS = """
import os, signal, time
def crashes_here():
    os.kill(os.getpid(), signal.SIGSEGV)
def aborts_here():
    os.abort()
def spins_here():
    while True: pass
def sleeps_here():
    time.sleep(600)
def waits_here():
    os.read(os.pipe()[0], 1)
def calls(function):
    function()
"""


class Traces(WithHost):
    """Every host has one; the runtime's own, with names, one whose target has pep554.trace/1."""

    NEEDS = ("pep554.eval/1",)

    def look(self, got, *names):
        self.assertTrue(got.trace(), got.end)
        self.assertNotIn("\0", got.trace())
        if "pep554.trace/1" in self.host.hello["extensions"]:
            for name in names:
                self.assertIn(name, got.trace())

    def test_of_a_crash(self):
        for name in ("crashes_here", "aborts_here"):
            got = self.host.run([evaluate(FUNCTIONS), evaluate(f"calls({name})")])
            self.assertEqual(got.end["how"], "signaled")
            self.look(got, name, "calls")

    def test_of_a_wild_pointer(self):
        wild = (
            "try:\n import ctypes\nexcept ImportError:\n"
            " import os, signal\n def follows_it(): os.kill(os.getpid(), signal.SIGSEGV)\n"
            "else:\n def follows_it(): ctypes.string_at(16)\n"
            "follows_it()"
        )
        got = self.host.run([evaluate(wild)])
        self.assertEqual((got.end["how"], got.end["code"]), ("signaled", 11))
        self.look(got, "follows_it")

    def test_of_a_hang(self):
        for name in ("spins_here", "sleeps_here", "waits_here")[not self.hears_in_a_loop() :]:
            got = self.host.run([evaluate(FUNCTIONS), evaluate(f"calls({name})")], deadline_ms=700)
            self.assertEqual(got.end["how"], "deadline")
            self.look(got, name, "calls")

    def test_of_a_hang_in_an_interpreter(self):
        hang = "while True: pass" if self.hears_in_a_loop() else "import time\ntime.sleep(600)"
        got = self.host.run([CREATE, run("a", hang)], deadline_ms=700)
        self.assertEqual(got.end["how"], "deadline")
        self.look(got)

    def test_of_other_threads(self):
        threads = """
import threading
held = threading.Lock()
def owner():
    with held: sleeps_here()
threading.Thread(target=owner).start()
while not held.locked(): pass
held.acquire()
"""
        got = self.host.run([evaluate(FUNCTIONS), evaluate(threads)], deadline_ms=1000)
        self.look(got, "sleeps_here", "owner")

    def test_is_cut(self):
        # A Python that shows fewer frames or threads than these does not come that far.
        many = """
import threading
def deeper(depth):
    return deeper(depth - 1) if depth else sleeps_here()
for _ in range(60): threading.Thread(target=deeper, args=(200,)).start()
sleeps_here()
"""
        got = self.host.run([evaluate(FUNCTIONS), evaluate(many)], deadline_ms=3000, memory_bytes=0)
        self.assertEqual(got.end["how"], "deadline")
        self.look(got, "sleeps_here")

    def test_a_completed_program_has_no_trace(self):
        for source in ("pass", "import os\nos._exit(3)", "1/0"):
            got = self.host.run([evaluate(source)])
            self.assertEqual(got.trace(), "")

    def test_code_that_blocks_signals(self):
        blocking = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        got = self.host.run([evaluate(blocking + "while True: pass")], deadline_ms=700)
        self.assertEqual((got.end["how"], got.end["code"]), ("deadline", 0))
        gone = "import signal\nsignal.signal(signal.SIGRTMAX, signal.SIG_DFL)\nwhile True: pass"
        got = self.host.run([evaluate(gone)], deadline_ms=700)
        self.assertEqual((got.end["how"], got.end["code"]), ("deadline", 0))

    def test_all_descriptors_closed(self):
        source = "import os\nos.closerange(0, 1024)\nos.abort()"
        got = self.host.run([evaluate(source)])
        self.assertEqual((got.end["how"], got.end["code"]), ("signaled", 6))
