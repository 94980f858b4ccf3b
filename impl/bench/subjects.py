"""The measured modules: both layers of the reference, CPython's own module, the bare C API. Each is a Subject whose
members can be called alike; `theirs` is None where this Python has no module of its own."""

import sys


class Subject:
    """create() returns the interpreter or its id; a str for `run` or the others is a method of it."""

    def __init__(self, create, run, destroy, is_running=None, functions=None):
        self.create = create
        self.run = run
        self.destroy = destroy
        self.is_running = is_running
        self.functions = functions or {}

    def call(self, target, *args):
        if isinstance(target, str):
            return getattr(args[0], target)(*args[1:])
        return target(*args)


def _low():
    # From 3.13 on the draft's name is taken by a built-in module.
    if sys.version_info >= (3, 13):
        import _pep554_interpreters as module
    else:
        import _interpreters as module
    return Subject(
        module.create,
        module.run,
        module.destroy,
        module.is_running,
        {name: getattr(module, name) for name in ("enumerate", "get_current", "get_main")},
    )


def _high():
    import interpreters as module

    return Subject(
        module.create,
        "run",
        "destroy",
        "is_running",
        {name: getattr(module, name) for name in ("enumerate", "get_current", "get_main")},
    )


def _theirs():
    try:
        if sys.version_info >= (3, 13):
            import _interpreters as module
        else:
            import _xxsubinterpreters as module
    except ImportError:
        return None
    run = getattr(module, "run_string", None) or module.exec
    return Subject(
        module.create, run, module.destroy, module.is_running, {"enumerate": module.list_all}
    )


def _bare():
    import pep554_bare as module

    return Subject(module.create, module.run, module.destroy)


low, high, theirs, bare = _low(), _high(), _theirs(), _bare()
ours = {"low": low, "high": high}
# Those that Google Benchmark compares; the bare C API takes part by functions of C.
compared = ours | ({"theirs": theirs} if theirs else {})
