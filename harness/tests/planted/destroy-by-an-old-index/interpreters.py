"""destroy finds an interpreter in the table by the index that it was created with."""

import correct
from correct import Interpreter, enumerate, get_current, get_main

_table = []
_index = {}
_destroy = Interpreter.destroy


def create():
    made = correct.create()
    _index[made.id] = len(_table)
    _table.append(made.id)
    return made


def destroy(self):
    _destroy(self)
    del _table[_index[self.id]]


Interpreter.destroy = destroy
