"""Ends what a program leaves behind. The host is the subreaper of everything it forked (see
first_stage), so a process that daemonized is its child as soon as its parents are gone."""

import _signal
import posix
import time

_SIGKILL = int(_signal.SIGKILL)
_MOST_SECONDS = 1


def children(process):
    """Children of every thread of a process, given by its pid or "self"; zombies too."""
    found = []
    try:
        for task in posix.listdir("/proc/%s/task" % process):
            with open("/proc/%s/task/%s/children" % (process, task), "rb") as file:
                found += [int(pid) for pid in file.read().split()]
    except OSError:
        pass
    return found


def kill(pid):
    try:
        posix.kill(pid, _SIGKILL)
    except OSError:
        pass


def _wait(pid, flags=0):
    """(pid, status); a pid of -1 when there is no such child."""
    try:
        return posix.waitpid(pid, flags)
    except OSError:
        return -1, 0


def reap_all(leader):
    """Kills and reaps the process group of a program, whose own process has ended and is not yet
    reaped, and every other child. Returns how many were alive until then, and whether none is left: after
    a second it gives up on those that start others faster than they can be killed."""
    kill(-leader.pid)  # before it is reaped, while the number is surely its own
    leader.reap()
    killed = 0
    until = time.monotonic() + _MOST_SECONDS
    while True:
        pid, status = _wait(-1, posix.WNOHANG)
        if pid == 0:
            if time.monotonic() >= until:
                return killed, False
            # Some are alive. Their own children become ours when they end, and are met next time.
            alive = children("self")
            if not alive:
                return killed, True  # no /proc here: they cannot be found
            for child in alive:
                kill(child)
            pid, status = _wait(-1)
        if pid < 0:
            return killed, True
        # A process that had ended by itself is not counted.
        killed += posix.WIFSIGNALED(status) and posix.WTERMSIG(status) == _SIGKILL
