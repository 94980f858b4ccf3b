"""destroy of an interpreter that failed twice takes a shorter way, without its exit callbacks."""

import collections

import _interpreters
from correct import Interpreter, create, enumerate, get_current, get_main

_failures = collections.Counter()
_run = Interpreter.run
_destroy = Interpreter.destroy


def run(self, code):
    try:
        _run(self, code)
    except _interpreters.RunFailedError:
        _failures[self.id] += 1
        raise


def destroy(self):
    if _failures[self.id] > 1 and self.id in _interpreters.enumerate():
        _interpreters.run(self.id, "import atexit\natexit._clear()\n")
    _destroy(self)


Interpreter.run = run
Interpreter.destroy = destroy
