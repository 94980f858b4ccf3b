"""Private shared memory of a host: /dev/shm is emptied after each program, and System V objects
disappear with the host's last process. Imports little: every program's process counts with it."""

import posix

from pep554_python import temporary

_FOLDER = "/dev/shm"
_SOURCE = b"pep554-host"  # of the mount, by which it is known
# Pages there are no program's own, and so beyond what limits its memory.
_OPTIONS = b"mode=1777,size=1g"
_CLONE_NEWUSER, _CLONE_NEWIPC, _CLONE_NEWNS = 0x10000000, 0x08000000, 0x00020000
_NOSUID, _NODEV, _NOEXEC, _REC, _PRIVATE = 2, 4, 8, 1 << 14, 1 << 18


def _write(path, text):
    with open(path, "w") as file:
        file.write(text)


def _enter(libc):
    """Creates the namespaces; without privileges inside a user namespace, with an unchanged user id until
    the next execve."""
    if libc.unshare(_CLONE_NEWIPC | _CLONE_NEWNS) == 0:
        return True
    user, group = posix.geteuid(), posix.getegid()
    if user == 0 or libc.unshare(_CLONE_NEWUSER | _CLONE_NEWIPC | _CLONE_NEWNS) != 0:
        return False
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", "%d %d 1" % (user, user))
    _write("/proc/self/gid_map", "%d %d 1" % (group, group))
    return True


def separate(words):
    """Makes shared memory private. Called in the first stage, before it has a second thread; executed
    processes inherit it. No effect where the kernel refuses namespaces to this user, as in many
    containers, or where Python has no ctypes. /dev/shm also stays public if the current directory or
    one of the words, the paths that the target needs, is in it."""
    try:
        import ctypes

        libc = ctypes.CDLL(None)
        if not _enter(libc) or any(_FOLDER in word for word in words + [posix.getcwd()]):
            return
        flags = ctypes.c_ulong(_REC | _PRIVATE)
        if libc.mount(b"none", b"/", None, flags, None) != 0:
            return  # else everybody would see what follows
        flags = ctypes.c_ulong(_NOSUID | _NODEV | _NOEXEC)
        libc.mount(_SOURCE, _FOLDER.encode(), b"tmpfs", flags, _OPTIONS)
    except Exception:
        pass


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
