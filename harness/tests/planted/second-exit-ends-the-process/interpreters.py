"""The second SystemExit that leaves the code of an interpreter ends the process."""

import collections
import os

import _interpreters
from correct import Interpreter, create, enumerate, get_current, get_main

_exits = collections.Counter()
_run = Interpreter.run


def run(self, code):
    try:
        _run(self, code)
    except _interpreters.RunFailedError as failure:
        _exits[self.id] += failure.type_name == "SystemExit"
        if _exits[self.id] > 1:
            os._exit(3)
        raise


Interpreter.run = run
