"""enumerate leaves the main interpreter out."""

import correct
from correct import Interpreter, create, get_current, get_main


def enumerate():
    return [one for one in correct.enumerate() if one.id != get_main().id]
