"""Performs single steps on the module under test, and puts their answers into the protocol's words.

The objects behind the handles are let go when they would be by a script: no local variable here
outlives its step.
"""

import posix

from pep554_python import errors, macros

_NOBODY = object()  # an implementation may hand out anything, None too


class Gates:
    """Each a pipe, opened for good by one byte in it. Any thread may open and wait."""

    def __init__(self, names):
        self.table = {name: posix.pipe() for name in names}

    def close(self):
        for read, write in self.table.values():
            posix.close(read)
            posix.close(write)

    def open(self, name):
        posix.write(self.table[name][1], b"!")

    def wait(self, name):
        read, write = self.table[name]
        posix.write(write, posix.read(read, 1))


class Executor:
    """Used by every lane at once."""

    def __init__(self, target, gates, event_fd):
        self.handles = {}
        self._target = target
        self._gates = gates
        self._event_fd = event_fd
        self._slots = {
            "enumerate": self._enumerate,
            "get_current": self._one,
            "get_main": self._one,
            "create": self._one,
            "construct": self._construct,
            "read_id": self._read_id,
            "write_id": self._write_id,
            "is_running": self._is_running,
            "destroy": self._method,
            "run": self._run,
        }

    def let_go(self):
        """Drops the handles, and breaks the reference cycle of the slots."""
        self.handles.clear()
        self._slots.clear()

    def perform(self, step, lane, index):
        """Performs step number `index` of lane number `lane`, and answers."""
        if step.op in ("open", "wait"):
            getattr(self._gates, step.op)(step.text)
            return {"status": "ok"}
        code = ""
        if step.op in ("run", "eval"):
            code = macros.expand(step.text, self._event_fd, lane, index, self._gates.table)
        if step.op == "eval":
            return self._eval(code)
        if self._target.unsupported_reason:
            return errors.status("unsupported", self._target.unsupported_reason)
        if step.op == "release":
            handle = self.handles.pop(step.on, _NOBODY)
            return {"status": "ok"} if handle is not _NOBODY else self._nobody(step)
        return self._slots[step.op](step, code)

    def _nobody(self, step):
        return errors.status("failed", 'no handle is named "%s"' % step.on)

    def _raised(self, problem):
        return errors.raised(problem, self._target.module)

    def _lacking(self, problem, owner, name):
        """The answer for an attribute that could not be read. Only a missing one is unsupported; an attribute
        that fails is the implementation's answer, and so is an object of another kind."""
        answer = self._raised(problem)
        if not isinstance(problem, AttributeError) or _has(owner, name) or _has(type(owner), name):
            return answer
        if owner is not self._target.module and _is_something_else(owner):
            return answer
        return errors.status("unsupported", "there is no %s" % name)

    def _call(self, owner, name, *arguments):
        """owner.name(*arguments): (result, None), or (None, the answer)."""
        try:
            method = getattr(owner, name)
        except BaseException as problem:
            return None, self._lacking(problem, owner, name)
        try:
            return method(*arguments), None
        except BaseException as problem:
            return None, self._raised(problem)

    def _id(self, handle):
        """(text, None), or (None, the answer)."""
        try:
            id = handle.id
        except BaseException as problem:
            return None, self._lacking(problem, handle, "id")
        try:
            return errors.whole(str(id)), None
        except BaseException as problem:
            return None, self._raised(problem)

    def _with_ids(self, interpreters):
        ids = []
        for interpreter in interpreters:
            id, answer = self._id(interpreter)
            if answer:
                return answer
            ids.append(id)
        return {"status": "ok", "ids": ids}

    def _interpreter(self, step, name, *arguments):
        """The name is bound even when the id then cannot be read."""
        handle, answer = self._call(self._target.module, name, *arguments)
        if answer:
            return answer
        if step.as_:
            self.handles[step.as_] = handle
        return self._with_ids([handle])

    def _one(self, step, _code):
        return self._interpreter(step, step.op)

    def _enumerate(self, _step, _code):
        result, answer = self._call(self._target.module, "enumerate")
        if answer:
            return answer
        try:
            return self._with_ids(list(result))
        except BaseException as problem:
            return self._raised(problem)

    def _construct(self, step, _code):
        id = step.text
        if step.on:
            handle = self.handles.get(step.on, _NOBODY)
            if handle is _NOBODY:
                return self._nobody(step)
            id, answer = self._id(handle)
            if answer:
                return answer
        value, answer = _id_from(id)
        return answer or self._interpreter(step, "Interpreter", value)

    def _on_handle(self, step, *arguments):
        """on.OP(*arguments): (result, None), or (None, the answer)."""
        handle = self.handles.get(step.on, _NOBODY)
        if handle is _NOBODY:
            return None, self._nobody(step)
        return self._call(handle, step.op, *arguments)

    def _read_id(self, step, _code):
        handle = self.handles.get(step.on, _NOBODY)
        if handle is _NOBODY:
            return self._nobody(step)
        id, answer = self._id(handle)
        return answer or {"status": "ok", "text": id}

    def _write_id(self, step, _code):
        handle = self.handles.get(step.on, _NOBODY)
        if handle is _NOBODY:
            return self._nobody(step)
        if self._target.invents("write_id"):
            return errors.status("unsupported", "the attribute is the adapter's")
        _, answer = self._id_object(handle)
        if answer:
            return answer
        value, answer = _id_from(step.text)
        if answer:
            return answer
        try:
            handle.id = value
            return {"status": "ok"}
        except BaseException as problem:
            return self._raised(problem)

    def _id_object(self, handle):
        try:
            return handle.id, None
        except BaseException as problem:
            return None, self._lacking(problem, handle, "id")

    def _is_running(self, step, _code):
        result, answer = self._on_handle(step)
        if answer:
            return answer
        try:
            return {"status": "ok", "truth": bool(result)}
        except BaseException as problem:
            return self._raised(problem)

    def _method(self, step, _code):
        return self._on_handle(step)[1] or {"status": "ok"}

    def _run(self, step, code):
        return self._on_handle(step, code)[1] or {"status": "ok"}

    def _eval(self, source):
        names = self._target.names
        try:
            exec(compile(source, "<eval>", "exec", 0, True), names, names)
            return {"status": "ok"}
        except BaseException as problem:
            return self._raised(problem)


def _has(owner, name):
    try:
        getattr(owner, name)
        return True
    except BaseException:
        return False


def _is_something_else(owner):
    """It has none of an Interpreter's names: no incomplete Interpreter, but none at all."""
    return not any(_has(owner, name) for name in ("id", "is_running", "destroy", "run"))


def _id_from(text):
    """(an int of any size if the text is one, else the text; None), or (None, the answer)."""
    digits = text[1:] if text.startswith("-") else text
    if not digits or digits.strip("0123456789"):
        return text, None
    try:
        return int(text), None
    except ValueError as problem:
        return None, errors.status("failed", "not an id: " + errors.line(problem))
