"""The conversation with the engine: hello, then programs one after another until it has enough."""

import _signal
import posix
import sys

from pep554_python import errors, temporary, trace, wire
from pep554_python.program import BadProgram, Program
from pep554_python.supervisor import not_run, supervise
from pep554_python.target import Refusal, Target

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
        """The next payload, waiting for it; None when the engine is gone or talks nonsense."""
        while True:
            payload = self.reader.next()
            if payload is not None or self.reader.state != "open":
                return payload
            self.reader.fill()


def _hello(target, version, folder):
    message = {
        "msg": "hello",
        "protocol": PROTOCOL,
        "plugin": {"name": "python", "version": version},
        "facts": target.facts(),
        "extensions": EXTENSIONS + (["pep554.trace/1"] if trace.can_be_asked_for() else []),
        "temporary": folder,
    }
    if target.lacks:
        message["lacks"] = target.lacks
    return message


def _dismiss_guard(fd, pid):
    """The process that says "refused" should this one end while it starts."""
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


def _flush_python():
    """What a module printed at its import is not inherited by programs."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            pass


def _protocol_error(what):
    posix.write(2, b"pep554_agent: %s\n" % what.encode())
    return EXIT_PROTOCOL


def _run(message, target, engine, folder):
    id = message.get("id")
    try:
        program = Program(message.get("program"))
    except BadProgram as problem:
        return not_run(engine, id, "not a program: %s" % problem)
    return supervise(id, program, target, engine, folder)


def _serve(target, engine, folder):
    """(exit code of the host, None); (None, exit status) in a child that finalizes the runtime."""
    payload = engine.next_payload()
    while payload is not None:
        message = wire.decode(payload)
        kind = message.get("msg") if type(message) is dict else None
        if kind == "quit":
            return EXIT_OK, None
        if kind != "run":
            return _protocol_error('the engine sent neither "run" nor "quit"'), None
        status = _run(message, target, engine, folder)
        if status is not None:
            return None, status
        payload = engine.next_payload()
    if engine.reader.state == "oversized":
        return _protocol_error("the engine sent a frame that is too large"), None
    return EXIT_OK, None


def _leave(code, folder):
    temporary.remove(folder)
    posix._exit(code)


def main(engine_fds, guard, version, folder, arguments):
    """Returns in a child that finalizes the runtime; the host leaves by _exit: the end of its own
    runtime would be an experiment of its own. `folder`: the temporary one. `arguments`: those of Target."""
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # for the host; programs have Python's handler
    posix.set_inheritable(guard[0], False)
    engine = Engine(*engine_fds)
    target = _start(engine, version, folder, arguments)
    _dismiss_guard(*guard)
    engine.writer.flush()
    if target is None:
        _leave(EXIT_REFUSED, folder)
    _flush_python()
    code, status = _serve(target, engine, folder)
    if status is None:
        _leave(code, folder)
    return status
