"""One output stream of a program: read, limited, and cut into text for messages."""

import _codecs
import posix


class Budget:
    """How much of both streams together may be forwarded."""

    def __init__(self, limit):
        self.limit = limit
        self.read = 0

    def exceeded(self):
        return self.read > self.limit


class Output:
    """One output stream: read, limited, and cut into text."""

    def __init__(self, number, fd):
        self.number = number
        self.fd = fd  # -1 when closed
        self.drained = False  # nothing was there at the last read
        self._carry = b""

    def read(self, budget):
        """Reads the available bytes once; the text ends with a complete character."""
        if self.fd < 0:
            self.drained = True
            return ""
        try:
            got = posix.read(self.fd, 65536)
        except OSError:
            self.drained = True
            return ""
        self.drained = not got
        if not got:
            self.close()
        room = max(0, budget.limit - budget.read)
        budget.read += len(got)
        return self._decode(got[:room], False)

    def rest(self):
        """The decoded rest: an incomplete character at the end."""
        return self._decode(b"", True)

    def close(self):
        if self.fd >= 0:
            posix.close(self.fd)
        self.fd = -1

    def _decode(self, more, final):
        text, used = _codecs.utf_8_decode(self._carry + more, "replace", final)
        self._carry = (self._carry + more)[used:]
        return text
