"""The names of PEP 554's first draft over `_xxsubinterpreters` (CPython 3.8 to 3.12).

Forwards, renames and unwraps; no checks, no retries, no cures.
"""
import _xxsubinterpreters as _low

# Operations that this adapter adds to the low-level module cannot be judged.
__invents__ = ("write_id",)

RunFailedError = _low.RunFailedError


def enumerate():
    return [Interpreter(id) for id in _low.list_all()]


def get_current():
    return Interpreter(_low.get_current())


def get_main():
    return Interpreter(_low.get_main())


def create():
    return Interpreter(_low.create())


class Interpreter:
    def __init__(self, id):
        self._id = id  # the very object: while it lives, so does the interpreter

    def _invented(self, *value):
        raise NotImplementedError("the attribute is the adapter's, not the implementation's")

    id = property(lambda self: self._id, _invented, _invented)
    del _invented

    def is_running(self):
        return _low.is_running(self._id)

    def destroy(self):
        return _low.destroy(self._id)

    def run(self, code):
        return _low.run_string(self._id, code)
