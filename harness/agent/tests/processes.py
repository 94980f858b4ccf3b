"""Tests of a host: the output, the end and the leftovers of a program's process."""

import signal
import time

from host_case import CREATE, WithHost, alive, evaluate, run, step


class Output(WithHost):
    def test_text_whatever_it_is(self):
        code = (
            "import os, time\n"
            "os.write(1, b'a\\0\\xff\\xe2')\ntime.sleep(0.05)\nos.write(1, b'\\x82\\xac')\n"
            "os.write(2, b'err\\xe2')"
        )
        got = self.host.run([CREATE, run("a", code)])
        self.ok(got)
        self.assertEqual(got.output(1), "a\0\ufffd\u20ac")
        self.assertEqual(got.output(2), "err\ufffd")

    def test_much(self):
        got = self.host.run(
            [CREATE, run("a", "import os\nfor _ in range(100): os.write(1, b'x' * 9000)")]
        )
        self.ok(got)
        self.assertEqual(len(got.output(1)), 900_000)

    def test_as_it_happens(self):
        program = {
            "lanes": [
                [CREATE, run("a", "import os\nos.write(1, b'now')\n$emit(1)\n$wait('never')")]
            ],
            "deadline_ms": 30_000,
        }
        self.host.start(program)
        seen = set()
        began = time.monotonic()
        while not {"output", "emitted"} <= seen:
            message = self.host.receive()
            seen |= {message["msg"], message.get("e")}
        self.assertLess(time.monotonic() - began, 25)
        self.host.hang_up()

    def test_flood_is_cut(self):
        exceed = run("a", "import os\nwhile True: os.write(1, b'x' * 4096)")
        got = self.host.run([CREATE, exceed], output_bytes=10_000)
        self.assertEqual(
            (got.end["how"], got.end["limit"], got.end["code"]), ("flooded", "output", 0)
        )
        self.assertEqual(len(got.output(1)), 10_000)
        self.assertFalse(got.end["completed"])

    def test_flood_that_ends_by_itself(self):
        exceed = run("a", "import os\nos.write(1, b'x' * 300)\nos.write(2, b'y' * 300)")
        got = self.host.run([CREATE, exceed], output_bytes=500)
        self.assertEqual((got.end["how"], got.end["limit"]), ("flooded", "output"))
        self.assertEqual(len(got.output(1)) + len(got.output(2)), 500)

    def test_flood_of_events(self):
        # Large records that are no events: an instrumented host takes minutes for as many $emit.
        code = """
import os, stat
def is_socket(fd):
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False
channel = next(fd for fd in range(200, 1024) if is_socket(fd))
while True:
    os.write(channel, b"x" * 60000)
"""
        got = self.host.run([CREATE, run("a", code)], deadline_ms=120_000)
        self.assertEqual((got.end["how"], got.end["limit"]), ("flooded", "events"))
        self.assertIn("unreadable on the event channel", got.end["note"])


class Ends(WithHost):
    def test_crash(self):
        got = self.host.run(
            [CREATE, run("a", "import os\nos.write(1, b'last')\nos.kill(os.getpid(), 11)"), CREATE]
        )
        self.assertEqual((got.end["how"], got.end["code"]), ("signaled", signal.SIGSEGV))
        self.assertFalse(got.end["completed"])
        self.assertEqual(got.answers()[1:], [None, None])
        self.assertEqual(len(got.events("called")), 2)
        self.assertEqual(got.output(1), "last")

    def test_exit(self):
        for code in (0, 7):
            got = self.host.run([CREATE, run("a", f"import os\nos._exit({code})")])
            self.assertEqual((got.end["how"], got.end["code"]), ("exited", code))
            self.assertFalse(got.end["completed"])

    def test_deadline(self):
        for code in ("while True: pass", "$wait('never')"):
            got = self.host.run([CREATE, run("a", code)], deadline_ms=700)
            self.assertEqual((got.end["how"], got.end["code"]), ("deadline", 0))
            self.assertGreaterEqual(got.end["us"], 700_000)
            self.assertFalse(got.end["completed"])
            self.assertEqual(got.answers()[1], None)

    def test_memory_limit(self):
        if self.sanitizer():
            self.skipTest("the shadow memory of the host's sanitizer is larger than any limit")
        code = (
            "try: x = bytearray(400 << 20)\n"
            "except MemoryError: $emit('limited')\nelse: $emit('there')"
        )
        for limit, expected in ((200 << 20, "limited"), (0, "there"), (1 << 63, "there")):
            got = self.ok(self.host.run([CREATE, run("a", code)], memory_bytes=limit))
            self.assertEqual(got.emitted(), [expected], limit)

    def test_the_surroundings(self):
        code = (
            "import os, resource\n"
            "$emit(os.getpgrp() == os.getpid())\n$emit(os.read(0, 10))\n"
            "$emit(resource.getrlimit(resource.RLIMIT_CORE))\n$emit(os.getpid())"
        )
        got = self.ok(self.host.run([CREATE, run("a", code)]))
        group, stdin, core, pid = got.emitted()
        self.assertEqual((group, stdin, core), ("True", "b''", "(0, 0)"))
        self.assertEqual(pid, str(got.all[0]["pid"]))

    def test_malformed_on_the_event_channel(self):
        code = (
            "import os, stat\n"
            "for fd in range(3, 1024):\n"
            " try:\n  if not stat.S_ISSOCK(os.fstat(fd).st_mode): continue\n"
            " except OSError: continue\n"
            " for malformed in (b'\\xff', b'{\"e\":', b'[]', b'{\"e\":\"called\",\"lane\":9}',\n"
            '  b\'{"e":"emitted","lane":0,"step":0,"hex":"0"}\', b\'1\' * 100_000):\n'
            "  os.write(fd, malformed)"
        )
        got = self.ok(self.host.run([CREATE, run("a", code), run("a", "$emit('after')")]))
        self.assertEqual(got.emitted(), ["after"])
        self.assertEqual(got.end["note"], "6 unreadable on the event channel")


