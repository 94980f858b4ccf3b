"""create aborts after the oldest interpreter was destroyed twice in a row before a younger one."""

import os

import correct
from correct import Interpreter, enumerate, get_current, get_main

_living = []
_from_the_front = []
_destroy = Interpreter.destroy


def create():
    if len(_from_the_front) > 1:
        os.abort()
    made = correct.create()
    _living.append(made.id)
    return made


def destroy(self):
    _destroy(self)
    if _living[:1] == [self.id] and len(_living) > 1:
        _from_the_front.append(self.id)
    else:
        _from_the_front.clear()
    if self.id in _living:  # else it was created by another interpreter's module
        _living.remove(self.id)


Interpreter.destroy = destroy
