"""is_running is True of every interpreter that exists."""

from correct import Interpreter, create, enumerate, get_current, get_main

Interpreter.is_running = lambda self: self.id in [one.id for one in enumerate()]
