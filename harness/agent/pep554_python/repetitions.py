"""Executes the lanes of a program many times in one process, and measures the growth per repetition and
per step."""

import posix
import time

from pep554_python import resource_usage, wire
from pep554_python.lanes import Lanes
from pep554_python.report import Report

_WARM_UP = 5


class _Growth:
    """The growth of resource usage between call and return, for each step of one lane."""

    def __init__(self, steps):
        self.counts = False  # not yet in the first eighth
        self.sums = [[0] * len(resource_usage.FIELDS) for _ in range(steps)]
        self._before = None

    def called(self):
        self._before = resource_usage.read()

    def returned(self, step):
        after = resource_usage.read()
        if self.counts:
            sums = self.sums[step]
            for index in range(len(sums)):
                sums[index] += after[index] - self._before[index]


class _Nothing:
    """In place of _Growth for programs of several lanes, whose steps overlap."""

    counts = False

    def called(self):
        pass

    def returned(self, step):
        pass


class _FirstReport(Report):
    def __init__(self, events, program, growth):
        super().__init__(events)
        self.statuses = [[""] * len(lane) for lane in program.lanes]
        self._growth = growth

    def called(self, lane, step):
        super().called(lane, step)
        self._growth.called()

    def returned(self, lane, step, answer):
        self._growth.returned(step)
        self.statuses[lane][step] = answer["status"]
        super().returned(lane, step, answer)


class _LaterReport(Report):
    """Reports the call of each step; its return only if the answer differs from the first one."""

    def __init__(self, events, first, growth):
        super().__init__(events)
        self.changed = False
        self._statuses = first.statuses
        self._growth = growth

    def up(self, lane, native_id):
        pass

    def called(self, lane, step):
        super().called(lane, step)
        self._growth.called()

    def returned(self, lane, step, answer):
        self._growth.returned(step)
        if answer["status"] != self._statuses[lane][step]:
            self.changed = True
            super().returned(lane, step, answer)


class Repetitions:
    def __init__(self, target, program, events):
        self._target = target
        self._program = program
        self._events = events
        self._lanes = None  # of the last repetition
        self._done = 0  # repetitions
        self._growth = _Nothing()
        if len(program.lanes) == 1:
            self._growth = _Growth(len(program.lanes[0]))
        self._first = _FirstReport(events, program, self._growth)
        self._later = _LaterReport(events, self._first, self._growth)

    def run(self):
        """True when every lane came to the end of its last step, each time."""
        self._later.emit_fd = posix.open("/dev/null", posix.O_WRONLY | posix.O_CLOEXEC)
        for _ in range(_WARM_UP):
            wire.encode(self._measured(0))
        self._events.write(self._measured(0))
        complete, again = True, True
        while again:
            began = time.monotonic_ns()
            complete = self._once()
            self._done += 1
            if complete:
                self._events.write(self._measured(self._done))
            again = complete and not self._later.changed and self._goes_on(began)
        self._say_what_grew()
        return complete

    def handles(self):
        """Those that the last repetition still holds."""
        return self._lanes.handles()

    def _once(self):
        if self._lanes is not None:
            self._lanes.let_go()
        report = self._later if self._done else self._first
        self._growth.counts = self._done >= self._program.repeat // 8
        self._lanes = Lanes(self._target, self._program, report)
        try:
            return self._lanes.run()
        finally:
            self._lanes.close_gates()

    def _goes_on(self, began):
        """Whether another repetition is left, and would end before three quarters of the deadline if it
        takes as long as the last, which began at `began`."""
        took = time.monotonic_ns() - began
        most = self._program.deadline_ms * 750_000
        return self._done < self._program.repeat and self._events.now() * 1000 + took < most

    def _measured(self, repetition):
        numbers = dict(zip(resource_usage.FIELDS, resource_usage.read()), files=resource_usage.files())
        return self._events.event("measured", 0, 0, repetition=repetition, **numbers)

    def _say_what_grew(self):
        if isinstance(self._growth, _Nothing):
            return
        for step in range(len(self._program.lanes[0])):
            numbers = dict(zip(resource_usage.FIELDS, self._growth.sums[step]))
            self._events.write(self._events.event("grown", 0, step, **numbers))
