"""The third create after a destroy answers with the newest interpreter that is there."""

import _interpreters
import correct
from correct import Interpreter, enumerate, get_current, get_main

_created = []
_destroyed = []
_destroy = Interpreter.destroy


def create():
    living = [id for id in _created if id in _interpreters.enumerate()]
    if _destroyed:
        _destroyed.append(None)
        if len(_destroyed) == 4 and living:
            return Interpreter(living[-1])
    made = correct.create()
    _created.append(made.id)
    return made


def destroy(self):
    _destroy(self)
    _destroyed[:] = [self.id]


Interpreter.destroy = destroy
