"""destroy destroys every idle interpreter."""

import _interpreters
from correct import Interpreter, create, enumerate, get_current, get_main


def destroy(self):
    _interpreters.destroy(self.id)
    for id in _interpreters.enumerate():
        if not _interpreters.is_running(id) and id != _interpreters.get_main():
            _interpreters.destroy(id)


Interpreter.destroy = destroy
