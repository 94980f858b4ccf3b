"""run executes the code in the interpreter that calls."""

from correct import Interpreter, create, enumerate, get_current, get_main


def run(self, code):
    if self.id not in [one.id for one in enumerate()]:
        raise RuntimeError(f"unrecognized interpreter ID {self.id}")
    exec(code, {"__name__": "__main__"})


Interpreter.run = run
