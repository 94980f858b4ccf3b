"""run executes the code on a thread of its own."""

import threading

import correct
from correct import Interpreter, create, enumerate, get_current, get_main

_run = Interpreter.run


def run(self, code):
    failures = []

    def work():
        try:
            _run(self, code)
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


Interpreter.run = run
