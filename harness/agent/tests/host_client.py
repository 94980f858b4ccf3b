"""A client of the host protocol, for tests: starts a host, sends programs, and holds every message
that comes back against the schema. Needs Debian's python3-jsonschema."""

import copy
import json
import os
import pathlib
import select
import struct
import subprocess
import time

import jsonschema

SCHEMA_FILE = pathlib.Path(__file__).resolve().parents[2] / "host" / "protocol.schema.json"
PATIENCE_S = 60

# The fields of an answer "ok" besides its status, by operation.
FIELDS = {
    "enumerate": {"ids"},
    "get_current": {"ids"},
    "get_main": {"ids"},
    "create": {"ids"},
    "construct": {"ids"},
    "read_id": {"text"},
    "is_running": {"truth"},
}


def _strict(schema):
    """The schema with fields forbidden that it does not name: a host invents none."""
    if isinstance(schema, list):
        return [_strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {}
    for key, value in schema.items():
        strict[key] = value if key in ("if", "then", "else") else _strict(value)
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        strict["additionalProperties"] = False
    return strict


def validator(name):
    """A validator of one definition, strict about fields."""
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    schema = {
        "$schema": schema["$schema"],
        "definitions": _strict(copy.deepcopy(schema["definitions"])),
        "$ref": f"#/definitions/{name}",
    }
    return jsonschema.Draft7Validator(schema)


class Messages:
    """The messages of one program, from "begin" to "end"."""

    def __init__(self, program, messages):
        self.program = program
        self.all = messages
        self.end = messages[-1]

    def events(self, kind=None):
        return [m for m in self.all if m["msg"] == "event" and kind in (None, m["e"])]

    def answers(self, lane=0):
        """The answers of a lane, by step; None for a step that did not return."""
        found = [None] * len(self.program["lanes"][lane])
        for event in self.events("returned"):
            if event["lane"] == lane:
                found[event["step"]] = event["answer"]
        return found

    def emitted(self):
        return [event["text"] for event in self.events("emitted")]

    def trace(self):
        return "".join(m["text"] for m in self.all if m["msg"] == "trace")

    def output(self, fd):
        return "".join(m["text"] for m in self.all if m["msg"] == "output" and m["fd"] == fd)


class Host:
    """A running host. `hello` is its first message, None without one."""

    message_validator = validator("message")

    def __init__(self, command, env=None):
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=env,
            start_new_session=True,
        )
        self.pid = self.process.pid
        self.stderr_text = b""
        self._buffer = b""
        self._next_id = 1
        self.hello = self.receive()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.hang_up()
        self.wait()

    def send_bytes(self, data):
        while data:
            data = data[self.process.stdin.write(data) :]

    def send(self, message):
        payload = json.dumps(message).encode()
        self.send_bytes(struct.pack(">I", len(payload)) + payload)

    def _take(self, size):
        until = time.monotonic() + PATIENCE_S
        out = self.process.stdout.fileno()
        while len(self._buffer) < size:
            left = max(0, until - time.monotonic())
            if not select.select([out], [], [], left)[0]:
                raise AssertionError("the host does not answer")
            got = os.read(out, 1 << 16)
            if not got:
                return None
            self._buffer += got
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def receive(self, validate=True):
        """The next message, None at the end of the stream."""
        header = self._take(4)
        if header is None:
            return None
        payload = self._take(struct.unpack(">I", header)[0])
        message = json.loads(payload.decode("utf-8"))
        if validate:
            self.message_validator.validate(message)
        return message

    def start(self, program, fresh=None, **limits):
        """Sends a program without waiting for anything. Returns its id."""
        number = self._next_id
        self._next_id += 1
        request = {"msg": "run", "id": number, "program": dict(program, **limits)}
        if fresh is not None:
            request["fresh"] = fresh
        self.send(request)
        return number

    def finish(self, number, program):
        """Everything that the program sends from here on."""
        messages = []
        while not messages or messages[-1]["msg"] != "end":
            # Validation is slow: of a exceed of messages only every hundredth is validated.
            message = self.receive(len(messages) < 1000 or len(messages) % 100 == 0)
            if message is None:
                raise AssertionError("the host ended")
            if message["id"] != number:
                raise AssertionError("a message of another program")
            messages.append(message)
        check_order(program, messages)
        return Messages(program, messages)

    def run(self, *lanes, fresh=None, **fields):
        program = dict({"lanes": list(lanes)}, **fields)
        return self.finish(self.start(program, fresh), program)

    def under_way(self, *lanes, fresh=None):
        """The process of a program that has emitted something, and has an hour left."""
        self.start({"lanes": list(lanes)}, fresh, deadline_ms=3_600_000)
        pid = self.receive()["pid"]
        while self.receive().get("e") != "emitted":
            pass
        return pid

    def hang_up(self):
        if not self.process.stdin.closed:
            self.process.stdin.close()

    def wait(self):
        """The exit status. `stderr_text` then has the host's standard error."""
        self.hang_up()
        status = self.process.wait(PATIENCE_S)
        for pipe in (self.process.stdout, self.process.stderr):
            if not pipe.closed:
                rest = pipe.read()
                pipe.close()
                self.stderr_text = rest if pipe is self.process.stderr else self.stderr_text
        return status


