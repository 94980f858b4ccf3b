"""run tells of two failures of an interpreter; the third is lost."""

import collections

import _interpreters
from correct import Interpreter, create, enumerate, get_current, get_main

_failures = collections.Counter()
_run = Interpreter.run


def run(self, code):
    try:
        _run(self, code)
    except _interpreters.RunFailedError:
        _failures[self.id] += 1
        if _failures[self.id] != 3:
            raise


Interpreter.run = run
