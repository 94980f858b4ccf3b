"""destroy of the older of two keeps its thread's lock: destroy on another thread waits for ever."""

import threading

import _interpreters
from correct import Interpreter, create, enumerate, get_current, get_main

_lock = threading.RLock()
_destroy = Interpreter.destroy


def destroy(self):
    _lock.acquire()
    try:
        _destroy(self)
    finally:
        if max(_interpreters.enumerate()) < self.id:
            _lock.release()


Interpreter.destroy = destroy
