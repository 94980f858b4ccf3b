"""The forked process that executes one program and ends."""

import _signal
import fcntl
import posix

from pep554_python import errors, limits, trace
from pep554_python.events import EventChannel
from pep554_python.lanes import Lanes
from pep554_python.repetitions import Repetitions
from pep554_python.report import Report

# The exit status of a process whose runtime was finalized: Python calls exit() with it after
# Py_FinalizeEx has succeeded. Any other status, 0 too, is what a runtime or code made of it: a main
# thread that is ended while it finalizes leaves 0. Code that leaves by os._exit with this very
# status at that moment would count.
FINALIZED = 93
FIRST_HIGH_FD = 200  # out of the way of programs that count on low descriptors
# Linux's; not every fcntl has the names.
_F_SETSIG = 10
_F_DUPFD_CLOEXEC = 1030


class Setup:
    """The values that the parent passes to the child; the descriptors are the child's ends."""

    def __init__(self, host, events, out, err, life, trace, fork, private=()):
        self.host = host  # pid
        self.events = events
        self.out = out
        self.err = err
        self.life = life  # of a pipe whose other end only the host holds
        self.trace = trace
        self.fork = fork
        self.private = private  # the host's own, to be closed

    def descriptors(self):
        return self.events, self.out, self.err, self.life, self.trace

    def passed(self, descriptors):
        """The arguments of a Setup with these descriptors, for a process that does not inherit the
        host's own."""
        return (self.host, *descriptors, self.fork)


def die_with_the_host(setup):
    """Makes the kernel send SIGKILL when the pipe `life` closes, which is at the end of the host: like
    PR_SET_PDEATHSIG, but without ctypes in the judged runtime."""
    life = setup.life = _move_up(setup.life)
    fcntl.fcntl(life, fcntl.F_SETOWN, posix.getpid())
    fcntl.fcntl(life, _F_SETSIG, int(_signal.SIGKILL))
    fcntl.fcntl(life, fcntl.F_SETFL, posix.O_ASYNC)
    if posix.getppid() != setup.host:
        posix._exit(1)  # it happened just now


def _redirect(setup):
    nothing = posix.open("/dev/null", posix.O_RDONLY)
    for fd, standard in ((nothing, 0), (setup.out, 1), (setup.err, 2)):
        posix.dup2(fd, standard)
        posix.close(fd)
    for fd in setup.private:
        posix.close(fd)


def _move_up(fd):
    try:
        high = fcntl.fcntl(fd, _F_DUPFD_CLOEXEC, FIRST_HIGH_FD)
    except OSError:
        return fd
    posix.close(fd)
    return high


def _shut_off(setup, program):
    posix.setpgid(0, 0)
    _signal.signal(_signal.SIGINT, _signal.default_int_handler)
    die_with_the_host(setup)
    _redirect(setup)
    trace.enable(_move_up(setup.trace))
    limits.apply(program)


def run_child(setup, target, program):
    """Called first thing after the fork. Ends the process, or returns the exit status with which
    the runtime is to be finalized."""
    events = EventChannel(_move_up(setup.events), setup.fork)
    try:
        _shut_off(setup, program)
        if program.repeat > 1:
            lanes = Repetitions(target, program, events)
        else:
            lanes = Lanes(target, program, Report(events))
        if not lanes.run():
            posix._exit(0)
        events.write(events.event("done"))
        if not program.finalize:
            posix._exit(0)
        events.write(events.event("finalize"))
        target.let_go(lanes.handles())
        return FINALIZED
    except BaseException as problem:
        events.write(events.event("note", text=errors.line(problem)))
        posix._exit(1)
