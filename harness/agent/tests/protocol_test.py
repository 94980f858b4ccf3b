#!/usr/bin/python3
"""protocol_test.py HOST [ARGUMENT ...]: whether a host keeps the protocol of PROTOCOL.md.

Starts the host as the engine would, sends programs, well-behaved and not, and looks at every
message. For authors of hosts, too: the target must have an implementation that keeps the draft well
enough to create interpreters and run code in them, and be Python where `eval` is offered. What a
host does not offer (see "extensions") is not tested, and reported as skipped.
"""

import json
import os
import signal
import sys
import time
import unittest

from host_client import PATIENCE_S, Host, validator

COMMAND = []  # the host, set by main


def step(op, **fields):
    return {"op": op, **({"as": fields.pop("as_")} if "as_" in fields else {}), **fields}


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

    def ok(self, messages):
        """Every step of every lane answered ok."""
        for lane in range(len(messages.program["lanes"])):
            for answer in messages.answers(lane):
                self.assertIsNotNone(answer, messages.all)
                self.assertEqual(answer["status"], "ok", answer)
        self.assertTrue(messages.end["completed"])
        self.assertEqual((messages.end["how"], messages.end["code"]), ("exited", 0))
        return messages


class Opening(WithHost):
    def test_hello(self):
        hello = self.host.hello
        self.assertEqual(hello["protocol"], 1)
        self.assertNotIn("lacks", hello)
        keys = [key for key, _ in hello["facts"]]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertIn("implementation", keys)

    def test_quits(self):
        self.host.send({"msg": "quit", "more": 1})
        self.assertEqual(self.host.wait(), 0)

    def test_end_of_the_stream(self):
        self.assertEqual(self.host.wait(), 0)

    def test_end_within_a_frame(self):
        self.host.send_bytes(b"\0\0\0\x20{")
        self.assertEqual(self.host.wait(), 0)


class Operations(WithHost):
    def test_each_with_its_answer(self):
        got = self.host.run(
            [
                step("get_main", as_="m"),
                step("get_current"),
                CREATE,
                step("enumerate"),
                step("read_id", on="a"),
                step("construct", on="a", as_="b"),
                step("read_id", on="b"),
                step("is_running", on="b"),
                run("b", "x = 1"),
                run("a", "$emit(x + 41)"),
                step("destroy", on="a"),
                step("enumerate"),
                step("release", on="a"),
            ]
        )
        self.ok(got)
        main, current, made, both, id, built, same, running, _, _, _, rest, _ = got.answers()
        self.assertEqual(current["ids"], main["ids"])
        self.assertCountEqual(both["ids"], main["ids"] + made["ids"])
        self.assertEqual([id["text"]], made["ids"])
        self.assertEqual(built["ids"], made["ids"])
        self.assertEqual(same["text"], id["text"])
        self.assertIs(running["truth"], False)
        self.assertEqual(rest["ids"], main["ids"])
        self.assertEqual(got.emitted(), ["42"])

    def test_construct_from_a_text(self):
        got = self.host.run([CREATE])
        id = got.answers()[0]["ids"][0]
        got = self.host.run([CREATE, step("construct", text=id, as_="b"), run("b", "$emit(1)")])
        self.ok(got)

    def test_errors_have_a_category_and_texts(self):
        got = self.host.run(
            [
                CREATE,
                run("a", "raise ValueError('planned')"),
                step("destroy", on="a"),
                run("a", "pass"),
                step("write_id", on="a", text="5"),
            ]
        )
        _, failed, _, gone, written = got.answers()
        self.assertEqual(failed["raised"]["category"], "script-failed")
        self.assertIn("planned", failed["raised"]["message"])
        self.assertTrue(failed["raised"]["type"])
        self.assertEqual(gone["raised"]["category"], "not-found")
        self.assertIn(written["status"], ("raised", "unsupported"))
        self.assertTrue(got.end["completed"])

    def test_long_texts_are_cut_between_characters(self):
        got = self.host.run([CREATE, run("a", "raise ValueError('x' + chr(8364) * 100_000)")])
        message = got.answers()[1]["raised"]["message"]
        self.assertLessEqual(len(message.encode()), 1023)
        self.assertGreater(len(message.encode()), 1000)
        self.assertNotIn("\ufffd", message)

    def test_a_name_that_nobody_has(self):
        for one in (
            step("read_id", on="x"),
            step("write_id", on="x", text="1"),
            step("is_running", on="x"),
            step("destroy", on="x"),
            step("release", on="x"),
            step("construct", on="x"),
            run("x", ""),
        ):
            got = self.host.run([one])
            self.assertEqual(got.answers()[0]["status"], "failed", one)
            self.assertTrue(got.end["completed"])

    def test_a_name_goes_to_another(self):
        got = self.host.run([CREATE, CREATE, step("read_id", on="a"), step("release", on="a")])
        self.ok(got)
        self.assertEqual([got.answers()[2]["text"]], got.answers()[1]["ids"])

    def test_no_lanes_and_empty_lanes(self):
        for lanes in ([], [[]], [[], []]):
            got = self.host.run(*lanes)
            self.assertTrue(got.end["completed"])
            self.assertEqual(len(got.events("lane")), len(lanes))


