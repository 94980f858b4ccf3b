"""A stand-in for a known bug of CPython: destroy aborts the process while a thread is alive inside."""

import os

import _interpreters
import correct
from correct import Interpreter, enumerate, get_current, get_main

_destroy = Interpreter.destroy
_COUNT = """
import _thread
def counting(start, alive):
    def start_new_thread(function, arguments, *more):
        def work(*arguments, **keywords):
            try:
                return function(*arguments, **keywords)
            finally:
                alive.pop()
        alive.append(function)
        try:
            return start(work, arguments, *more)
        except BaseException:
            alive.pop()
            raise
    return start_new_thread
_thread.alive = []
_thread.start_new_thread = counting(_thread.start_new_thread, _thread.alive)
"""
# One that is about to end gets its turns: else the same program would show it or not.
_ASK = """
import _thread, time
for _ in range(100):
    if _thread.alive:
        time.sleep(0.001)
assert not _thread.alive
"""


def create():
    made = correct.create()
    _interpreters.run(made.id, _COUNT)
    return made


def destroy(self):
    try:
        _interpreters.run(self.id, _ASK)
    except _interpreters.RunFailedError:
        os.abort()
    except RuntimeError:
        pass  # it cannot be run: whoever asked is told by what follows
    _destroy(self)


Interpreter.destroy = destroy