DAEMON = (
    "import os\n"
    "ready = os.pipe()\n"
    "if os.fork() == 0:\n"
    " os.setsid()\n"
    " if os.fork() == 0:\n"
    "  os.write(ready[1], b'%d' % os.getpid())\n"
    "  while True: os.read(os.pipe()[0], 1)\n"
    " os._exit(0)\n"
    "os.wait()\n"
    "$emit(os.read(ready[0], 10).decode())\n"
)


class Leftovers(WithHost):
    NEEDS = ("pep554.eval/1",)

    def test_a_daemon_is_found_and_ended(self):
        got = self.ok(self.host.run([evaluate(DAEMON)]))
        self.assertEqual(got.end["note"], "left 1 process behind")
        self.assertFalse(alive(got.emitted()[0]))

    def test_more_end_at_the_deadline(self):
        source = DAEMON + "os.fork() or os.read(os.pipe()[0], 1)\n$wait('never')"
        got = self.host.run([evaluate(source)], deadline_ms=2000)
        self.assertEqual(got.end["how"], "deadline")
        self.assertEqual(got.end["note"], "2 processes ended with it")

    def test_a_process_that_ended_by_itself_is_not_counted(self):
        zombie = "import os\nos.waitid(os.P_PID, os.fork() or os._exit(0), os.WEXITED | os.WNOWAIT)"
        self.assertEqual(self.ok(self.host.run([evaluate(zombie)])).end["note"], "")


class Finalization(WithHost):
    def finalize(self, *steps, **fields):
        return self.host.run([CREATE, *steps], finish="finalize", **fields)

    def test_in_order(self):
        got = self.finalize(run("a", "x = 1"), step("construct", on="a", as_="b"))
        kinds = [event["e"] for event in got.events()]
        self.assertEqual(kinds[-2:], ["finalize", "finalized"])
        self.assertEqual(got.events("finalized")[0]["answer"], {"status": "ok"})
        self.ok(got)

    def test_quit_finalizes_nothing(self):
        got = self.host.run([CREATE, run("a", "import atexit\natexit.register(lambda: $emit(1))")])
        self.ok(got)
        self.assertEqual(got.emitted(), [])
        self.assertEqual(got.events("finalize"), [])

    def test_not_before_the_lanes_have_ended(self):
        got = self.finalize(step("wait", text="never"), deadline_ms=500)
        self.assertEqual(got.end["how"], "deadline")
        self.assertEqual(got.events("finalize"), [])


class FinalizationInPython(WithHost):
    NEEDS = ("pep554.eval/1",)

    def test_interpreters_that_are_alive(self):
        self.ok(self.finalize("c = interpreters.create()\nd = interpreters.create()"))

    def finalize(self, source, **fields):
        return self.host.run(
            [evaluate("import atexit, os, sys\n" + source)], finish="finalize", **fields
        )

    def test_exit_callbacks_run_and_output_is_flushed(self):
        got = self.ok(self.finalize("atexit.register(lambda: $emit('bye'))\nprint('printed')"))
        self.assertEqual(got.emitted(), ["bye"])
        self.assertEqual(got.output(1), "printed\n")
        kinds = [event["e"] for event in got.events()]
        self.assertEqual(kinds[-3:], ["finalize", "emitted", "finalized"])

    def test_an_exit_in_the_middle(self):
        for code in (0, 5):
            got = self.finalize(f"atexit.register(lambda: os._exit({code}))")
            self.assertEqual((got.end["how"], got.end["code"]), ("exited", code))
            self.assertEqual(len(got.events("finalize")), 1)
            self.assertEqual(got.events("finalized"), [])
            self.assertTrue(got.end["completed"])

    def test_a_crash_in_the_middle(self):
        got = self.finalize("atexit.register(os.abort)")
        self.assertEqual((got.end["how"], got.end["code"]), ("signaled", signal.SIGABRT))
        self.assertEqual(got.events("finalized"), [])

    def test_output_that_cannot_be_flushed(self):
        got = self.finalize("os.close(1)\nos.open('/dev/full', os.O_WRONLY)\nprint('lost')")
        self.assertEqual(got.events("finalized")[0]["answer"]["status"], "raised")
        self.assertEqual((got.end["how"], got.end["code"]), ("exited", 0))

    def test_failed_exit_callbacks_and_exceptions_change_nothing(self):
        self.ok(self.finalize("atexit.register(lambda: 1/0)"))

    def test_objects_end_with_it(self):
        got = self.finalize(
            "class T:\n def __del__(s, write=os.write): write(1, b'deleted')\nkept = T()"
        )
        self.assertEqual(self.ok(got).output(1), "deleted")
