"""Interpreter(id) initializes a new interpreter."""

import _interpreters
import correct
from correct import create, enumerate, get_current, get_main


class Interpreter(correct.Interpreter):
    def __init__(self, id):
        super().__init__(id if id == _interpreters.get_main() else _interpreters.create())
