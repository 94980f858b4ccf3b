"""Follows the process of one program to its end, and sends everything from "begin" to "end"."""

import posix
import time

import _socket
import select

from pep554_python import errors, reaper, shared_memory, temporary
from pep554_python.child import FINALIZED
from pep554_python.leader import Leader
from pep554_python.events import MAX_RECORD
from pep554_python.output import Budget, Output
from pep554_python.records import read_record
from pep554_python.spawn import spawn
from pep554_python.trace import Trace
from pep554_python.process_stats import ProcessStats
from pep554_python.wire import MAX_FRAME

_EVENT_LIMIT = 64 << 20  # a program that writes events for ever is stopped as one that prints so
_WITHOUT_PIDFD_MS = 20  # where there is no pidfd, the end of a process is noticed this late
_NOT_FLUSHED = 120  # Python's exit status when Py_FinalizeEx has failed
_CREDENTIALS = 64  # room for them in a received message


class _Watch:
    def __init__(self, id, program, process, host, fresh):
        self._id = id
        self._program = program
        self._process = process
        self._engine = host.engine
        self._folder = host.folder
        self._launching = fresh  # the new process does not yet start its runtime
        self._started = not fresh
        self._leader = Leader(process.pid)
        self._stats = ProcessStats(process.pid, process.fork, program.processes)
        self._last_heard = process.fork
        self._budget = Budget(program.output_bytes)
        self._outputs = (Output(1, process.out), Output(2, process.err))
        self._trace = Trace(process.trace)
        self._notes = []
        self._event_bytes = 0
        self._malformed = 0
        self._completed = False
        self._finalizing = False
        self._events_open = True
        self._events_drained = False
        self._killed_as = None
        self._limit = ""  # which one it went beyond
        self._idle = None  # nanoseconds, of one that is killed at the deadline

    def follow(self):
        self._send("begin", pid=self._process.pid)
        termination = self._leader.termination()
        while termination is None and not self._must_stop():
            self._turn()
            termination = self._leader.termination()
        self._finish(termination)

    def _send(self, kind, **fields):
        message = {"msg": kind, "id": self._id}
        message.update(fields)
        self._engine.writer.queue(message)

    def _must_stop(self):
        """Notes the reason to kill the process, if there is one."""
        self._limit = self._exceeded()
        if self._limit:
            self._killed_as = "flooded"
        elif self._is_late():
            self._killed_as = "deadline"
        elif self._engine.gone():
            self._killed_as = "signaled"  # no engine reads it
        return self._killed_as is not None

    def _exceeded(self):
        if self._budget.exceeded():
            return "output"
        if self._event_bytes > _EVENT_LIMIT:
            return "events"
        if self._stats.processes > self._program.processes:
            return "processes"
        return ""

    def _deadline(self):
        """Whether the deadline has passed. Time without a processor extends it, up to a limit."""
        most = self._program.deadline_ms * 1_000_000
        return self._process.fork + most + min(self._stats.waited + self._stats.host_waited, 2 * most)

    def _is_late(self):
        if time.monotonic_ns() < self._deadline():
            return False
        self._stats.sample()
        now = time.monotonic_ns()
        if now < self._deadline():
            return False
        self._idle = now - max(self._last_heard, self._stats.last_computed)
        if self._stats.stopped():
            self._notes.append("a signal had stopped it")
        else:
            self._trace.ask(self._process.pid)
        return True

    def _turn(self):
        """Waits for an event, and passes it on."""
        reader = self._engine.reader
        poll = select.poll()
        fds = [self._process.pidfd, self._trace.fd] + [output.fd for output in self._outputs]
        if self._events_open:
            fds.append(self._process.events.fileno())
        if reader.buffered() < MAX_FRAME:  # what the engine sends ahead is kept for later
            fds.append(reader.fd)
        for fd in fds:
            if fd >= 0:
                poll.register(fd, select.POLLIN)
        ready = [fd for fd, _ in poll.poll(self._poll_timeout())]
        if time.monotonic_ns() >= self._stats.next_look:
            self._stats.sample()
        if not ready:
            return
        if reader.fd in ready:
            reader.fill()
        self._read_events()
        for output in self._outputs:
            self._forward(output)
        if self._trace.fd in ready:
            self._trace.read()
        self._engine.writer.flush()

    def _poll_timeout(self):
        until = min(self._deadline(), self._stats.next_look)
        left = -(-(until - time.monotonic_ns()) // 1_000_000)
        if self._process.pidfd < 0:
            left = min(left, _WITHOUT_PIDFD_MS)
        return max(0, left)

    def _read_events(self):
        """Reads records until there are none, or so many that the rest must have its turn."""
        for _ in range(1000):
            if not self._events_open:
                break
            try:
                record, sender, _, _ = self._process.events.recvmsg(
                    MAX_RECORD, _CREDENTIALS, _socket.MSG_DONTWAIT
                )
            except BlockingIOError:
                self._events_drained = True
                return
            except OSError:
                record, sender = b"", []
            if record or sender:
                self._take(record)
            else:
                self._events_open = False
        self._events_drained = not self._events_open

    def _take(self, payload):
        self._event_bytes += len(payload)
        self._last_heard = time.monotonic_ns()
        kind, value = read_record(payload, self._program)
        if kind == "event":
            self._finalizing = self._finalizing or value["e"] == "finalize"
            self._send("event", **value)
        elif kind == "starting":
            self._launching = False
        elif kind == "started":
            self._started = True
        elif kind == "note":
            self._started = True  # or it sent the reason
            self._notes.append(value)
        elif kind == "done":
            self._completed = True
        else:
            self._malformed += 1

    def _forward(self, output):
        self._send_output(output, output.read(self._budget))

    def _send_output(self, output, text):
        if text:
            self._last_heard = time.monotonic_ns()
            self._send("output", fd=output.number, text=text)

    def _finish(self, termination):
        pid = self._process.pid
        if self._killed_as:
            reaper.kill(-pid)
            reaper.kill(pid)  # it may have left its group
            self._leader.termination(wait=True)
            termination = (self._killed_as, 0)
        wall = self._elapsed()
        processes, self.all_ended = reaper.reap_all(self._leader)
        self._note_leftovers(processes)
        files, problem = temporary.empty(self._folder)
        files += shared_memory.empty()
        if problem:
            self._notes.append("cannot empty its TMPDIR: " + problem)
        if self.all_ended:  # else what is left may write for ever
            self._drain()
        if not self._started:
            self._notes.append("its runtime had not started")
        if self._program.finalize and self._finalizing:
            termination = self._finalized(termination, wall)
        self._send_trace(termination[0])
        termination = self._judged(termination)
        if self._launching:
            self._notes.append("the new process did not come to start its runtime: %s %d" % termination)
            self._limit = ""
            termination = ("not_run", 0)
        self._send_end(termination, wall, processes, files)

    def _judged(self, termination):
        """The termination, or that of one which went beyond a limit and ended by itself."""
        if self._killed_as is None and termination[0] == "exited" and self._budget.exceeded():
            self._limit = "output"  # whether the kill came in time is no difference
        elif self._killed_as is None and termination != ("exited", 0) and self._memory_was_full():
            self._limit = "memory"
        return ("flooded", 0) if self._limit else termination

    def _memory_was_full(self):
        reached = max(self._leader.peak_bytes() or 0, self._stats.address_space)
        return 0 < self._program.memory_bytes * 9 <= reached * 10

    def _elapsed(self):
        return (time.monotonic_ns() - self._process.fork) // 1000

    def _drain(self):
        """Reads the remaining data, once no process holds the other ends."""
        self._read_events()
        while not self._events_drained and self._event_bytes <= 2 * _EVENT_LIMIT:
            self._read_events()
        for output in self._outputs:
            self._forward(output)
            while not output.drained:
                self._forward(output)
            self._send_output(output, output.rest())
            output.close()

    def _finalized(self, termination, wall):
        """Reports the end of the runtime from the exit status; see child.FINALIZED."""
        if termination == ("exited", FINALIZED):
            answer = {"status": "ok"}
        elif termination == ("exited", _NOT_FLUSHED):
            answer = errors.status("raised", "Py_FinalizeEx could not flush what was buffered")
        else:
            return termination
        self._send("event", e="finalized", lane=0, step=0, us=wall, answer=answer)
        return "exited", 0

    def _note_leftovers(self, count):
        if count:
            number = "%d %s" % (count, "process" if count == 1 else "processes")
            self._notes.append(
                "%s ended with it" % number if self._killed_as else "left %s behind" % number
            )

    def _send_trace(self, how):
        text = self._trace.text()
        self._trace.close()
        if text and how in ("signaled", "deadline"):
            self._send("trace", text=text)

    def _send_end(self, termination, wall, processes, files):
        if self._malformed:
            self._notes.append("%d unreadable on the event channel" % self._malformed)
        how, code = termination
        numbers = {
            "cpu_us": self._leader.cpu_us(),
            "idle_us": None if self._idle is None else self._idle // 1000,
            "peak_bytes": self._leader.peak_bytes(),
            "processes": processes,
            "files": files,
        }
        known = {name: number for name, number in numbers.items() if number is not None}
        note = "; ".join(self._notes)
        self._send("end", how=how, code=code, completed=self._completed, us=wall, note=note,
                   limit=self._limit, leaves=not self.all_ended, **known)  # fmt: skip
        self._engine.writer.flush()


def not_run(engine, id, why):
    engine.writer.queue(
        {
            "msg": "end",
            "id": id,
            "how": "not_run",
            "code": 0,
            "completed": False,
            "us": 0,
            "note": why,
        }
    )
    engine.writer.flush()


def supervise(id, program, host, execute=None):
    """None in the host; the exit status in a child that finalizes the runtime. `execute`: of a
    fresh process, see spawn."""
    engine = host.engine
    engine.writer.flush()  # nothing unsent is inherited
    try:
        process, status = spawn(host.target, program, host.private, execute)
    except OSError as problem:
        not_run(engine, id, str(problem))
        return None
    if process is None:
        return status
    watch = _Watch(id, program, process, host, execute is not None)
    watch.follow()
    process.close()
    host.leaves = not watch.all_ended
    return None
