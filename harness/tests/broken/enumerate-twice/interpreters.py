"""enumerate lists the main interpreter twice."""

import correct
from correct import Interpreter, create, get_current, get_main


def enumerate():
    return correct.enumerate() + [get_main()]
