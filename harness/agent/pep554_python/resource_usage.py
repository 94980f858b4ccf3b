"""The current resource usage of this process. Reading it does not change it."""

import posix

from pep554_python import shared_memory, temporary

FIELDS = ("memory", "descriptors", "threads", "processes")
_ROOM = 1 << 16


def _page_size():
    try:
        return posix.sysconf(posix.sysconf_names["SC_PAGESIZE"])
    except (AttributeError, KeyError, OSError, ValueError):
        return 4096


PAGE = _page_size()


def _read(path):
    """Empty when there is no such file, or no descriptor left to read it."""
    try:
        fd = posix.open(path, posix.O_RDONLY | posix.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return posix.read(fd, _ROOM)
    except OSError:
        return b""
    finally:
        posix.close(fd)


def _names(path):
    try:
        return posix.listdir(path)
    except OSError:
        return []


def _memory():
    """Bytes that are resident and not shared with a file."""
    pages = _read("/proc/self/statm").split()
    return max(0, int(pages[1]) - int(pages[2])) * PAGE if len(pages) > 2 else 0


def read():
    """The numbers of FIELDS, in that order."""
    threads = _names("/proc/self/task")
    processes = 0
    for thread in threads:
        processes += len(_read("/proc/self/task/%s/children" % thread).split())
    # One descriptor is that of the folder while it is listed.
    descriptors = max(0, len(_names("/proc/self/fd")) - 1)
    return _memory(), descriptors, len(threads), processes


def files():
    """How many entries the private folder has, and shared memory that is private too."""
    folder = posix.environ.get(b"TMPDIR", b"")
    found = temporary.count(folder.decode("utf-8", "surrogateescape")) if folder else 0
    return found + shared_memory.count()
