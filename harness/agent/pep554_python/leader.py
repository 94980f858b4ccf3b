"""The end of a program's process, and the resources that it used."""

import posix
import sys

try:
    import resource
except ImportError:
    resource = None
try:
    from _pypy_wait import wait4 as _pypy_wait4  # what posix.wait4 of PyPy imports at each call
except ImportError:
    _pypy_wait4 = None

_CLD_EXITED = 1


def _wait4(pid, flags):
    """(pid, status, usage); a usage of None where the system's cannot be read. posix.wait4 imports
    `resource`, of which programs are to see nothing."""
    if _pypy_wait4 is not None:
        return _pypy_wait4(pid, flags)
    if resource is None:
        return posix.waitpid(pid, flags) + (None,)
    before = sys.modules.get("resource")
    sys.modules["resource"] = resource
    try:
        return posix.wait4(pid, flags)
    finally:
        del sys.modules["resource"]
        if before is not None:
            sys.modules["resource"] = before


class Leader:
    """The process of a program, a child of this one."""

    def __init__(self, pid):
        self.pid = pid
        self._usage = None
        self._ending = None  # of one that is reaped

    def termination(self, wait=False):
        """(how, code) if it has ended. Does not reap it where waitid exists."""
        if self._ending is not None:
            return self._ending
        try:
            flags = posix.WEXITED | posix.WNOWAIT | (0 if wait else posix.WNOHANG)
            info = posix.waitid(posix.P_PID, self.pid, flags)
        except AttributeError:
            return self.reap(0 if wait else posix.WNOHANG)
        if info is None:
            return None
        return "exited" if info.si_code == _CLD_EXITED else "signaled", info.si_status

    def reap(self, flags=0):
        """(how, code) if it has ended."""
        if self._ending is None:
            ended, status, usage = _wait4(self.pid, flags)
            if ended == 0:
                return None
            self._usage = usage
            if posix.WIFSIGNALED(status):
                self._ending = "signaled", posix.WTERMSIG(status)
            else:
                self._ending = "exited", posix.WEXITSTATUS(status)
        return self._ending

    def cpu_us(self):
        """Processor time in microseconds, with the children that it waited for. None if unknown."""
        usage = self._usage
        return usage and int((usage.ru_utime + usage.ru_stime) * 1_000_000)

    def peak_bytes(self):
        """Its largest resident size. None if unknown."""
        return self._usage and int(self._usage.ru_maxrss) * 1024
