"""The main interpreter keeps its list; destroy forgets it only through the object from create."""

import correct
from correct import Interpreter, get_current, get_main

_list = []
_destroy = Interpreter.destroy


def create():
    made = correct.create()
    made._created = True
    _list.clear()
    return made


def enumerate():
    if get_current().id != get_main().id:
        return correct.enumerate()
    if not _list:
        _list[:] = correct.enumerate()
    return list(_list)


def destroy(self):
    _destroy(self)
    if hasattr(self, "_created"):
        _list.clear()


Interpreter.destroy = destroy
