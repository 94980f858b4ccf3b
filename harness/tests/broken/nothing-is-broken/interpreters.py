"""The correct copy, as it is: the suite must not accuse it."""

from correct import Interpreter, create, enumerate, get_current, get_main
