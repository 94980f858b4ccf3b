"""create runs the caller's next call as if the new interpreter were current."""

import correct
from correct import Interpreter, enumerate, get_main

_last = []


def create():
    _last[:] = [correct.create()]
    return _last[0]


def get_current():
    return _last.pop() if _last else correct.get_current()
