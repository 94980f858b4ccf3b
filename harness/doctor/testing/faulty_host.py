"""A host of the protocol that is correct but for one fault, named by the environment's PEP554_FAULT, for
tests of the doctor. Its interpreters are numbers; of code it knows $emit of a text."""

import json
import os
import select
import signal
import struct
import sys
import threading
import time

FAULT = os.environ.get("PEP554_FAULT", "")
TAKES_ON = {"read_id", "write_id", "is_running", "destroy", "run", "release"}
OPS = TAKES_ON | {"construct", "create", "enumerate", "get_current", "get_main", "eval", "open", "wait"}
NO = {"category": "other", "type": "", "message": "no"}

# Faults that are another message: its name, or the kind of an event, and what becomes of it.
MESSAGES = {
    "facts-are-an-object": ("hello", lambda m: {**m, "facts": dict(m["facts"])}),
    "eval-unclaimed": ("hello", lambda m: {**m, "extensions": ["pep554.thread/1"]}),
    "no-begin": ("begin", lambda m: None),
    "same-pid": ("begin", lambda m: {**m, "pid": 4711}),
    "returns-uncalled": ("called", lambda m: None),
    "lanes-on-one-thread": ("lane", lambda m: {**m, "text": "1"}),
    "emits-nothing": ("emitted", lambda m: None),
    "finalizes-silently": ("finalize", lambda m: None),
    "event-without-us": ("event", lambda m: {key: m[key] for key in m if key != "us"}),
    "end-without-note": ("end", lambda m: {key: m[key] for key in m if key != "note" or m["how"] == "not_run"}),
    "deadline-called-a-signal": (
        "end", lambda m: {**m, "how": "signaled", "code": 9} if m["how"] == "deadline" else m),
    "id-as-text": ("any", lambda m: {**m, "id": str(m["id"])} if "id" in m else m),
}
# Faults that are another answer, by operation.
ANSWERS = {
    "eval-swallows": ("eval", {"status": "ok"}),
    "answer-without-ids": ("enumerate", {"status": "ok"}),
    "destroy-fails": ("destroy", {"status": "failed", "raised": {**NO, "message": "it will not go"}}),
    "raised-is-hollow": ("write_id", {"status": "raised"}),
}
# Faults that are another exit status: of the end of the stream, of "quit", of what is no request.
STATUS = {"bad-end-of-stream": (1, 0, 3), "bad-quit": (0, 4, 3), "bad-request-is-well": (0, 0, 0)}
AT_END, AT_QUIT, AT_RUBBISH = STATUS.get(FAULT, (0, 0, 3))


def send(message):
    kind, change = MESSAGES.get(FAULT, ("none", None))
    if kind in ("any", message["msg"], message.get("e")):
        message = change(message)
    if message is not None:
        if FAULT == "surrogates-as-bytes":
            body = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
        else:
            body = json.dumps(message).encode()
        os.write(1, struct.pack(">I", len(body)) + body)


def read_exactly(size):
    data = b""
    while len(data) < size:
        portion = os.read(0, size - len(data))
        if not portion:
            sys.exit(AT_END)
        data += portion
    return data


def read_request():
    (size,) = struct.unpack(">I", read_exactly(4))
    return json.loads(read_exactly(size))


