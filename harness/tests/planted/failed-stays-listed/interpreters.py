"""An interpreter whose last two runs failed stays in the list when it is destroyed."""

import collections

import _interpreters
import correct
from correct import Interpreter, create, get_current, get_main

_failures = collections.Counter()
_ghosts = []
_run = Interpreter.run
_destroy = Interpreter.destroy


def run(self, code):
    try:
        _run(self, code)
        _failures[self.id] = 0
    except _interpreters.RunFailedError:
        _failures[self.id] += 1
        raise


def destroy(self):
    _destroy(self)
    if _failures[self.id] > 1:
        _ghosts.append(self)


def enumerate():
    return correct.enumerate() + _ghosts


Interpreter.run = run
Interpreter.destroy = destroy
