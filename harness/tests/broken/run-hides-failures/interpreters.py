"""run answers as if all were well when the code fails."""

import _interpreters
from correct import Interpreter, create, enumerate, get_current, get_main

_run = Interpreter.run


def run(self, code):
    try:
        _run(self, code)
    except _interpreters.RunFailedError:
        pass


Interpreter.run = run
