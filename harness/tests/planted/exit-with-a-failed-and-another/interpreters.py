"""The process aborts at its end when two interpreters are alive, and a run failed in one of them."""

import atexit
import os

import _interpreters
from correct import Interpreter, create, enumerate, get_current, get_main

_failed = set()
_run = Interpreter.run


def run(self, code):
    try:
        _run(self, code)
    except _interpreters.RunFailedError:
        _failed.add(self.id)
        raise


def end():
    living = _interpreters.enumerate()
    if len(living) > 2 and _failed.intersection(living):
        os.abort()


Interpreter.run = run
if get_current().id == get_main().id:
    atexit.register(end)
