"""enumerate answers with the list that it keeps."""

import correct
from correct import Interpreter, create, get_current, get_main

_kept = []
_size = 0


def enumerate():
    global _size
    now = correct.enumerate()
    if len(now) != _size:
        _kept[:] = now
        _size = len(now)
    return _kept
