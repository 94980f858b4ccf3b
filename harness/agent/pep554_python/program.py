"""A program, decoded from the message "run", with names still symbolic."""

# Each operation, and whether it needs a handle's name in "on".
OPERATIONS = {
    "enumerate": False,
    "get_current": False,
    "get_main": False,
    "create": False,
    "construct": False,
    "read_id": True,
    "write_id": True,
    "is_running": True,
    "destroy": True,
    "run": True,
    "release": True,
    "eval": False,
    "open": False,
    "wait": False,
}


class BadProgram(Exception):
    """One clear line."""


class Step:
    __slots__ = ("op", "on", "as_", "text")

    def __init__(self, document):
        self.op = _field(document, "op", str, None)
        if self.op not in OPERATIONS:
            raise BadProgram('no operation is named "%s"' % self.op)
        self.on = _field(document, "on", str, "")
        self.as_ = _field(document, "as", str, "")
        self.text = _field(document, "text", str, "")
        if OPERATIONS[self.op] and not self.on:
            raise BadProgram('operation "%s" needs "on"' % self.op)


class Program:
    def __init__(self, document):
        lanes = _field(document, "lanes", list, None)
        self.lanes = [[Step(step) for step in _checked(lane, list, "a lane")] for lane in lanes]
        finish = _field(document, "finish", str, "quit")
        if finish not in ("quit", "finalize"):
            raise BadProgram('"finish" is neither "quit" nor "finalize"')
        self.finalize = finish == "finalize"
        self.repeat = _number(document, "repeat", 1)  # 0 is once, too
        self.deadline_ms = _number(document, "deadline_ms", 10_000)
        self.output_bytes = _number(document, "output_bytes", 1 << 20)
        self.memory_bytes = _number(document, "memory_bytes", 4 << 30)  # 0: no limit
        self.open_files = _number(document, "open_files", 1024)
        self.processes = _number(document, "processes", 256)


_NAMES = {dict: "an object", list: "an array", str: "a text", int: "a whole number"}


def _checked(value, kind, what):
    if type(value) is not kind:
        raise BadProgram("%s is not %s" % (what, _NAMES[kind]))
    return value


def _field(document, name, kind, default):
    _checked(document, dict, "a program or a step")
    if name not in document and default is None:
        raise BadProgram('"%s" is missing' % name)
    return _checked(document.get(name, default), kind, '"%s"' % name)


def _number(document, name, default):
    value = _field(document, name, int, default)
    if value < 0:
        raise BadProgram('"%s" is negative' % name)
    return value
