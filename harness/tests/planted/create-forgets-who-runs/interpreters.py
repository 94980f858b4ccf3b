"""While one interpreter runs, create of another makes is_running forget it."""

import _interpreters
import correct
from correct import Interpreter, enumerate, get_current, get_main

_forgotten = set()
_run = Interpreter.run
_is_running = Interpreter.is_running


def create():
    me = _interpreters.get_current()
    _forgotten.update(id for id in _interpreters.enumerate() if id != me and _interpreters.is_running(id))
    return correct.create()


def run(self, code):
    try:
        _run(self, code)
    finally:
        _forgotten.discard(self.id)


def is_running(self):
    return self.id not in _forgotten and _is_running(self)


Interpreter.run = run
Interpreter.is_running = is_running