class Evaluation(WithHost):
    NEEDS = ("pep554.eval/1",)

    def test_one_namespace_a_program(self):
        got = self.host.run([evaluate("n = 41"), evaluate("$emit(n + 1)"), evaluate("$emit(__name__)")])
        self.ok(got)
        self.assertEqual(got.emitted(), ["42", "__main__"])
        got = self.host.run([evaluate("n")])
        self.assertEqual(got.answers()[0]["raised"]["type"], "NameError")

    def test_the_module_is_bound(self):
        self.ok(self.host.run([evaluate("interpreters.create().run('pass')")]))

    def test_categories(self):
        for source, category in (
            ("raise TypeError", "bad-argument"),
            ("raise OverflowError", "bad-argument"),
            ("raise NotImplementedError", "unsupported"),
            ("raise RuntimeError('interpreter already running')", "busy"),
            ("class RunFailedError(Exception): pass\nclass E(RunFailedError): pass\nraise E",
             "script-failed"),
            ("class InterpreterNotFoundError(Exception): pass\nraise InterpreterNotFoundError",
             "not-found"),
            ("raise RuntimeError('unrecognized interpreter ID 7')", "not-found"),
            ("raise KeyError", "other"),
            ("raise SystemExit(3)", "other"),
            ("raise KeyboardInterrupt", "other"),
            ("x = (", "other"),
            ("x\0", "bad-argument"),
        ):  # fmt: skip
            got = self.host.run([evaluate(source)])
            answer = got.answers()[0]
            self.assertEqual(answer["status"], "raised", source)
            if source != "x\0":  # SyntaxError from 3.12 on
                self.assertEqual(answer["raised"]["category"], category, source)
            self.assertTrue(got.end["completed"])

    def test_odd_exceptions(self):
        got = self.host.run(
            [
                evaluate("class E(Exception):\n def __str__(s): 1/0\nraise E"),
                evaluate("raise ValueError('a\\0b\\udc80')"),
                evaluate("raise type('N' * 300, (Exception,), {})"),
            ]
        )
        first, second, third = [answer["raised"] for answer in got.answers()]
        self.assertEqual((first["type"], first["message"]), ("E", "(str() of the exception failed)"))
        self.assertEqual(second["message"], "a\\x00b\\udc80")
        self.assertEqual(third["type"], "N" * 127)

    def test_missing_names_are_unsupported(self):
        got = self.host.run(
            [
                evaluate("del interpreters.create, interpreters.Interpreter.destroy"),
                step("create"),
                step("get_main", as_="m"),
                step("destroy", on="m"),
                evaluate(
                    "def get_current(): raise AttributeError('mine')\n"
                    "interpreters.get_current = get_current"
                ),
                step("get_current"),
            ]
        )
        statuses = [answer["status"] for answer in got.answers()]
        self.assertEqual(statuses, ["ok", "unsupported", "ok", "unsupported", "ok", "raised"])

    def test_the_module_may_answer_anything(self):
        got = self.host.run(
            [
                evaluate(
                    "class Odd:\n id = property(lambda s: 1/0)\n is_running = lambda s: s\n"
                    " __bool__ = lambda s: 1/0\n"
                    "interpreters.create = Odd\ninterpreters.get_main = lambda: None\n"
                    "interpreters.enumerate = lambda: 7"
                ),
                CREATE,
                step("is_running", on="a"),
                step("get_main", as_="m"),
                step("is_running", on="m"),
                step("enumerate"),
            ]
        )
        _, made, running, main, of_none, listed = got.answers()
        self.assertEqual(made["raised"]["type"], "ZeroDivisionError")
        self.assertEqual(running["raised"]["type"], "ZeroDivisionError")
        self.assertEqual(main["status"], "unsupported")
        self.assertEqual(of_none["status"], "unsupported")
        self.assertEqual(listed["raised"]["type"], "TypeError")
        self.assertTrue(got.end["completed"])

    def test_handles_are_let_go(self):
        got = self.host.run(
            [
                evaluate(
                    "gone = []\n"
                    "class Thing:\n id = '7'\n def __del__(s): gone.append(1)\n"
                    "interpreters.create = Thing\n"
                    "interpreters.enumerate = lambda: [Thing(), Thing()]"
                ),
                CREATE,
                step("create"),
                evaluate("$emit(len(gone))"),
                CREATE,
                evaluate("$emit(len(gone))"),
                step("release", on="a"),
                evaluate("$emit(len(gone))"),
                step("enumerate"),
                evaluate("$emit(len(gone))"),
            ]
        )
        self.ok(got)
        self.assertEqual(got.emitted(), ["1", "2", "3", "5"])


