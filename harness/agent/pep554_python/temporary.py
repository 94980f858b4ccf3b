"""The private temporary folder of a host. Imports little: both stages use it, and every program's process
has it loaded. Symbolic links are removed, never followed."""

import fcntl
import posix

_PREFIX = "pep554-host-"
_IS_FOLDER = 0o040000
_KIND = 0o170000
_F_DUPFD_CLOEXEC = 1030  # not every fcntl has the name
_HIGH_FD = 300  # out of the way of the target
_FOLDER = posix.O_RDONLY | posix.O_DIRECTORY | posix.O_NOFOLLOW | posix.O_CLOEXEC


def make(parent):
    """A new folder PARENT/pep554-host-PID-XXXXXX, after those of hosts that are gone were removed.
    OSError when it cannot be made."""
    _remove_stale(parent)
    while True:
        suffix = "".join(["%02x" % byte for byte in posix.urandom(3)])
        path = "%s/%s%d-%s" % (parent, _PREFIX, posix.getpid(), suffix)
        try:
            posix.mkdir(path, 0o700)
            return path
        except FileExistsError:
            pass


def lock(path):
    """A descriptor that, while it is open, marks the folder as in use, also for hosts in other
    containers, which do not see this process."""
    low = posix.open(path, _FOLDER)
    try:
        folder = fcntl.fcntl(low, _F_DUPFD_CLOEXEC, _HIGH_FD)
    except OSError:
        folder = low
    else:
        posix.close(low)
    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return folder


def _is_locked(path):
    folder = posix.open(path, _FOLDER)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        posix.close(folder)


def remove(path):
    """Removes the folder and its contents, as far as possible."""
    empty(path)
    try:
        posix.rmdir(path)
    except OSError:
        pass


def empty(path):
    """Removes everything in the folder, and recreates a folder that is gone or was replaced. Returns the
    number of entries, at any depth, and the reason why some could not be removed, usually empty."""
    try:
        if _is_folder(path, None):
            posix.chmod(path, 0o700)
        return empty_folder(path)
    except OSError:
        return 0, _make_anew(path)


def empty_folder(path):
    """As empty, but does not recreate the folder. OSError where it is none."""
    folder = posix.open(path, _FOLDER)
    emptying = _Emptying(folder)
    try:
        emptying.all()
    except OSError as problem:
        emptying.problem = problem.strerror
    finally:
        posix.close(folder)
    return emptying.removed, emptying.problem


def count(path):
    """How many entries the folder has, at any depth."""
    found = 0
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        try:
            names = posix.listdir(folder)
        except OSError:
            continue
        found += len(names)
        for name in names:
            if _is_folder(folder + "/" + name, None):
                waiting.append(folder + "/" + name)
    return found


def _is_folder(name, parent):
    try:
        mode = posix.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
    except OSError:
        return False
    return mode & _KIND == _IS_FOLDER


def _open(name, parent):
    """A descriptor of a folder, whose permissions are put right first."""
    if _is_folder(name, parent):
        posix.chmod(name, 0o700, dir_fd=parent)
    return posix.open(name, _FOLDER, dir_fd=parent)


def _make_anew(path):
    try:
        try:
            posix.unlink(path)
        except FileNotFoundError:
            pass
        posix.mkdir(path, 0o700)
        return ""
    except OSError as problem:
        return problem.strerror


class _Emptying:
    """Folders are moved to the top before they are entered, so that any depth needs two descriptors. One
    on which something is mounted cannot be moved, and so is never entered."""

    def __init__(self, top):
        self.removed = 0
        self.problem = ""
        self._top = top
        self._moved = 0
        self._mark = ".%s-" % posix.urandom(8).hex()

    def all(self):
        before = -1
        while self.removed + self._moved != before:
            before = self.removed + self._moved
            self.problem = ""
            for name in posix.listdir(self._top):
                if name.startswith(self._mark):
                    self._try(self._remove_folder, name)
                elif _is_folder(name, self._top):
                    self._try(self._move_up, name, self._top)
                else:
                    self._try(self._unlink, name, self._top)

    def _try(self, function, *arguments):
        try:
            function(*arguments)
        except OSError as problem:
            self.problem = problem.strerror

    def _unlink(self, name, folder):
        posix.unlink(name, dir_fd=folder)
        self.removed += 1

    def _remove_folder(self, name):
        folder = _open(name, self._top)
        try:
            for inner in posix.listdir(folder):
                if _is_folder(inner, folder):
                    self._try(self._move_up, inner, folder)
                else:
                    self._try(self._unlink, inner, folder)
        finally:
            posix.close(folder)
        posix.rmdir(name, dir_fd=self._top)
        self.removed += 1

    def _move_up(self, name, folder):
        posix.chmod(name, 0o700, dir_fd=folder)  # its entry ".." is to be written
        up = self._mark + str(self._moved)
        posix.rename(name, up, src_dir_fd=folder, dst_dir_fd=self._top)
        self._moved += 1


def _remove_unlocked(path):
    try:
        if _is_folder(path, None) and not _is_locked(path):
            remove(path)
    except OSError:
        pass


def _remove_stale(parent):
    """Removes the folders of this user's hosts that were killed before they could remove them."""
    try:
        names = posix.listdir(parent)
    except OSError:
        return
    for name in names:
        pid, dash, _ = name[len(_PREFIX) :].partition("-")
        if not name.startswith(_PREFIX) or not dash or pid.strip("0123456789") or not pid:
            continue
        path = parent + "/" + name
        try:
            if posix.stat(path, follow_symlinks=False).st_uid != posix.geteuid():
                continue
            posix.stat("/proc/" + pid)
        except FileNotFoundError:
            _remove_unlocked(path)
        except OSError:
            pass
