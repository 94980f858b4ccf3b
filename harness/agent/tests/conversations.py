"""Tests of a host: requests good and bad, and how the two part."""

import json
import os
import signal
import unittest

from host_case import COMMAND, CREATE, WithHost, alive, eventually, run, step
from host_client import Host, validator


class BadRequests(WithHost):
    def test_malformed_programs_are_refused(self):
        for program in (
            {}, [], 7, None, {"lanes": {}}, {"lanes": [7]}, {"lanes": [[[]]]}, {"lanes": [[{}]]},
            {"lanes": [[{"op": "dance"}]]}, {"lanes": [[{"op": 7}]]},
            {"lanes": [[{"op": "run", "text": "x"}]]}, {"lanes": [[{"op": "create", "as": 1}]]},
            {"lanes": [[{"op": "open", "text": None}]]}, {"lanes": [], "finish": "never"},
            {"lanes": [], "deadline_ms": "1"}, {"lanes": [], "deadline_ms": -1},
            {"lanes": [], "output_bytes": 1.5}, {"lanes": [], "memory_bytes": True},
            *({"lanes": [], "repeat": value} for value in (-1, "2", None, 1.5)),
            *({"lanes": [], field: value} for field in ("open_files", "processes")
              for value in (-1, "1", None)),
        ):  # fmt: skip
            self.host.send({"msg": "run", "id": "x", "program": program})
            end = self.host.receive()
            self.assertEqual((end["msg"], end["id"], end["how"]), ("end", "x", "not_run"), program)
            self.assertTrue(end["note"].startswith("not a program: "), end)
            self.assertFalse(validator("program").is_valid(program), program)
        self.host.send({"msg": "run"})
        self.assertIsNone(self.host.receive()["id"])
        self.host.send({"msg": "run", "id": 1, "fresh": 1, "program": {"lanes": []}})
        end = self.host.receive()
        self.assertEqual(end["how"], "not_run")
        self.assertRegex(end["note"], "\"fresh\" is neither true nor false|must be boolean")

    def test_any_id_comes_back(self):
        deep = json.loads("[" * 99 + "]" * 99)  # a hundred, with the object that it is in
        for id in (0, -5, 1.5, "\u20ac\0\U0001f600", None, [1, {"a": None}], 2**63, deep):
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

    def test_malformed(self):
        for payload in (
            b"", b"{", b"[]", b"7", b"{}", b'{"msg":"dance"}', b'{"msg":5}', b'{"msg":null}',
            b'{"msg":"quit"} x', b'{"msg":"\xff"}', b'{"msg":"quit","a":NaN}',
            b'{"msg":"quit","a":"\\ud800"}', b"'quit'",
            b'{"msg":"quit","a":' + b"[" * 100 + b"]" * 100 + b"}",  # 101 deep, with the object
        ):  # fmt: skip
            with Host(COMMAND) as host:
                host.send_bytes(len(payload).to_bytes(4, "big") + payload)
                self.assertEqual(host.wait(), 3, payload)
                self.assertIn(b"neither", host.stderr_text)

    def test_a_frame_that_is_too_large(self):
        with Host(COMMAND) as host:
            host.send_bytes((128 * 1024 * 1024 + 1).to_bytes(4, "big"))
            self.assertIsNone(host.receive())
            self.assertEqual(host.wait(), 3)
            self.assertIn(b"too large", host.stderr_text)


class Partings(WithHost):
    def begin(self, code="$emit(1)\n$wait('never')"):
        return self.host.under_way([CREATE, run("a", code)])

    def test_the_engine_goes(self):
        pid = self.begin()
        self.host.hang_up()
        self.assertEqual(self.host.wait(), 0)
        self.assertFalse(alive(pid))

    def test_the_engine_stops_reading(self):
        pid = self.begin("while True: $emit(1)")
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

    def test_malformed_options_are_refused(self):
        for word in ("colour", "=red"):
            with Host(COMMAND + [word]) as host:
                self.assertIsNone(host.hello)
                self.assertEqual(host.wait(), 2)
                self.assertTrue(host.stderr_text)


class TheSchema(unittest.TestCase):
    def test_requests_of_the_document(self):
        good = validator("request")
        good.validate({"msg": "quit"})
        good.validate({"msg": "run", "id": 1, "program": {"lanes": [[step("create", as_="a")]]}})
        self.assertFalse(good.is_valid({"msg": "run", "program": {"lanes": []}}))
        good.validate({"msg": "run", "id": 1, "fresh": True, "program": {"lanes": [], "repeat": 9}})
        self.assertFalse(
            good.is_valid({"msg": "run", "id": 1, "fresh": 1, "program": {"lanes": []}})
        )

    def test_it_rejects_malformed_messages(self):
        good = validator("message")
        event = {"msg": "event", "id": 1, "e": "called", "lane": 0, "step": 0, "us": 1}
        self.assertTrue(good.is_valid(event))
        for wrong in (
            {**event, "e": "dance"}, {**event, "us": -1}, {**event, "text": "x"},
            {**event, "e": "returned"}, {**event, "e": "returned", "answer": {"status": "raised"}},
            {"msg": "output", "id": 1, "fd": 3, "text": "x"}, {"msg": "hello", "protocol": 2},
            {"msg": "end", "id": 1, "how": "deadline", "code": 1, "completed": True, "us": 0,
             "note": ""},
            {"msg": "end", "id": 1, "how": "flooded", "code": 0, "completed": True, "us": 0,
             "note": "", "limit": ""},
            {"msg": "end", "id": 1, "how": "exited", "code": 0, "completed": True, "us": 0,
             "note": "", "limit": "output"},
            {"msg": "refused", "reason": "two\nlines"},
        ):  # fmt: skip
            self.assertFalse(good.is_valid(wrong), json.dumps(wrong))
