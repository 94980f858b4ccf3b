"""destroy answers, and destroys nothing."""

from correct import Interpreter, create, enumerate, get_current, get_main

Interpreter.destroy = lambda self: None
