"""Forks the process of one program, with the descriptors through which the host follows it."""

import posix
import time

import _socket

from pep554_python.child import Setup, run_child

# The events of a program that the host has not read yet; the system may grant less.
_EVENT_BUFFER = 4 << 20


class Spawned:
    """A program's process, seen from the host. The descriptors do not block."""

    def __init__(self, pid, fork, events, out, err, life, trace):
        self.pid = pid
        self.fork = fork  # time.monotonic_ns()
        self.events = events  # a socket
        self.out = out
        self.err = err
        self.life = life
        self.trace = trace
        self.pidfd = _pidfd(pid)  # -1 where there is none

    def close(self):
        self.events.close()
        for fd in (self.life, self.pidfd):
            if fd >= 0:
                posix.close(fd)


def _pidfd(pid):
    try:
        return posix.pidfd_open(pid, 0)
    except (AttributeError, OSError):
        return -1


def _event_socket():
    host, child = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    child.setsockopt(_socket.SOL_SOCKET, _socket.SO_SNDBUF, _EVENT_BUFFER)
    # Every record then comes with its sender's credentials, and the end of the stream without: an
    # empty record, which any code can write, is not taken for the end.
    host.setsockopt(_socket.SOL_SOCKET, 16, 1)  # SO_PASSCRED
    host.shutdown(_socket.SHUT_WR)
    return host, child


def _pipe():
    read, write = posix.pipe()
    posix.set_blocking(read, False)
    return read, write


def spawn(target, program, private, execute=None):
    """Given `execute`, the child calls it with its Setup, and it does not return. Otherwise,
    (Spawned, None) in the host; (None, exit status) in a child that finalizes the runtime."""
    events, child_events = _event_socket()
    out, child_out = _pipe()
    err, child_err = _pipe()
    trace, child_trace = _pipe()
    child_life, life = posix.pipe()
    host = posix.getpid()
    fork = time.monotonic_ns()
    pid = posix.fork()
    if pid == 0:
        events.close()
        for fd in (out, err, trace, life):
            posix.close(fd)
        child_fd = child_events.detach()
        ends = (child_fd, child_out, child_err, child_life, child_trace)
        setup = Setup(host, *ends, fork, private)
        if execute is not None:
            execute(setup)
        return None, run_child(setup, target, program)
    child_events.close()
    for fd in (child_out, child_err, child_life, child_trace):
        posix.close(fd)
    try:
        posix.setpgid(pid, pid)  # the child does so too; the order does not matter
    except OSError:
        pass
    return Spawned(pid, fork, events, out, err, life, trace), None
