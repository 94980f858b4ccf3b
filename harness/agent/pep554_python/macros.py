"""The macros in the text of `run` and `eval`: $emit(value), $wait("gate"), $open("gate").

Each becomes an expression on the same line, without a quote, backslash, brace, percent sign or line
end, so that it works in a string literal too, also of code nested in code.
"""

EMIT_LIMIT = 1500  # the most characters of a value that $emit writes
_NAME = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.")


def _bytes(text):
    """A bytes object of Python, written without quotes."""
    return "bytes((%s))" % "".join(["%d," % byte for byte in text.encode("ascii")])


_POSIX = "__import__(" + _bytes("posix") + ".decode())"


def _emit(event_fd, lane, step):
    """One write of one record: {"e":"emitted","lane":L,"step":S,"hex":"..."}"""
    head = '{"e":"emitted","lane":%d,"step":%d,"hex":"' % (lane, step)
    value = "str(v)[:%d].encode(%s.decode(),%s.decode()).hex().encode()" % (
        EMIT_LIMIT,
        _bytes("utf-8"),
        _bytes("backslashreplace"),
    )
    return "(lambda v:%s.write(%d,%s+%s+%s))" % (
        _POSIX,
        event_fd,
        _bytes(head),
        value,
        _bytes('"}'),
    )


def _wait(gate):
    """A gate is a pipe with one byte: each waiting lane reads it, and writes it back for the next."""
    read, write = gate
    return "(lambda p:p.write(%d,p.read(%d,1)))(%s)" % (write, read, _POSIX)


def _open(gate):
    return "%s.write(%d,%s)" % (_POSIX, gate[1], _bytes("!"))


def _gate_call(text, at):
    """("name") at `at`, quotes of either kind, escaped alike or not: the name and the end."""
    if text[at : at + 1] != "(":
        return None
    quote = at = at + 1
    while text[at : at + 1] == "\\":
        at += 1
    if text[at : at + 1] not in ("'", '"'):
        return None
    delimiter = text[quote : at + 1]
    begin = at = at + 1
    while text[at : at + 1] in _NAME:
        at += 1
    name = text[begin:at]
    if not name or not text.startswith(delimiter + ")", at):
        return None
    return name, at + len(delimiter) + 1


def _scan(text):
    """Yields (plain text, macro, gate) one after another; at the end a macro of None."""
    begin = 0
    at = text.find("$")
    while at >= 0:
        end = at + 1
        word = text[at + 1 : at + 5]
        if word == "emit" and text[at + 5 : at + 6] == "(":
            end = at + 5  # the parentheses become those of the call
            yield text[begin:at], "emit", ""
            begin = end
        elif word in ("wait", "open"):
            call = _gate_call(text, at + 5)
            if call:
                end = call[1]
                yield text[begin:at], word, call[0]
                begin = end
        at = text.find("$", end)
    yield text[begin:], None, ""


def expand(text, event_fd, lane, step, gates):
    """`gates`: name -> (read end, write end)."""
    expanded = []
    for plain, macro, gate in _scan(text):
        expanded.append(plain)
        if macro == "emit":
            expanded.append(_emit(event_fd, lane, step))
        elif macro:
            expanded.append((_wait if macro == "wait" else _open)(gates[gate]))
    return "".join(expanded)


def gates_of(program):
    """The gates that a program names, in steps and in macros."""
    gates = set()
    for step in [step for lane in program.lanes for step in lane]:
        if step.op in ("open", "wait"):
            gates.add(step.text)
        elif step.op in ("run", "eval"):
            gates.update([gate for _, macro, gate in _scan(step.text) if gate])
    return gates
