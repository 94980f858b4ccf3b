"""get_main answers with the creator, in an interpreter that another than the main one created."""

import sys

import _interpreters
import correct
from correct import Interpreter, enumerate, get_current


def create():
    made = correct.create()
    me = _interpreters.get_current()
    if me != _interpreters.get_main():
        _interpreters.run(made.id, "import sys\nsys._creator = %d\n" % me)
    return made


def get_main():
    return Interpreter(getattr(sys, "_creator", _interpreters.get_main()))
