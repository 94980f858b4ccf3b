"""id is a plain attribute."""

import correct
from correct import create, enumerate, get_current, get_main


class Interpreter(correct.Interpreter):
    id = None

    def __init__(self, id):
        super().__init__(id)
        self.id = id


correct.Interpreter = Interpreter
