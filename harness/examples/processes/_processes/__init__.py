"""The low-level module: interpreters as child processes, known by their ids. Linux, Python 3.8+.

All are children of the process in which the program started. That one is the main interpreter, and
keeps the books; code in another one asks it for whatever it does here. README.md has the picture.
"""

import atexit
import os

from . import line, main
from .line import RunFailedError

__all__ = ["RunFailedError", "create", "destroy", "enumerate", "get_current", "get_main",
           "is_running", "run"]

# Performs the operations: a Main, or an Inside in the process of an interpreter.
home = main.Main()


def enumerate():
    return home.perform("enumerate")


def get_current():
    return home.current


def get_main():
    return main.MAIN


def create():
    return home.perform("create")


def is_running(id):
    return home.perform("is_running", id)


def destroy(id):
    home.perform("destroy", id)


def run(id, code):
    home.perform("run", id, code)


def _after_fork():
    global home
    line.close_all()
    home = home.after_fork()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(lambda: home.end())