class Lanes(WithHost):
    NEEDS = ("pep554.thread/1",)

    def test_gates_order_them(self):
        got = self.host.run(
            [step("wait", text="b"), CREATE, step("open", text="a")],
            [
                step("create", as_="b"),
                step("open", text="b"),
                step("open", text="b"),
                step("wait", text="a"),
                step("wait", text="a"),
                step("enumerate"),
            ],
        )
        self.ok(got)
        made = got.answers(0)[1]["ids"] + got.answers(1)[0]["ids"]
        self.assertLessEqual(set(made), set(got.answers(1)[5]["ids"]))
        order = [(e["lane"], e["step"]) for e in got.events("returned")]
        self.assertLess(order.index((1, 0)), order.index((0, 1)))

    def test_threads_of_their_own(self):
        code = "import threading\n$emit(threading.get_native_id())"
        got = self.host.run(*[[CREATE, run("a", code)] for _ in range(3)])
        self.assertTrue(got.end["completed"])
        threads = {event["lane"]: event["text"] for event in got.events("lane")}
        self.assertEqual(len(set(threads.values())), 3)

    def test_the_thread_is_the_one_named(self):
        code = "import threading\n$emit(threading.get_native_id())"
        got = self.host.run(
            [CREATE, run("a", code), step("open", text="g")],
            [step("wait", text="g"), step("create", as_="b"), run("b", code)],
        )
        self.ok(got)
        threads = {event["lane"]: event["text"] for event in got.events("lane")}
        self.assertEqual(got.emitted(), [threads[0], threads[1]])

    def test_is_running_from_another(self):
        got = self.host.run(
            [
                CREATE,
                step("open", text="made"),
                step("wait", text="in"),
                step("is_running", on="a"),
                run("a", "pass"),
                step("open", text="asked"),
            ],
            [step("wait", text="made"), run("a", "$open('in')\n$wait('asked')")],
        )
        self.assertTrue(got.end["completed"])
        self.assertIs(got.answers(0)[3]["truth"], True)
        self.assertEqual(got.answers(0)[4]["raised"]["category"], "busy")

    def test_many(self):
        lanes = [[step("wait", text="go")] for _ in range(20)] + [[step("open", text="go")]]
        self.ok(self.host.run(*lanes))


