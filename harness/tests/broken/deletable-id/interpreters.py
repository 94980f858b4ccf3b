"""id can be deleted, though not assigned."""

from correct import Interpreter, create, enumerate, get_current, get_main


def delete(self):
    self._id = None


Interpreter.id = Interpreter.id.deleter(delete)
