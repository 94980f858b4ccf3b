"""Reports the steps of a program to the host."""

from pep554_python import errors


class Report:
    """Sends every event as it happens. Any thread."""

    def __init__(self, events):
        self.emit_fd = events.fd  # where $emit writes
        self._events = events

    def up(self, lane, native_id):
        self._events.write(self._events.event("lane", lane, 0, text=str(native_id)))

    def called(self, lane, step):
        self._events.write(self._events.event("called", lane, step))

    def returned(self, lane, step, answer):
        events = self._events
        if not events.write(events.event("returned", lane, step, answer=answer)):
            answer = errors.status("failed", "the answer is too large for the event channel")
            events.write(events.event("returned", lane, step, answer=answer))
