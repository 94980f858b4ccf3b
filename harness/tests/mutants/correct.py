"""A correct module in Python, over the reference's low-level one. Each mutant changes one thing."""

import _interpreters


class Interpreter:
    def __init__(self, id):
        if id not in _interpreters.enumerate():
            raise RuntimeError(f"unrecognized interpreter ID {id}")
        self._id = id

    @property
    def id(self):
        return self._id

    def is_running(self):
        return _interpreters.is_running(self._id)

    def destroy(self):
        _interpreters.destroy(self._id)

    def run(self, code):
        _interpreters.run(self._id, code)


def enumerate():
    return [Interpreter(id) for id in _interpreters.enumerate()]


def get_current():
    return Interpreter(_interpreters.get_current())


def get_main():
    return Interpreter(_interpreters.get_main())


def create():
    return Interpreter(_interpreters.create())
