"""The module of PEP 554's first draft, with a process for each interpreter. See README.md."""

import operator

import _processes as _low
from _processes import RunFailedError

__all__ = ["Interpreter", "RunFailedError", "create", "enumerate", "get_current", "get_main"]


def enumerate():
    """Return a list of all existing interpreters, the main one first, then by age."""
    return [_of(id) for id in _low.enumerate()]


def get_current():
    """Return the interpreter that executes this call."""
    return _of(_low.get_current())


def get_main():
    """Return the interpreter in which the program started."""
    return _of(_low.get_main())


def create():
    """Start a process for a new interpreter and return it."""
    return _of(_low.create())


class Interpreter:
    """Stands for the interpreter that has the id. It lives until it is destroyed."""

    __slots__ = ("_id",)

    def __init__(self, id):
        """RuntimeError when no interpreter has the id, TypeError when it is no integer."""
        self._id = operator.index(id)
        if self._id not in _low.enumerate():
            raise RuntimeError(f"unrecognized interpreter ID {self._id}")

    @property
    def id(self):
        """The interpreter's ID (read-only)."""
        return self._id

    def is_running(self):
        """Return whether run() executes code in it, or destroy() ends it, just now."""
        return _low.is_running(self._id)

    def destroy(self):
        """Let it finalize and end. RuntimeError when it is running, or was destroyed before."""
        _low.destroy(self._id)

    def run(self, code):
        """Let it execute source text, and wait. RunFailedError when an exception left the code,
        RuntimeError when it is running already, was destroyed, or ended while it ran."""
        _low.run(self._id, code)

    def __repr__(self):
        return f"Interpreter({self._id})"

    def __eq__(self, other):
        return self._id == other._id if isinstance(other, Interpreter) else NotImplemented

    def __hash__(self):
        return hash(self._id)


def _of(id):
    # Not through Interpreter(id), for which one that has just been destroyed is unknown.
    one = object.__new__(Interpreter)
    one._id = id
    return one
