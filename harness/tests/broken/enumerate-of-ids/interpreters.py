"""enumerate lists ids, not interpreters."""

import correct
from correct import Interpreter, create, get_current, get_main


def enumerate():
    return [interpreter.id for interpreter in correct.enumerate()]
