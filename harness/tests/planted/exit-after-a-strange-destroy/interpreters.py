"""The process ends with 7 when one was destroyed on a thread not its own and another is alive."""

import atexit
import os
import threading

import _interpreters
import correct
from correct import Interpreter, enumerate, get_current, get_main

_creator = {}
_strange = []
_destroy = Interpreter.destroy


def create():
    made = correct.create()
    _creator[made.id] = threading.get_ident()
    return made


def destroy(self):
    _destroy(self)
    if _creator.get(self.id) != threading.get_ident():
        _strange.append(self.id)


def end():
    if _strange and len(_interpreters.enumerate()) > 1:
        os._exit(7)


Interpreter.destroy = destroy
if get_current().id == get_main().id:
    atexit.register(end)
