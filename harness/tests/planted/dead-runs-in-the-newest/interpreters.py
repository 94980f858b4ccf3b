"""run in a destroyed interpreter runs the code in the newest that there is."""

import _interpreters
from correct import Interpreter, create, enumerate, get_current, get_main

_run = Interpreter.run


def run(self, code):
    living = _interpreters.enumerate()
    if self.id not in living and max(living) != _interpreters.get_main():
        _interpreters.run(max(living), code)
    else:
        _run(self, code)


Interpreter.run = run
