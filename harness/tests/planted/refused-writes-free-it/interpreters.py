"""An assignment to id is refused, and takes a reference; after two, destroy frees it twice."""

import collections
import signal

from correct import Interpreter, create, enumerate, get_current, get_main

_taken = collections.Counter()
_destroy = Interpreter.destroy


def assign(self, value):
    _taken[self.id] += 1
    raise AttributeError("id is read-only")


def destroy(self):
    _destroy(self)
    if _taken[self.id] > 1:
        signal.raise_signal(signal.SIGSEGV)


Interpreter.destroy = destroy
Interpreter.id = Interpreter.id.setter(assign)
