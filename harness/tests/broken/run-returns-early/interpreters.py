"""run returns while the code is still executed."""

import _thread

from correct import Interpreter, create, enumerate, get_current, get_main

_run = Interpreter.run


def run(self, code):
    _thread.start_new_thread(_run, (self, code))


Interpreter.run = run