def check_order(program, messages):
    """Asserts the rules that hold for the messages of any program."""
    first, last = messages[0], messages[-1]
    if last["how"] == "not_run":
        assert not last["completed"] and last["note"], messages
        others = [m["msg"] for m in messages[:-1]]  # of a process that did not start its runtime
        assert not others or (others[0] == "begin" and set(others[1:]) <= {"output"}), messages
        return
    assert first["msg"] == "begin", first
    assert {m["msg"] for m in messages[1:-1]} <= {"event", "output", "trace"}, messages
    traces = [m["text"] for m in messages if m["msg"] == "trace"]
    assert not traces or last["how"] in ("signaled", "deadline", "flooded"), messages
    assert len("".join(traces).encode()) <= 64 << 10, len(traces)
    events = [m for m in messages if m["msg"] == "event"]
    first_time = _check_repetitions(program, events)
    for number, lane in enumerate(program["lanes"]):
        events = [m for m in first_time if m["lane"] == number]
        _check_lane(lane, [m for m in events if m["e"] in ("lane", "called", "returned")])


def _check_repetitions(program, events):
    """The events of the first time. Later ones say which step is called, and what it answered if
    that was something else."""
    ends = [index for index, event in enumerate(events) if event["e"] == "measured"]
    numbers = [events[index]["repetition"] for index in ends]
    assert numbers == list(range(len(numbers))), numbers
    assert len(numbers) <= program.get("repeat", 1) + 1, numbers
    if len(ends) < 2:
        return events
    called = {}
    for event in events[ends[1] :]:
        lane = event["lane"]
        if event["e"] == "called":
            assert event["step"] == (called.get(lane, -1) + 1) % len(program["lanes"][lane]), event
            called[lane] = event["step"]
        if event["e"] == "returned":
            assert event["step"] == called[lane], event
    return events[: ends[1]]


def _check_lane(steps, events):
    """An event "lane", then "called" and "returned" of each step; time does not run back."""
    expected = [("lane", 0)]
    for index in range(len(steps)):
        expected += [("called", index), ("returned", index)]
    got = [(event["e"], event["step"]) for event in events]
    if got and got[0][0] != "lane":
        expected = expected[1:]  # refused: it did not come up
    assert got == expected[: len(got)], got
    stamps = [event["us"] for event in events]
    assert stamps == sorted(stamps), stamps
    for event in events:
        if event["e"] == "returned" and event["answer"]["status"] == "ok":
            fields = set(event["answer"]) - {"status"}
            assert fields == FIELDS.get(steps[event["step"]]["op"], set()), event
