"""The names of PEP 554's first draft over `_interpreters` (CPython 3.13 and newer).

Forwards, renames and unwraps; no checks, no retries, no cures.
"""
import _interpreters as _low

# Operations that this adapter adds to the low-level module cannot be judged.
__invents__ = ("write_id",)


class ExecutionFailed(Exception):
    """Raised for an uncaught exception, with the description that run_string returns."""


def enumerate():
    return [Interpreter(id) for id, *_ in _low.list_all()]


def get_current():
    return Interpreter(_low.get_current()[0])


def get_main():
    return Interpreter(_low.get_main()[0])


def create():
    return Interpreter(_low.create())


class Interpreter:
    def __init__(self, id):
        self._id = id

    def _invented(self, *value):
        raise NotImplementedError("the attribute is the adapter's, not the implementation's")

    id = property(lambda self: self._id, _invented, _invented)
    del _invented

    def is_running(self):
        return _low.is_running(self._id)

    def destroy(self):
        return _low.destroy(self._id)

    def run(self, code):
        failure = _low.run_string(self._id, code)
        if failure is not None:
            raise ExecutionFailed(failure.formatted)
