"""enumerate leaves out the interpreter that asks, when it is not the main one."""

import correct
from correct import Interpreter, create, get_current, get_main


def enumerate():
    me = get_current().id
    return [one for one in correct.enumerate() if one.id != me or me == get_main().id]