class Macros(WithHost):
    def test_in_literals_and_in_code_within_code(self):
        got = self.host.run(
            [
                CREATE,
                run("a", "exec('$emit(1+1)')\nexec(\"exec('$emit(2+2)')\")\nexec('''$emit(3+3)''')"),
                run("a", "$emit(str($emit('inner'))[:0] + 'outer')"),
                run("a", "f'{$emit(7)}' ; '%s' % $emit(8)"),
            ]
        )
        self.ok(got)
        self.assertEqual(got.emitted(), ["2", "4", "6", "inner", "outer", "7", "8"])
        self.assertEqual([e["step"] for e in got.events("emitted")], [1, 1, 1, 2, 2, 3, 3])

    def test_gates_in_code(self):
        code = "$open(\"x\")\nexec('$wait(\\'x\\')')\nexec(\"exec('$wait(\\\"x\\\")')\")\n$wait('x')"
        self.ok(self.host.run([CREATE, run("a", code)]))

    def test_what_merely_looks_like_one(self):
        texts = ["$emit", "$wait()", "$wait('a b')", "$open('a\")", "$wait(\\'a')", "$", "$$emit"]
        code = f"x = {texts!r}".replace("$", "\\x24") + "\nfor t in x: $emit(t)"
        got = self.host.run([CREATE, run("a", code)])
        self.assertEqual(got.emitted(), texts)
        for text in texts[:6]:
            got = self.host.run([CREATE, run("a", f"t = {text!r}\n$emit(len(t))")])
            self.assertEqual(got.emitted(), [str(len(text))], text)

    def test_long_and_odd_values(self):
        got = self.host.run([CREATE, run("a", "$emit(chr(0xdc80) + chr(0x1f600) * 2000)\n$emit('')")])
        first, second = got.emitted()
        self.assertEqual(first, "\\udc80" + "\U0001f600" * 1499)
        self.assertEqual(second, "")


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
        got = self.host.run([CREATE, run("a", "import os\nfor _ in range(100): os.write(1, b'x' * 9000)")])
        self.ok(got)
        self.assertEqual(len(got.output(1)), 900_000)

    def test_as_it_happens(self):
        program = {
            "lanes": [[CREATE, run("a", "import os\nos.write(1, b'now')\n$emit(1)\n$wait('never')")]],
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
        flood = run("a", "import os\nwhile True: os.write(1, b'x' * 4096)")
        got = self.host.run([CREATE, flood], output_bytes=10_000)
        self.assertEqual((got.end["how"], got.end["code"]), ("flooded", 0))
        self.assertEqual(len(got.output(1)), 10_000)
        self.assertFalse(got.end["completed"])

    def test_flood_that_ends_by_itself(self):
        flood = run("a", "import os\nos.write(1, b'x' * 300)\nos.write(2, b'y' * 300)")
        got = self.host.run([CREATE, flood], output_bytes=500)
        self.assertEqual(got.end["how"], "flooded")
        self.assertEqual(len(got.output(1)) + len(got.output(2)), 500)

    def test_flood_of_events(self):
        got = self.host.run([CREATE, run("a", "while True: $emit('x' * 1500)")], deadline_ms=120_000)
        self.assertEqual(got.end["how"], "flooded")
        self.assertGreater(len(got.emitted()), 20_000)


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
        code = "try: x = bytearray(400 << 20)\nexcept MemoryError: $emit('limited')\nelse: $emit('there')"
        for limit, told in ((200 << 20, "limited"), (0, "there"), (1 << 63, "there")):
            got = self.ok(self.host.run([CREATE, run("a", code)], memory_bytes=limit))
            self.assertEqual(got.emitted(), [told], limit)

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

    def test_rubbish_on_the_event_channel(self):
        code = (
            "import os, stat\n"
            "for fd in range(3, 1024):\n"
            " try:\n  if not stat.S_ISSOCK(os.fstat(fd).st_mode): continue\n"
            " except OSError: continue\n"
            " for rubbish in (b'\\xff', b'{\"e\":', b'[]', b'{\"e\":\"called\",\"lane\":9}',\n"
            "  b'{\"e\":\"emitted\",\"lane\":0,\"step\":0,\"hex\":\"0\"}', b'1' * 100_000):\n"
            "  os.write(fd, rubbish)"
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
        got = self.host.run([evaluate(DAEMON + "os.fork() or os.read(os.pipe()[0], 1)\n$wait('never')")],
                            deadline_ms=1000)  # fmt: skip
        self.assertEqual(got.end["how"], "deadline")
        self.assertEqual(got.end["note"], "2 processes ended with it")

    def test_who_ended_by_itself_is_not_counted(self):
        got = self.ok(self.host.run([evaluate("import os\nos.fork() or os._exit(0)")]))
        self.assertIn(got.end["note"], ("", "left 1 process behind"))  # it may be slow to end


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

    def finalize(self, source, **fields):
        return self.host.run([evaluate("import atexit, os, sys\n" + source)], finish="finalize", **fields)

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

    def test_what_cannot_be_flushed(self):
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


class BadRequests(WithHost):
    def test_what_is_no_program(self):
        for program in (
            {}, [], 7, None, {"lanes": {}}, {"lanes": [7]}, {"lanes": [[[]]]}, {"lanes": [[{}]]},
            {"lanes": [[{"op": "dance"}]]}, {"lanes": [[{"op": 7}]]},
            {"lanes": [[{"op": "run", "text": "x"}]]}, {"lanes": [[{"op": "create", "as": 1}]]},
            {"lanes": [[{"op": "open", "text": None}]]}, {"lanes": [], "finish": "never"},
            {"lanes": [], "deadline_ms": "1"}, {"lanes": [], "deadline_ms": -1},
            {"lanes": [], "output_bytes": 1.5}, {"lanes": [], "memory_bytes": True},
        ):  # fmt: skip
            self.host.send({"msg": "run", "id": "x", "program": program})
            end = self.host.receive()
            self.assertEqual((end["msg"], end["id"], end["how"]), ("end", "x", "not_run"), program)
            self.assertTrue(end["note"].startswith("not a program: "), end)
            self.assertFalse(validator("program").is_valid(program), program)
        self.host.send({"msg": "run"})
        self.assertIsNone(self.host.receive()["id"])

    def test_any_id_comes_back(self):
        for id in (0, -5, 1.5, "\u20ac\0\U0001f600", None, [1, {"a": None}], 2**63):
            self.host.send({"msg": "run", "id": id, "program": {"lanes": [], "new": 1}, "new": 2})
            self.assertEqual([self.host.receive()["id"] for _ in range(2)], [id, id])

    def test_programs_may_be_sent_ahead(self):
        program = {"lanes": [[CREATE]]}
        numbers = [self.host.start(program) for _ in range(5)]
        for number in numbers:
            self.ok(self.host.finish(number, program))

    def test_a_large_program(self):
        code = "x = '" + "\u20ac$" * 10_000 + "y" * (4 << 20) + "'\n$emit(len(x))"
        got = self.ok(self.host.run([CREATE, run("a", code)]))
        self.assertEqual(got.emitted(), [str(20_000 + (4 << 20))])

    def test_rubbish(self):
        for payload in (
            b"", b"{", b"[]", b"7", b"{}", b'{"msg":"dance"}', b'{"msg":5}', b'{"msg":null}',
            b'{"msg":"quit"} x', b'{"msg":"\xff"}', b'{"msg":"quit","a":NaN}',
            b'{"msg":"quit","a":"\\ud800"}', b"'quit'",
        ):  # fmt: skip
            with Host(COMMAND) as host:
                host.send_bytes(len(payload).to_bytes(4, "big") + payload)
                self.assertEqual(host.wait(), 3, payload)
                self.assertIn(b"neither", host.said)

    def test_a_frame_that_is_too_large(self):
        with Host(COMMAND) as host:
            host.send_bytes((128 * 1024 * 1024 + 1).to_bytes(4, "big"))
            self.assertIsNone(host.receive())
            self.assertEqual(host.wait(), 3)
            self.assertIn(b"too large", host.said)


class Partings(WithHost):
    def begin(self):
        self.host.start({"lanes": [[CREATE, run("a", "$emit(1)\n$wait('never')")]]},
                        deadline_ms=3_600_000)  # fmt: skip
        pid = self.host.receive()["pid"]
        while self.host.receive().get("e") != "emitted":
            pass
        return pid

    def test_the_engine_goes(self):
        pid = self.begin()
        self.host.hang_up()
        self.assertEqual(self.host.wait(), 0)
        self.assertFalse(alive(pid))

    def test_the_engine_stops_reading(self):
        self.host.start({"lanes": [[CREATE, run("a", "while True: $emit(1)")]]}, deadline_ms=3_600_000)
        pid = self.host.receive()["pid"]
        self.host.process.stdout.close()
        self.assertTrue(eventually(lambda: not alive(pid)))
        self.assertEqual(self.host.wait(), 0)
        self.assertFalse(alive(pid))

    def test_the_host_is_killed(self):
        pid = self.begin()
        os.kill(self.host.pid, signal.SIGKILL)
        self.assertEqual(self.host.wait(), -signal.SIGKILL)
        self.assertTrue(eventually(lambda: not alive(pid)))


class Starting(unittest.TestCase):
    def test_an_unknown_option_is_refused(self):
        with Host(COMMAND + ["colour=red"]) as host:
            self.assertEqual(host.hello["msg"], "refused")
            self.assertIn("colour", host.hello["reason"])
            self.assertIsNone(host.receive())
            self.assertEqual(host.wait(), 1)

    def test_what_is_no_option(self):
        for word in ("colour", "=red"):
            with Host(COMMAND + [word]) as host:
                self.assertIsNone(host.hello)
                self.assertEqual(host.wait(), 2)
                self.assertTrue(host.said)


class TheSchema(unittest.TestCase):
    def test_requests_of_the_document(self):
        good = validator("request")
        good.validate({"msg": "quit"})
        good.validate({"msg": "run", "id": 1, "program": {"lanes": [[step("create", as_="a")]]}})
        self.assertFalse(good.is_valid({"msg": "run", "program": {"lanes": []}}))

    def test_it_says_no(self):
        good = validator("message")
        event = {"msg": "event", "id": 1, "e": "called", "lane": 0, "step": 0, "us": 1}
        self.assertTrue(good.is_valid(event))
        for wrong in (
            {**event, "e": "dance"}, {**event, "us": -1}, {**event, "text": "x"},
            {**event, "e": "returned"}, {**event, "e": "returned", "answer": {"status": "raised"}},
            {"msg": "output", "id": 1, "fd": 3, "text": "x"}, {"msg": "hello", "protocol": 2},
            {"msg": "end", "id": 1, "how": "deadline", "code": 1, "completed": True, "us": 0,
             "note": ""},
            {"msg": "refused", "reason": "two\nlines"},
        ):  # fmt: skip
            self.assertFalse(good.is_valid(wrong), json.dumps(wrong))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    COMMAND[:] = sys.argv[1:]
    unittest.main(argv=sys.argv[:1], verbosity=1)
