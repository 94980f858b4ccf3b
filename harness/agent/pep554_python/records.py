"""Reads the records of a program's event channel. Any code of the program may write there, so a
record is accepted only if it has the expected shape; known fields are copied into a new record."""

from pep554_python import wire
from pep554_python.resource_usage import FIELDS

STATUSES = ("ok", "raised", "unsupported", "failed")


class _Rubbish(Exception):
    pass


def _get(record, name, kind):
    value = record.get(name)
    if type(value) is not kind:
        raise _Rubbish
    return value


def _index(record, name, size):
    value = _get(record, name, int)
    if not 0 <= value < size:
        raise _Rubbish
    return value


def _place(record, program, lane_only=False):
    """A step of the program; a lane that has come up may have none at all."""
    lane = _index(record, "lane", len(program.lanes))
    step = _index(record, "step", 1 if lane_only else len(program.lanes[lane]))
    return {"lane": lane, "step": step}


def _number(record, name):
    """Whole, and in 64 bits with a sign."""
    value = _get(record, name, int)
    if not -(1 << 63) <= value < 1 << 63:
        raise _Rubbish
    return value


def _time(record):
    return {"us": _number(record, "us")}


def _some(record, kinds):
    """Those of the fields that are there."""
    return {name: _get(record, name, kind) for name, kind in kinds if name in record}


def _answer(record):
    answer = _get(record, "answer", dict)
    copy = {"status": _get(answer, "status", str)}
    if copy["status"] not in STATUSES:
        raise _Rubbish
    if "raised" in answer:
        texts = [("category", str), ("type", str), ("message", str)]
        copy["raised"] = _some(_get(answer, "raised", dict), texts)
        return {"answer": copy}
    copy.update(_some(answer, [("ids", list), ("text", str), ("truth", bool)]))
    if any(type(identity) is not str for identity in copy.get("ids", ())):
        raise _Rubbish
    return {"answer": copy}


def _emitted(record):
    """Written by $emit: no time, and the text in hexadecimal."""
    digits = _get(record, "hex", str)
    if digits.strip("0123456789abcdef"):
        raise _Rubbish
    try:
        return {"us": 0, "text": bytes.fromhex(digits).decode("utf-8", "replace")}
    except ValueError:
        raise _Rubbish


def _numbers(record, names):
    return {name: _number(record, name) for name in names}


def _measured(record):
    numbers = _numbers(record, ("repetition", "files") + FIELDS)
    if min(numbers.values()) < 0:
        raise _Rubbish
    return numbers


def _fields(kind, record, program):
    nowhere = {"lane": 0, "step": 0}
    if kind == "lane":
        place = _place(record, program, lane_only=True)
        return [place, _time(record), {"text": _get(record, "text", str)}]
    if kind == "called":
        return [_place(record, program), _time(record)]
    if kind == "emitted":
        return [_place(record, program), _emitted(record)]
    if kind == "returned":
        return [_place(record, program), _time(record), _answer(record)]
    if kind == "measured":
        return [nowhere, _time(record), _measured(record)]
    if kind == "grown":
        return [_place(record, program), _time(record), _numbers(record, FIELDS)]
    if kind == "finalize":
        return [nowhere, _time(record)]
    raise _Rubbish


def read_record(payload, program):
    """(kind, value): "event" and its fields, "note" and its text, "starting", "started", "done",
    or "malformed"."""
    record = wire.decode(payload)
    try:
        if type(record) is not dict:
            raise _Rubbish
        kind = _get(record, "e", str)
        if kind in ("starting", "started", "done"):
            return kind, None
        if kind == "note":
            return "note", _get(record, "text", str)
        event = {"e": kind}
        for fields in _fields(kind, record, program):
            event.update(fields)
        return "event", event
    except _Rubbish:
        return "malformed", None
