"""Stack traces of a program's threads when a signal ended it, or at its deadline: faulthandler of this
Python writes them into a pipe of the host."""

import _signal
import posix
import time

import select

try:
    import faulthandler
except ImportError:
    faulthandler = None

SIGNAL = int(_signal.SIGRTMAX)  # sent at the deadline; hardly any code has a use for it
_MOST = 64 << 10
_TIMEOUT_MS = 300  # for a trace that was asked for
_QUIET_MS = 100  # so long after its last line a trace is taken to be complete


def can_be_asked_for():
    return hasattr(faulthandler, "register")


def enable(fd):
    """In the process of a program: traces go to `fd`. A process that closed the descriptor loses them."""
    try:
        faulthandler.enable(fd, True)
        faulthandler.register(SIGNAL, fd, True, False)
    except (AttributeError, OSError, RuntimeError, ValueError, NotImplementedError):
        pass  # this Python has less of it


class Trace:
    """The host's end. The descriptor does not block."""

    def __init__(self, fd):
        self.fd = fd  # -1 when closed
        self._bytes = b""

    def read(self):
        """Reads once; False if there was nothing. Reads beyond the limit too, or the writer would block."""
        try:
            got = posix.read(self.fd, 65536)
        except OSError:
            return False
        self._bytes = (self._bytes + got)[:_MOST]
        if not got:
            self.close()
        return bool(got)

    def ask(self, pid):
        """Has a process write its trace, and waits for it; not for long."""
        if not can_be_asked_for():
            return
        try:
            posix.kill(pid, SIGNAL)
        except OSError:
            return
        until = time.monotonic_ns() + _TIMEOUT_MS * 1_000_000
        left = _TIMEOUT_MS
        while left > 0 and self.fd >= 0 and self._readable(left):
            self.read()
            left = min(_QUIET_MS, (until - time.monotonic_ns()) // 1_000_000)

    def _readable(self, timeout_ms):
        poll = select.poll()
        poll.register(self.fd, select.POLLIN)
        return bool(poll.poll(timeout_ms))

    def text(self):
        """All of it; empty if there was none. Called when no process writes any more."""
        while self.fd >= 0 and self.read():
            pass
        return self._bytes.decode("utf-8", "ignore")

    def close(self):
        if self.fd >= 0:
            posix.close(self.fd)
        self.fd = -1
