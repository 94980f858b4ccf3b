"""The conversation with the engine: hello, then programs one after another until it quits."""

import _signal
import posix

from pep554_python import errors, temporary, trace, wire
from pep554_python.fresh import Launcher
from pep554_python.program import BadProgram, Program
from pep554_python.supervisor import not_run, supervise
from pep554_python.target import Refusal, Target, flush_python

PROTOCOL = 1
EXTENSIONS = ["pep554.eval/1", "pep554.fork/1", "pep554.thread/1"]
EXIT_OK = 0
EXIT_REFUSED = 1
EXIT_PROTOCOL = 3


class Engine:
    def __init__(self, read_fd, write_fd):
        for fd in (read_fd, write_fd):
            posix.set_inheritable(fd, False)
        self.reader = wire.FrameReader(read_fd)
        self.writer = wire.FrameWriter(write_fd)

    def gone(self):
        return self.reader.state != "open" or self.writer.broken

    def next_payload(self):
        """The next payload, waiting for it; None when the engine is gone or sends malformed data."""
        while True:
            payload = self.reader.next()
            if payload is not None or self.reader.state != "open":
                return payload
            self.reader.fill()


class _Host:
    """The resources with which programs are executed."""

    def __init__(self, target, engine, folder, lock, launcher):
        self.target = target
        self.engine = engine
        self.folder = folder  # TMPDIR
        self.launcher = launcher  # of fresh processes
        self.leaves = False  # processes of a program could not be ended
        self.private = (engine.reader.fd, engine.writer.fd, lock)  # descriptors not for programs


def _hello(target, version, folder):
    message = {
        "msg": "hello",
        "protocol": PROTOCOL,
        "plugin": {"name": "python", "version": version},
        "facts": target.facts(),
        "extensions": EXTENSIONS + (["pep554.trace/1"] if trace.can_be_asked_for() else []),
        "fresh": True,
        "temporary": folder,
    }
    if target.unsupported_reason:
        message["lacks"] = target.unsupported_reason
    return message


def _dismiss_guard(fd, pid):
    """The process that sends "refused" if this one ends while it starts."""
    posix.write(fd, b"!")
    posix.close(fd)
    posix.waitpid(pid, 0)


def _start(engine, version, folder, arguments):
    """The target, after "hello"; None after "refused"."""
    try:
        target = Target(*arguments)
        engine.writer.queue(_hello(target, version, folder))
        return target
    except Refusal as refusal:
        reason = "agent: %s" % refusal
    except BaseException as problem:
        reason = "agent: it cannot describe its runtime: %s" % errors.line(problem)
    engine.writer.queue({"msg": "refused", "reason": reason.replace("\n", " ")})
    return None


def _protocol_error(what):
    posix.write(2, b"pep554_agent: %s\n" % what.encode())
    return EXIT_PROTOCOL


def _checked_program(message):
    if type(message.get("fresh", False)) is not bool:
        raise BadProgram('"fresh" is neither true nor false')
    return Program(message.get("program"))


def _run(message, host):
    id = message.get("id")
    try:
        program = _checked_program(message)
    except BadProgram as problem:
        return not_run(host.engine, id, "not a program: %s" % problem)
    if not message.get("fresh", False):
        return supervise(id, program, host)
    try:
        program_fd = host.launcher.program_file(message["program"])
    except OSError as problem:
        return not_run(host.engine, id, "cannot hand the program over: %s" % problem.strerror)
    try:
        return supervise(id, program, host, lambda setup: host.launcher.execute(setup, program_fd))
    finally:
        posix.close(program_fd)


def _serve(host):
    """(exit code of the host, None); (None, exit status) in a child that finalizes the runtime."""
    engine = host.engine
    payload = engine.next_payload()
    while payload is not None:
        message = wire.decode(payload)
        kind = message.get("msg") if type(message) is dict else None
        if kind == "quit":
            return EXIT_OK, None
        if kind != "run":
            return _protocol_error('the engine sent neither "run" nor "quit"'), None
        status = _run(message, host)
        if status is not None:
            return None, status
        if host.leaves:
            return EXIT_OK, None
        payload = engine.next_payload()
    if engine.reader.state == "oversized":
        return _protocol_error("the engine sent a frame that is too large"), None
    return EXIT_OK, None


def _leave(code, folder):
    temporary.remove(folder)
    posix._exit(code)


def main(engine_fds, guard, version, python, agent, folder, arguments):
    """Returns only in a child that finalizes the runtime; the host itself exits by _exit, without
    finalizing its own runtime. `folder`: the temporary one. `arguments`: those of
    Target."""
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # for the host; programs have Python's handler
    posix.set_inheritable(guard[0], False)
    engine = Engine(*engine_fds)
    lock = temporary.lock(folder)
    launcher = Launcher(python, agent, folder, arguments)
    target = _start(engine, version, folder, arguments)
    _dismiss_guard(*guard)
    engine.writer.flush()
    if target is None:
        _leave(EXIT_REFUSED, folder)
    flush_python()
    code, status = _serve(_Host(target, engine, folder, lock, launcher))
    if status is None:
        _leave(code, folder)
    return status
