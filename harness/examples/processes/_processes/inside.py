"""The process of an interpreter other than the main one."""

import array
import contextlib
import fcntl
import os
import signal
import socket
import sys
import types

import _processes

from .line import Line, RunFailedError, private


class Inside:
    """The operations as any other interpreter has them: the main one is asked to perform them."""

    def __init__(self, id, door):
        self.current, self.door = id, door
        private.add(door)

    def perform(self, *question):
        mine, theirs = socket.socketpair()
        with contextlib.closing(Line(mine)) as line:
            try:
                with theirs:
                    fds = array.array("i", [theirs.fileno()])
                    self.door.sendmsg([b"?"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
                return line.ask(*question)
            except (EOFError, OSError) as error:
                raise RuntimeError("the main interpreter does not answer") from error

    def end(self):
        pass

    def after_fork(self):
        return self  # its door is closed: the fork of an interpreter is none


def serve(id, line, door, life):
    """The life of an interpreter."""
    end_with_main(life)
    # Signals are for the main interpreter, as where all are in one process.
    signal.signal(signal.SIGINT, lambda number, frame: None)
    line, door = Line(socket.socket(fileno=line)), socket.socket(fileno=door)
    begin(sys.path, [line.end.fileno(), door.fileno()])
    _processes.home = Inside(id, door)
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    requests = {"begin": begin, "run": lambda code: run(code, vars(main))}
    with contextlib.suppress(EOFError, OSError):  # the main one has ended, or this is a fork
        request, *arguments = line.receive()
        while request != "end":
            line.answer(requests[request], *arguments)
            request, *arguments = line.receive()


def end_with_main(life):
    """The system kills this process when the pipe breaks, whatever its code is at."""
    own = os.open(f"/proc/self/fd/{life}", os.O_RDONLY)  # has an owner and a signal of its own
    os.close(life)
    fcntl.fcntl(own, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(own, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(own, fcntl.F_SETFL, os.O_ASYNC)


def begin(path, closing):
    sys.path[:] = path
    for fd in closing:
        os.set_inheritable(fd, False)


def run(code, names):
    failure = None
    try:
        exec(compile(code, "<string>", "exec", dont_inherit=True), names)
    except BaseException as error:
        failure = described(error)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # code may have put anything there
            stream.flush()
    if failure is not None:
        raise failure


def described(error):
    try:
        failure = RunFailedError(f"{type(error).__name__}: {error}")
    except Exception:
        failure = RunFailedError(f"{type(error).__name__}: (str() of it failed)")
    with contextlib.suppress(Exception):  # code may have broken what this needs
        import traceback  # not for every interpreter: starting one is slow enough

        trace = error.__traceback__.tb_next
        failure.traceback = "".join(traceback.format_exception(type(error), error, trace))
    return failure
