"""Executes the lanes of a program many times in one process, and measures what each time, and each
step, leaves behind."""

import posix
import time

from pep554_python import gauge, wire
from pep554_python.lanes import Lanes
from pep554_python.report import Report

_WARM_UP = 5
_TABLE_BYTES = 16 << 20  # of what steps grew by; there are no more repetitions than it holds
_NUMBER = 8
_ROW = len(gauge.FIELDS) * _NUMBER


class _Growth:
    """What grew between the call and the return of each step of one lane. The memory is there from
    the beginning, so that it does not grow itself."""

    def __init__(self, steps, repetitions):
        self.repetition = 0  # the one under way
        self._steps = steps
        self._table = bytearray(b"\0") * (repetitions * steps * _ROW)
        self._before = None

    def called(self):
        self._before = gauge.read()

    def returned(self, step):
        at = (self.repetition * self._steps + step) * _ROW
        for before, after in zip(self._before, gauge.read()):
            grown = (after - before).to_bytes(_NUMBER, "little", signed=True)
            self._table[at : at + _NUMBER] = grown
            at += _NUMBER

    def sums(self, step):
        """Over all repetitions but the first eighth."""
        sums = [0] * len(gauge.FIELDS)
        for repetition in range(self.repetition // 8, self.repetition):
            at = (repetition * self._steps + step) * _ROW
            for index in range(len(sums)):
                number = self._table[at : at + _NUMBER]
                sums[index] += int.from_bytes(number, "little", signed=True)
                at += _NUMBER
        return sums


class _Nothing:
    """In place of _Growth for programs of several lanes, whose steps overlap."""

    repetition = 0

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
    """Says nothing but of a step that answers otherwise than the first time."""

    def __init__(self, events, first, growth):
        super().__init__(events)
        self.changed = False
        self._statuses = first.statuses
        self._stamps = [0] * len(first.statuses)
        self._growth = growth

    def up(self, lane, native_id):
        pass

    def called(self, lane, step):
        self._stamps[lane] = self._events.now()
        self._growth.called()

    def returned(self, lane, step, answer):
        self._growth.returned(step)
        if answer["status"] != self._statuses[lane][step]:
            self.changed = True
            self._events.write(self._events.event("called", lane, step, us=self._stamps[lane]))
            super().returned(lane, step, answer)


class Repetitions:
    def __init__(self, target, program, events):
        self._target = target
        self._program = program
        self._events = events
        self._lanes = None  # of the last repetition
        self._most = program.repeat
        self._growth = _Nothing()
        if len(program.lanes) == 1 and program.lanes[0]:
            steps = len(program.lanes[0])
            self._most = max(1, min(self._most, _TABLE_BYTES // (steps * _ROW)))
            self._growth = _Growth(steps, self._most)
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
            self._growth.repetition += 1
            self._events.write(self._measured(self._growth.repetition))
            again = complete and not self._later.changed and self._is_time_left(began)
        self._say_what_grew()
        return complete

    def handles(self):
        """Those that the last repetition still holds."""
        return self._lanes.handles()

    def _once(self):
        if self._lanes is not None:
            self._lanes.let_go()
        report = self._later if self._growth.repetition else self._first
        self._lanes = Lanes(self._target, self._program, report)
        try:
            return self._lanes.run()
        finally:
            self._lanes.close_gates()

    def _is_time_left(self, began):
        """Whether one more as long as the last, which began then, ends before three quarters of
        the deadline, and is wanted."""
        took = time.monotonic_ns() - began
        most = self._program.deadline_ms * 750_000
        return self._growth.repetition < self._most and self._events.now() * 1000 + took < most

    def _measured(self, repetition):
        numbers = dict(zip(gauge.FIELDS, gauge.read()), files=gauge.files())
        return self._events.event("measured", 0, 0, repetition=repetition, **numbers)

    def _say_what_grew(self):
        if isinstance(self._growth, _Nothing):
            return
        for step in range(len(self._program.lanes[0])):
            numbers = dict(zip(gauge.FIELDS, self._growth.sums(step)))
            self._events.write(self._events.event("grown", 0, step, **numbers))
