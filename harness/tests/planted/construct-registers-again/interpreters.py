"""Interpreter(id) lists the interpreter once more, unless it is the newest."""

import correct
from correct import get_current, get_main

_again = []


class Interpreter(correct.Interpreter):
    def __init__(self, id):
        super().__init__(id)
        living = [one.id for one in correct.enumerate()]
        if id != get_main().id and id != max(living):
            _again.append(self)


def create():
    return correct.create()


def enumerate():
    listed = correct.enumerate()
    living = [one.id for one in listed]
    return listed + [one for one in _again if one.id in living]
