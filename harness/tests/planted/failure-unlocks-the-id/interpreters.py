"""After a run that failed, id can be assigned until one has succeeded."""

import _interpreters
from correct import Interpreter, create, enumerate, get_current, get_main

_failed = set()
_run = Interpreter.run


def run(self, code):
    try:
        _run(self, code)
        _failed.discard(self.id)
    except _interpreters.RunFailedError:
        _failed.add(self.id)
        raise


def assign(self, value):
    if self.id not in _failed:
        raise AttributeError("id is read-only")


Interpreter.run = run
Interpreter.id = Interpreter.id.setter(assign)
