"""The second stage: the host, in the interpreter that is judged. Executed by the command of
command.boot_command, in a namespace of its own, so that __main__ is the target's alone. ARGUMENTS
is a tuple, made there.
"""

import sys


def load(folder, name):
    """A module of the package, without a trace in sys.modules and sys.path.

    It brings the extension modules _json, _socket, fcntl, resource and select; a program that
    imports one of these gets its own, as if it were the first. What remains is what Python itself
    imports to start; _signal, _thread, posix and time are among that.
    """
    before = set(sys.modules)
    if sys.path and sys.path[0] == "":
        del sys.path[0]  # put there for -c
    sys.path.insert(0, folder)
    from pep554_python import fresh, session

    module = {"fresh": fresh, "session": session}[name]
    sys.path.remove(folder)
    for name in set(sys.modules) - before:
        del sys.modules[name]
    for name in list(sys.path_importer_cache):
        if name.startswith(folder):
            del sys.path_importer_cache[name]
    return module


def main():
    folder, module, arguments = ARGUMENTS  # noqa: F821
    sys.argv[:] = [""]
    if hasattr(sys, "orig_argv"):
        sys.orig_argv[:] = []
    return load(folder, module).main(*arguments)


# Reached by a program's process that finalizes the runtime, and by no other: the frames of the
# host are gone, and Python ends as after any script.
sys.exit(main())
