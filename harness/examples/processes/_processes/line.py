"""How two processes talk: a question, its answer, and so on, over a socket."""

import json
import os
import socket

# Sockets that no other interpreter inherits and no fork keeps: their ends would go unnoticed.
private = set()


class RunFailedError(RuntimeError):
    """An exception left the code: says which. `traceback`: the text that Python would print."""

    traceback = ""


class Line:
    """One end of a connection. A question is a list of a name and arguments, its answer
    ["returned", value] or ["raised", name of the type, message, text of the traceback], each JSON
    on a line of its own. One thread at a time; the next question waits for the last answer."""

    def __init__(self, end):
        self.end = end
        private.add(end)

    def send(self, *document):
        # Where Python is embedded, SIGPIPE may be as it was: deadly.
        self.end.sendall(json.dumps(document).encode("ascii") + b"\n", socket.MSG_NOSIGNAL)

    def receive(self):
        """EOFError when the other end is gone, be it in the middle of a line."""
        parts = [b""]
        while not parts[-1].endswith(b"\n"):
            parts.append(self.end.recv(1 << 20))
            if not parts[-1]:
                raise EOFError("the other process has ended")
        return json.loads(b"".join(parts))

    def ask(self, *question):
        self.send(*question)
        kind, *rest = self.receive()
        if kind == "returned":
            return rest[0]
        name, message, traceback = rest
        types = {"RunFailedError": RunFailedError, "TypeError": TypeError}
        error = types.get(name, RuntimeError)(message)
        error.traceback = traceback
        raise error

    def answer(self, function, *arguments):
        try:
            answer = ["returned", function(*arguments)]
        except Exception as error:
            answer = ["raised", type(error).__name__, str(error), getattr(error, "traceback", "")]
        self.send(*answer)

    def close(self):
        private.discard(self.end)
        self.end.close()


def close_all():
    """In a fork, where no other thread can be in the middle of something."""
    for end in private:
        os.close(end.detach())
    private.clear()
