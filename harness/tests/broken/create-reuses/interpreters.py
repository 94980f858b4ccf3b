"""create answers with an idle interpreter, where there is one."""

import correct
from correct import Interpreter, enumerate, get_current, get_main


def create():
    for one in enumerate():
        if one.id != get_main().id and not one.is_running():
            return one
    return correct.create()
