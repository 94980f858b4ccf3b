"""Reads statistics of a running program from the system: whether it computes, how long it waited for a
processor, how large it is, and how many processes it has."""

import posix
import time

from pep554_python import resource_usage, reaper

_EVERY = 50_000_000  # nanoseconds between two readings
_COST = 10  # a sample may take one part in so many of the time


def _numbers(path):
    """The numbers in a file of /proc; none when the process is gone."""
    try:
        with open(path, "rb") as file:
            return [int(word) for word in file.read().split()]
    except (OSError, ValueError):
        return []


def _delay_of_host():
    values = _numbers("/proc/self/schedstat")
    return values[1] if values else 0


class ProcessStats:
    """Times are those of time.monotonic_ns()."""

    def __init__(self, pid, fork, most_processes):
        self.next_look = fork + _EVERY
        self.last_computed = fork  # when it was last seen to have computed
        self.waited = 0  # nanoseconds in which it would have computed, but had no processor
        self.host_waited = 0  # nanoseconds in which this host would have read it, but had none
        self.address_space = 0  # bytes, the largest seen
        self.processes = 0  # of the program, itself included; counted no further than too many
        self._pid = pid
        self._most = most_processes
        self._looked = fork
        self._threads = {}  # (nanoseconds computed, waited) by thread, those that ended too
        self._ran = self._delayed = 0
        self._host_delayed = _delay_of_host()

    def sample(self):
        now = time.monotonic_ns()
        self._sample_threads(now)
        self.host_waited = _delay_of_host() - self._host_delayed
        size = _numbers("/proc/%d/statm" % self._pid)
        if size:
            self.address_space = max(self.address_space, size[0] * resource_usage.PAGE)
        self.processes = self._count_processes()
        self._looked = now
        self.next_look = now + max(_EVERY, _COST * (time.monotonic_ns() - now))

    def stopped(self):
        """Whether it was stopped by a signal, and is so still."""
        try:
            with open("/proc/%d/stat" % self._pid, "rb") as file:
                return file.read().rpartition(b")")[2].split()[0] in (b"T", b"t")
        except (OSError, IndexError):
            return False

    def _sample_threads(self, now):
        try:
            names = posix.listdir("/proc/%d/task" % self._pid)
        except OSError:
            return
        for name in names:
            values = _numbers("/proc/%d/task/%s/schedstat" % (self._pid, name))
            if values:
                self._threads[name] = values[0], values[1]
        ran = sum([values[0] for values in self._threads.values()])
        delayed = sum([values[1] for values in self._threads.values()])
        if ran > self._ran:
            self.last_computed = now
        # Threads wait at the same time, and while others compute: only time in which nothing was
        # computed counts.
        without = now - self._looked - (ran - self._ran)
        self.waited += max(0, min(without, delayed - self._delayed))
        self._ran, self._delayed = ran, delayed

    def _count_processes(self):
        """All descendants of the host: orphans are its children (see reaper)."""
        waiting = reaper.children("self")
        count = len(waiting)
        while waiting and count <= self._most:
            found = reaper.children(waiting.pop())
            count += len(found)
            waiting += found
        return count
