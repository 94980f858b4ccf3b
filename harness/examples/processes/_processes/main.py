"""The main interpreter: starts the processes of the others, and keeps the books."""

import array
import contextlib
import itertools
import os
import socket
import sys
import threading

from .line import Line, RunFailedError, private

MAIN = 0
FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
START = "import sys; sys.path.insert(0, {!r}); from _processes import inside; inside.serve{!r}"


class Process:
    """An interpreter as the main one sees it. `busy`: somebody runs it or ends it."""

    def __init__(self, id, door, life, inherited):
        """Starts it. `inherited`: further descriptors that it has under the same numbers."""
        import subprocess  # not where this is only passed through: starting one is slow enough

        self.id, self.busy = id, False
        ours, theirs = socket.socketpair()
        self.line = Line(ours)
        own = (theirs.fileno(), door.fileno(), life)
        start = START.format(FOLDER, (id, *own))
        try:
            with theirs:
                self.popen = subprocess.Popen(
                    [sys.executable, *subprocess._args_from_interpreter_flags(), "-c", start],
                    pass_fds=[*inherited, *own])
        except BaseException:
            self.line.close()
            raise

    def begin(self, closing):
        """Waits until it is ready. `closing`: descriptors that programs do not inherit from it."""
        try:
            self.line.ask("begin", sys.path, closing)
        except BaseException as error:
            self.kill()
            if not isinstance(error, (EOFError, OSError)):
                raise
            raise RuntimeError(f"{sys.executable} did not start as an interpreter") from error

    def has_ended(self):
        return not self.busy and self.popen.poll() is not None

    def kill(self):
        self.popen.kill()
        return self.bury()

    def bury(self):
        """Waits for its end. Returns the exit status, negative for a signal."""
        status = self.popen.wait()
        self.line.close()
        return status


class Main:
    """The operations as the main interpreter performs them, for itself and for the others."""

    current = MAIN

    def __init__(self):
        self.ids = itertools.count(MAIN + 1)
        self.known = {}  # of those that exist, by id, the oldest first
        self.books = threading.Lock()  # over `known` and `busy`; held for moments only
        self.starting = threading.Lock()  # what is open for one that starts is not for another
        self.door = None  # where the others knock: (this end, theirs)
        self.life = ()  # a pipe without data; it breaks when this process ends

    def perform(self, name, *arguments):
        return getattr(self, name)(*arguments)

    def enumerate(self):
        with self.books:
            for process in [one for one in self.known.values() if one.has_ended()]:
                self.known.pop(process.id).bury()
            return [MAIN, *self.known]

    def create(self):
        if not sys.executable:
            raise RuntimeError("sys.executable is empty: there is no Python to start")
        with self.starting:
            if self.door is None:
                self.open_door()
            inherited = dict(self.descriptors())
            process = Process(next(self.ids), self.door[1], self.life[0], inherited)
        process.begin([fd for fd, inheritable in inherited.items() if not inheritable])
        with self.books:
            self.known[process.id] = process
        return process.id

    def is_running(self, id):
        with self.books:
            return id == MAIN or self.find(id).busy

    def destroy(self, id):
        with self.claimed(id) as process:
            with contextlib.suppress(OSError):  # it has ended by itself
                process.line.send("end")
            process.popen.wait()
            self.forget(process)

    def run(self, id, code):
        if not isinstance(code, str):
            raise TypeError(f"code must be a str, not {type(code).__name__}")
        with self.claimed(id) as process:
            try:
                process.line.ask("run", code)
            except RunFailedError:
                raise
            except BaseException as error:
                # It has ended; or this thread was interrupted, and no one would read the result.
                process.popen.kill()
                status = self.forget(process)
                if not isinstance(error, (EOFError, OSError)):
                    raise
                raise RuntimeError(f"interpreter {id} ended in a run: status {status}") from None

    @contextlib.contextmanager
    def claimed(self, id):
        """The process of this interpreter, for the caller alone."""
        with self.books:
            process = None if id == MAIN else self.find(id)
            if process is None or process.busy:
                raise RuntimeError(f"interpreter {id} is already running")
            process.busy = True
        try:
            yield process
        finally:
            process.busy = False

    def find(self, id):
        process = self.known.get(id)
        if process is None or process.has_ended():
            raise RuntimeError(f"unrecognized interpreter ID {id}")
        return process

    def forget(self, process):
        status = process.bury()
        with self.books:
            self.known.pop(process.id, None)
        return status

    def descriptors(self):
        """The descriptors beside the standard streams, and whether programs inherit them."""
        hidden = {end.fileno() for end in list(private)} | set(self.life)
        for fd in map(int, os.listdir("/proc/self/fd")):
            if fd > 2 and fd not in hidden:
                with contextlib.suppress(OSError):  # closed by now, as the listing's own is
                    yield fd, os.get_inheritable(fd)

    def open_door(self):
        self.life = os.pipe()
        self.door = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        private.update(self.door)
        threading.Thread(target=self.attend, name="interpreters", daemon=True).start()

    def attend(self):
        """A knock brings the end of a line for one question, answered on a thread of its own."""
        while True:
            _, brought, _, _ = self.door[0].recvmsg(
                1, socket.CMSG_SPACE(4), socket.MSG_CMSG_CLOEXEC)
            for _, _, number in brought:
                line = Line(socket.socket(fileno=array.array("i", number)[0]))
                try:
                    threading.Thread(target=self.answer, args=(line,), daemon=True).start()
                except RuntimeError:  # no more threads; callers find the line closed
                    line.close()

    def answer(self, line):
        # The errors are those of the line: the caller has ended.
        with contextlib.closing(line), contextlib.suppress(EOFError, OSError):
            line.answer(self.perform, *line.receive())

    def end(self):
        """Those that are idle finalize. One that a daemon thread still runs ends as this process."""
        for id in list(self.known):
            with contextlib.suppress(RuntimeError):
                self.destroy(id)

    def after_fork(self):
        for fd in self.life:
            os.close(fd)
        return Main()
