"""Frames and JSON of the host protocol. Independent of the meaning of messages.

The module json is not used where its C half is there: it would bring two dozen modules into the
interpreter that is judged.
"""

import posix
import sys

MAX_FRAME = 128 << 20  # larger ones are refused
MAX_NESTING = 100  # of lists and objects; deeper ones are refused
FLUSH_SIZE = 256 << 10


def _no_constant(name):
    raise ValueError("%s is no JSON" % name)


class _Dialect:
    """The attributes that the scanner of _json reads."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    array_hook = None
    parse_float = float
    parse_int = int
    parse_constant = staticmethod(_no_constant)
    memo: dict = {}


def _find_codec():
    """scan(text, index) -> (value, end), quote(text) -> JSON string."""
    try:
        import _json

        scan = _json.make_scanner(_Dialect)
        if scan('{"a": [1, "\\u00e9"]}', 0) == ({"a": [1, "\xe9"]}, 20):
            return scan, _json.encode_basestring
    except (ImportError, AttributeError, TypeError, ValueError):
        pass
    import json

    decoder = json.JSONDecoder(parse_constant=_no_constant)
    return decoder.raw_decode, json.JSONEncoder(ensure_ascii=False).encode


_scan, _quote = _find_codec()


def _text(value):
    if isinstance(value, str):
        return _quote(value)
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{%s}" % ",".join([_quote(key) + ":" + _text(value[key]) for key in value])
    if isinstance(value, (list, tuple)):
        return "[%s]" % ",".join([_text(item) for item in value])
    return repr(value)  # int, float


def _nesting(value):
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return 0
    return 1 + max(map(_nesting, value), default=0)


def encode(message):
    """JSON in UTF-8; a lone surrogate becomes U+FFFD."""
    text = _text(message)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf-8")


def decode(payload):
    """The value, or None when the payload is not one JSON value in UTF-8, or nested too deep."""
    known = set(sys.modules)
    try:
        text = payload.decode("utf-8").strip(" \t\r\n")
        value, end = _scan(text, 0)
        if "\\u" in text:
            _text(value).encode("utf-8")  # there are no lone surrogates in UTF-8
        return value if end == len(text) and _nesting(value) <= MAX_NESTING else None
    except (ValueError, StopIteration, RecursionError, SystemError):
        # SystemError: some scanners want json.decoder for their exception, and it is not there.
        for name in set(sys.modules) - known:
            del sys.modules[name]  # what the exception's own import brought
        return None


def frame(payload):
    return len(payload).to_bytes(4, "big") + payload


class FrameReader:
    """Cuts a byte stream into payloads."""

    def __init__(self, fd):
        self.fd = fd
        self.state = "open"  # or "closed", or "oversized"
        self._buffer = bytearray()

    def buffered(self):
        return len(self._buffer)

    def fill(self):
        """Reads once, blocking if the descriptor does."""
        try:
            got = posix.read(self.fd, 65536)
        except OSError:
            got = b""
        if got:
            self._buffer += got
        elif self.state == "open":
            self.state = "closed"

    def next(self):
        """The next whole payload, or None."""
        if len(self._buffer) < 4:
            return None
        end = 4 + int.from_bytes(self._buffer[:4], "big")
        if end - 4 > MAX_FRAME:
            self.state = "oversized"
            return None
        if len(self._buffer) < end:
            return None
        payload = bytes(self._buffer[4:end])
        del self._buffer[:end]
        return payload


class FrameWriter:
    """Messages that leave together: queued, then written by flush."""

    def __init__(self, fd):
        self.fd = fd
        self.broken = False  # the other end is gone; what is queued is dropped
        self._pending = bytearray()

    def queue(self, message):
        self._pending += frame(encode(message))
        if len(self._pending) >= FLUSH_SIZE:
            self.flush()

    def flush(self):
        rest, self._pending = memoryview(bytes(self._pending)), bytearray()
        while rest and not self.broken:
            try:
                rest = rest[posix.write(self.fd, rest) :]
            except OSError:
                self.broken = True
