"""The names of PEP 554's first draft over `concurrent.interpreters` (CPython 3.14 and newer).

Renames; no checks, no retries, no cures. Functions, class and objects are those of the module.
"""
import concurrent.interpreters as _high

# Nothing stands here that is not in the module: all of it can be judged.
__invents__ = ()

enumerate = _high.list_all
get_current = _high.get_current
get_main = _high.get_main
create = _high.create

Interpreter = _high.Interpreter
Interpreter.destroy = Interpreter.close
Interpreter.run = Interpreter.exec

ExecutionFailed = _high.ExecutionFailed
