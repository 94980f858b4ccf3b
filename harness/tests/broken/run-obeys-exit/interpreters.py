"""sys.exit inside ends the process."""

import os

import _interpreters
from correct import Interpreter, create, enumerate, get_current, get_main

_run = Interpreter.run


def run(self, code):
    try:
        _run(self, code)
    except _interpreters.RunFailedError as failure:
        if "SystemExit" in str(failure):
            os._exit(3)
        raise


Interpreter.run = run
