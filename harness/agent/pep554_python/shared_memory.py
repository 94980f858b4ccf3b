"""Private shared memory of a host, where its jail has made some: /dev/shm is emptied after each program,
and System V objects disappear with the host's last process. Imports little: every program's process counts with it."""

import posix

from pep554_python import temporary

_FOLDER = "/dev/shm"
_SOURCE = b"pep554-host"  # of the mount, by which it is known

def _read_all(path):
    fd = posix.open(path, posix.O_RDONLY | posix.O_CLOEXEC)
    try:
        parts = []
        got = posix.read(fd, 1 << 16)
        while got:
            parts.append(got)
            got = posix.read(fd, 1 << 16)
        return b"".join(parts)
    finally:
        posix.close(fd)


def _find_own():
    """A line has the point of the mount as its fifth word; its type and source follow " - "."""
    own = False  # of the last that was mounted there
    try:
        for line in _read_all("/proc/self/mountinfo").split(b"\n"):
            if b" /dev/shm " in line:
                own = b" - tmpfs " + _SOURCE + b" " in line
    except OSError:
        pass
    return own


_own = _find_own()
_device = posix.stat(_FOLDER).st_dev if _own else 0


def _system_v():
    """How many objects there are; each of these files has a line of titles."""
    count = 0
    for kind in ("shm", "sem", "msg"):
        try:
            count += max(0, _read_all("/proc/sysvipc/" + kind).count(b"\n") - 1)
        except OSError:
            pass
    return count


def empty():
    """Removes all entries of a private /dev/shm. Returns their number."""
    # A program that is root may have taken the mount away: what is below is the machine's.
    if not _own or posix.stat(_FOLDER).st_dev != _device:
        return 0
    return temporary.empty_folder(_FOLDER)[0]


def count():
    """How many entries and objects there are; 0 where they are not a host's own."""
    return temporary.count(_FOLDER) + _system_v() if _own else 0