class Execution:
    """One program, in its process."""

    def __init__(self, number, program, alive):
        self.number, self.program = number, program
        self.names, self.alive, self.created = {}, alive, 0
        self.gates, self.lock, self.began = set(), threading.Condition(), time.monotonic()

    def event(self, kind, lane, step, **fields):
        us = int((time.monotonic() - self.began) * 1e6)
        with self.lock:
            send({"msg": "event", "id": self.number, "e": kind, "lane": lane, "step": step, "us": us, **fields})

    def give(self, step, name):
        self.names[step.get("as", "")] = name
        return {"status": "ok", "ids": [name]}

    def perform(self, lane, index, step):
        op, text, on = step["op"], step.get("text", ""), step.get("on")
        if op in TAKES_ON and on not in self.names and FAULT != "names-never-go":
            return {"status": "failed", "raised": {**NO, "message": "no handle has that name"}}
        if FAULT in ANSWERS and op == ANSWERS[FAULT][0]:
            return ANSWERS[FAULT][1]
        if op == "wait":
            with self.lock:
                self.lock.wait_for(lambda: text in self.gates)
        elif op == "open":
            with self.lock:
                self.gates.add(text)
                self.lock.notify_all()
        elif op == "write_id" or (op == "eval" and "1/0" in text):
            return {"status": "raised", "raised": NO}
        elif op == "enumerate":
            return {"status": "ok", "ids": self.alive}
        elif op in ("get_main", "get_current"):
            return self.give(step, "0")
        elif op == "create":
            if FAULT == "create-crashes":
                os.abort()
            if FAULT == "create-hangs":
                time.sleep(3600)
            self.created += 1
            self.alive.append(str(self.created))
            return self.give(step, self.alive[-1])
        elif op == "construct":
            return self.give(step, self.names.get(on, text))
        elif op == "release":
            self.names.pop(on, None)
        elif op == "read_id":
            return {"status": "ok", "text": self.names.get(on, "0")}
        elif op == "is_running":
            return {"status": "ok", "truth": False}
        elif op == "run" and "$emit('doctor: %d' % 42)" in text:
            self.event("emitted", lane, index, text="doctor: 42")
        elif op == "run" and "$emit(chr(0xd800))" in text:
            self.event("emitted", lane, index, text="\ud800")
        elif op == "run" and "chr(0xd800)" in text:
            return {"status": "raised", "raised": {**NO, "message": "\ud800"}}
        return {"status": "ok"}

    def lane(self, number):
        self.event("lane", number, 0, text=str(threading.get_native_id()))
        for index, step in enumerate(self.program["lanes"][number]):
            self.event("called", number, index)
            self.event("returned", number, index, answer=self.perform(number, index, step))

    def run(self):
        others = [threading.Thread(target=self.lane, args=(i,), daemon=True)
                  for i in range(1, len(self.program["lanes"]))]
        for thread in others:
            thread.start()
        self.lane(0)
        for thread in others:
            thread.join()
        if self.program.get("finish") == "finalize":
            self.event("finalize", 0, 0)
            self.event("finalized", 0, 0, answer={"status": "ok"})


def is_program(program):
    steps = [step for lane in program.get("lanes", [[{}]]) for step in lane]
    if FAULT == "runs-anything":
        return bool(steps) and all("op" in step for step in steps)
    if FAULT == "strict-about-fields" and "colour" in program:
        return False
    return all(step.get("op") in OPS and (step["op"] not in TAKES_ON or "on" in step) for step in steps)


def end(number, how, code=0, completed=True, note=""):
    send({"msg": "end", "id": number, "how": how, "code": code, "completed": completed, "us": 1, "note": note})


def follow(pid, number, deadline):
    pidfd = os.pidfd_open(pid)
    over = not select.select([pidfd], [], [], 3600 if FAULT == "deadline-ignored" else deadline)[0]
    if over:
        os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(pidfd)
    if over:
        end(number, "deadline", completed=False)
    else:
        end(number, "exited" if code >= 0 else "signaled", abs(code), code == 0)


ALIVE = ["0"]


def execute(number, program):
    if not is_program(program):
        if FAULT == "leaves-at-a-bad-program":
            sys.exit(1)
        end(number, "not_run", completed=False, note="not a program")
        return
    if FAULT == "host-leaves":
        sys.exit(1)
    while FAULT == "never-stops-talking":
        send({"msg": "output", "id": number, "fd": 1, "text": "x"})
    if FAULT == "endless-message":
        os.write(1, b"\x01\0\0\0")
        while True:
            os.write(1, b" ")
            time.sleep(0.01)
    pid = os.fork()
    if pid == 0:  # which begins itself, so that nothing comes before it
        send({"msg": "begin", "id": number, "pid": os.getpid()})
        Execution(number, program, ALIVE).run()
        os._exit(0)
    if FAULT == "state-is-kept":
        ALIVE.append("9")
    follow(pid, number, program.get("deadline_ms", 10000) / 1000)


def send_hello():
    if FAULT == "silent":
        time.sleep(3600)
    if FAULT == "malformed":
        os.write(1, b"Hello, world\n")
    if FAULT == "exits":
        sys.exit("faulty host: no")
    if FAULT == "refuses":
        send({"msg": "refused", "reason": "not today"})
        sys.exit(1)
    send({"msg": "hello", "protocol": 1, "plugin": {"name": "faulty", "version": "1"},
         "facts": [["implementation", "faulty"]], "extensions": ["pep554.eval/1", "pep554.thread/1"]})


def main():
    send_hello()
    while True:
        request = read_request()
        if request["msg"] == "quit":
            sys.exit(AT_QUIT)
        if request["msg"] != "run":
            sys.exit(AT_RUBBISH)
        if FAULT == "drops-requests-sent-ahead":
            while select.select([0], [], [], 0)[0] and os.read(0, 65536):
                pass
        execute(request["id"], request["program"])


if __name__ == "__main__":
    main()
