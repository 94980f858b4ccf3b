"""A run that fails on another thread than the creator's leaves the interpreter running."""

import threading

import _interpreters
import correct
from correct import Interpreter, enumerate, get_current, get_main

_creator = {}
_stuck = set()
_run = Interpreter.run
_is_running = Interpreter.is_running


def create():
    made = correct.create()
    _creator[made.id] = threading.get_ident()
    return made


def run(self, code):
    try:
        _run(self, code)
    except _interpreters.RunFailedError:
        if _creator.get(self.id) != threading.get_ident():
            _stuck.add(self.id)
        raise


def is_running(self):
    return self.id in _stuck or _is_running(self)


Interpreter.run = run
Interpreter.is_running = is_running
