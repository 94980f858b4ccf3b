"""Runs the lanes of a program, each on a thread of its own, and reports every step."""

import _thread
import posix
import time

from pep554_python import errors, macros
from pep554_python.executor import Executor, Gates


def _native_id():
    try:
        return _thread.get_native_id()
    except AttributeError:
        return int(posix.readlink("/proc/thread-self").rpartition("/")[2])


def _wait_for_end(native_id):
    """Waits until the system's thread has ended: it still acts in the runtime after its last line."""
    while True:
        try:
            posix.stat("/proc/self/task/%d" % native_id)
        except OSError:
            return
        time.sleep(0.0005)


class _Lane:
    """A lane on a thread of its own. `ended` is held until its last step has been reported."""

    def __init__(self):
        self.ended = _thread.allocate_lock()
        self.ended.acquire()
        self.native_id = 0
        self.complete = False

    def join(self):
        self.ended.acquire()
        _wait_for_end(self.native_id)


class Lanes:
    def __init__(self, target, program, report):
        self._program = program
        self._report = report
        self._gates = Gates(macros.gates_of(program))
        self._executor = Executor(target, self._gates, report.emit_fd)

    def run(self):
        """Runs all lanes, lane 0 on the calling thread. True when every lane came to the end of its last
        step; False when a lane could not start: then its first step has the failure as its answer."""
        complete = True
        started = []
        for number in range(1, len(self._program.lanes)):
            lane = _Lane()
            try:
                _thread.start_new_thread(self._run_apart, (number, lane))
                started.append(lane)
            except RuntimeError as problem:
                self._refuse(number, errors.status("failed", "no thread: %s" % problem))
                complete = False
        if self._program.lanes:
            self._run_steps(0)
        for lane in started:
            lane.join()
        return complete and all([lane.complete for lane in started])

    def handles(self):
        """Those that are still held; the lanes hold none any more."""
        held = list(self._executor.handles.values())
        self._executor.handles.clear()
        return held

    def close_gates(self):
        """After the lanes have run."""
        self._gates.close()

    def let_go(self):
        """After the lanes have run: of the handles that are still held, too."""
        self._executor.let_go()

    def _run_apart(self, number, lane):
        try:
            lane.native_id = _native_id()
            self._run_steps(number)
            lane.complete = True
        finally:
            lane.ended.release()

    def _run_steps(self, number):
        self._report.up(number, _native_id())
        for index, step in enumerate(self._program.lanes[number]):
            self._report.called(number, index)
            self._report.returned(number, index, self._perform(step, number, index))

    def _perform(self, step, lane, index):
        """Reports a failure of the host itself, e.g. at a memory limit: it is no crash of the target."""
        try:
            return self._executor.perform(step, lane, index)
        except BaseException as problem:
            return errors.status("failed", "the host: " + errors.line(problem))

    def _refuse(self, lane, answer):
        if self._program.lanes[lane]:
            self._report.called(lane, 0)
            self._report.returned(lane, 0, answer)
