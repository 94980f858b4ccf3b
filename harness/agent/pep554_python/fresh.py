"""Executes a program in a process that starts a new runtime: by execve after the fork. Descriptors
pass the program and the channels."""

import fcntl
import posix

from pep554_python import errors, trace, wire
from pep554_python.child import FIRST_HIGH_FD, Setup, die_with_the_host, run_child
from pep554_python.command import boot_command
from pep554_python.events import EventChannel
from pep554_python.program import Program
from pep554_python.target import Target, flush_python


class Launcher:
    """How the host was started, so that a fresh process can be started alike."""

    def __init__(self, python, folder, temporary, target):
        self._python = python
        self._folder = folder
        self._temporary = temporary
        self._target = target  # arguments of Target
        self._environment = dict(posix.environ)  # before the target can change it

    def program_file(self, document):
        """A descriptor from which the program can be read; the file has no name any more."""
        path = self._temporary + "/program"
        fd = posix.open(path, posix.O_RDWR | posix.O_CREAT | posix.O_EXCL | posix.O_CLOEXEC, 0o600)
        try:
            posix.unlink(path)
            rest = memoryview(wire.encode(document))
            while rest:
                rest = rest[posix.write(fd, rest) :]
            posix.lseek(fd, 0, 0)
        except BaseException:
            posix.close(fd)
            raise
        return fd

    def execute(self, setup, program_fd):
        """In the forked process; does not return."""
        events = EventChannel(setup.events, setup.fork)
        try:
            posix.setpgid(0, 0)
            die_with_the_host(setup)
            program_fd = _inheritable(program_fd)
            passed = setup.passed([_inheritable(fd) for fd in setup.descriptors()])
            arguments = (passed, program_fd, self._target)
            command = boot_command(self._python, self._folder, "fresh", arguments)
            posix.execve(command[0], command, self._environment)
        except BaseException as problem:
            events.write(events.event("note", text="no fresh process: " + errors.line(problem)))
        posix._exit(1)


def _inheritable(fd):
    """A copy with a high number, above those that the runtime opens while it starts."""
    return fcntl.fcntl(fd, fcntl.F_DUPFD, FIRST_HIGH_FD)


def _read_all(fd):
    parts = []
    got = posix.read(fd, 1 << 20)
    while got:
        parts.append(got)
        got = posix.read(fd, 1 << 20)
    posix.close(fd)
    return b"".join(parts)


def _start(events, arguments):
    try:
        return Target(*arguments)
    except BaseException as problem:
        note = "its runtime did not start: " + errors.line(problem)
        events.write(events.event("note", text=note))
        posix._exit(1)


def main(passed, program_fd, target):
    """In the fresh process. Returns as child.run_child."""
    setup = Setup(*passed)
    for fd in setup.descriptors():
        posix.set_inheritable(fd, False)
    trace.enable(setup.trace)
    events = EventChannel(setup.events, setup.fork)
    events.write(events.event("starting"))
    document = wire.decode(_read_all(program_fd))
    target = _start(events, target)
    flush_python()
    events.write(events.event("started"))
    return run_child(setup, target, Program(document))
