"""The names of PEP 554's first draft over `test.support.interpreters` (CPython 3.10 to 3.13).

Renames; no checks, no retries, no cures. Functions, class and objects are those of the module.
"""
import sys

import test.support.interpreters as _high

# Nothing stands here that is not in the module: all of it can be judged.
__invents__ = ()

# The low-level module. Up to 3.12 its real name is _xxsubinterpreters.
sys.modules["_interpreters"] = _high._interpreters

enumerate = _high.list_all
get_current = _high.get_current
get_main = _high.get_main
create = _high.create

Interpreter = _high.Interpreter
Interpreter.destroy = Interpreter.close
# Up to 3.12 there is a run; 3.13 has exec instead.
Interpreter.run = getattr(Interpreter, "exec", getattr(Interpreter, "run", None))
