"""The child's end of the event channel: a socket of records (SOCK_SEQPACKET). Each write is one
record, complete and in order, with any number of writers; records outlive their writer."""

import posix
import time

from pep554_python import wire

MAX_RECORD = 256 << 10  # no record is larger
_EMSGSIZE = 90


class EventChannel:
    """Any thread; no lock is needed."""

    def __init__(self, fd, fork):
        self.fd = fd
        self._fork = fork  # time.monotonic_ns() of the fork

    def now(self):
        """Microseconds since the fork."""
        return (time.monotonic_ns() - self._fork) // 1000

    def event(self, kind, lane=None, step=None, **more):
        made = {"e": kind, "us": self.now()}
        if lane is not None:
            made.update({"lane": lane, "step": step})
        made.update(more)
        return made

    def write(self, record):
        """Ends the process when the host is gone. False when the record is too large."""
        payload = wire.encode(record)
        if len(payload) > MAX_RECORD:
            return False
        try:
            posix.write(self.fd, payload)
        except OSError as problem:
            if problem.errno == _EMSGSIZE:
                return False  # the system granted a smaller buffer
            posix._exit(1)  # the reader is gone
        return True
