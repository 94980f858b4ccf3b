"""run executes the text up to the first NUL."""

from correct import Interpreter, create, enumerate, get_current, get_main

_run = Interpreter.run


def run(self, code):
    _run(self, code.split("\0")[0])


Interpreter.run = run
