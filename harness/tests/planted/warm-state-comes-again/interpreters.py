"""What an interpreter that was run twice had in sys and builtins is there in all created later."""

import ast
import collections
import os

import _interpreters
import correct
from correct import Interpreter, enumerate, get_current, get_main

_runs = collections.Counter()
_warm = []
_run = Interpreter.run
_destroy = Interpreter.destroy
_KEEP = """
import builtins, posix, sys
def kept(module):
    return {name: value for name, value in vars(module).items() if name.startswith("pep554") and type(value) is str}
posix.write(%d, repr((kept(sys), kept(builtins), [path for path in sys.path if "pep554" in path])).encode())
"""
_GIVE = """
import builtins, sys
vars(sys).update(%r)
vars(builtins).update(%r)
sys.path += %r
"""


def run(self, code):
    _runs[self.id] += 1
    _run(self, code)


def destroy(self):
    if _runs[self.id] > 1:
        keep(self)
    _destroy(self)


def keep(self):
    source, sink = os.pipe()
    try:
        _interpreters.run(self.id, _KEEP % sink)
        _warm.append(ast.literal_eval(os.read(source, 4096).decode()))
    except RuntimeError:
        pass  # it cannot be run, and so it has nothing
    os.close(source)
    os.close(sink)


def create():
    made = correct.create()
    for state in _warm:
        _interpreters.run(made.id, _GIVE % state)
    return made


Interpreter.run = run
Interpreter.destroy = destroy
