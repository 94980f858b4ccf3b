"""A host of the protocol that is healthy but for one fault, named by the environment's PEP554_SICK, for
tests of the doctor. Its interpreters are numbers; of code it knows $emit of a text."""

import json
import os
import re
import select
import signal
import struct
import sys
import threading
import time

SICK = os.environ.get("PEP554_SICK", "")
FIELDS = {"construct", "create", "enumerate", "get_current", "get_main"}
TAKES_ON = {"read_id", "write_id", "is_running", "destroy", "run", "release"}
OPS = FIELDS | TAKES_ON | {"eval", "open", "wait"}


def say(message):
    body = json.dumps(message).encode()
    os.write(1, struct.pack(">I", len(body)) + body)


def read_exactly(size):
    data = b""
    while len(data) < size:
        portion = os.read(0, size - len(data))
        if not portion:
            sys.exit(1 if SICK == "bad-end-of-stream" else 0)
        data += portion
    return data


def read_request():
    (size,) = struct.unpack(">I", read_exactly(4))
    return json.loads(read_exactly(size))


def raised(status, message):
    return {"status": status, "raised": {"category": "other", "type": "", "message": message}}


class Execution:
    """One program, in its process."""

    def __init__(self, number, program):
        self.number, self.program = number, program
        self.names, self.alive, self.created = {}, ["0"], 0
        self.gates, self.lock, self.began = set(), threading.Condition(), time.monotonic()

    def event(self, kind, lane, step, **fields):
        us = int((time.monotonic() - self.began) * 1e6)
        message = {"msg": "event", "id": self.number, "e": kind, "lane": lane, "step": step, "us": us}
        if SICK == "event-without-us":
            del message["us"]
        with self.lock:
            say({**message, **fields})

    def give(self, step, name):
        self.names[step.get("as", "")] = name
        return {"status": "ok", "ids": [name]}

    def perform(self, lane, index, step):
        op, text = step["op"], step.get("text", "")
        if op == "wait":
            with self.lock:
                self.lock.wait_for(lambda: text in self.gates)
        elif op == "open":
            with self.lock:
                self.gates.add(text)
                self.lock.notify_all()
        elif op == "eval":
            if SICK == "eval-swallows":
                return {"status": "ok"}
            return raised("raised", "it failed") if "1/0" in text else {"status": "ok"}
        elif op == "enumerate":
            return {"status": "ok"} if SICK == "answer-without-ids" else {"status": "ok", "ids": self.alive}
        elif op in ("get_main", "get_current"):
            return self.give(step, "0")
        elif op == "create":
            if SICK == "create-crashes":
                os.abort()
            self.created += 1
            self.alive.append(str(self.created))
            return self.give(step, self.alive[-1])
        elif op == "construct":
            return self.give(step, self.names.get(step.get("on"), text))
        elif step["on"] not in self.names and SICK != "names-never-go":
            return raised("failed", "nobody has that name")
        elif op == "release":
            self.names.pop(step["on"], None)
        elif op == "read_id":
            return {"status": "ok", "text": self.names.get(step["on"], "0")}
        elif op == "is_running":
            return {"status": "ok", "truth": False}
        elif op == "destroy" and SICK == "destroy-fails":
            return raised("failed", "it will not go")
        elif op == "write_id":
            return {"status": "raised"} if SICK == "raised-is-hollow" else raised("raised", "no")
        elif op == "run":
            found = re.search(r"\$emit\('doctor: %d' % 42\)", text)
            if found and SICK != "emits-nothing":
                self.event("emitted", lane, index, text="doctor: 42")
        return {"status": "ok"}

    def lane(self, number):
        thread = 1 if SICK == "lanes-on-one-thread" else threading.get_native_id()
        self.event("lane", number, 0, text=str(thread))
        for index, step in enumerate(self.program["lanes"][number]):
            if SICK != "returns-uncalled":
                self.event("called", number, index)
            answer = self.perform(number, index, step)
            self.event("returned", number, index, answer=answer)

    def run(self):
        others = [threading.Thread(target=self.lane, args=(i,), daemon=True)
                  for i in range(1, len(self.program["lanes"]))]
        for thread in others:
            thread.start()
        self.lane(0)
        for thread in others:
            thread.join()
        if self.program.get("finish") == "finalize" and SICK != "finalizes-silently":
            self.event("finalize", 0, 0)
            self.event("finalized", 0, 0, answer={"status": "ok"})


def is_program(program):
    steps = [step for lane in program.get("lanes", [[{}]]) for step in lane]
    if SICK == "runs-anything":
        return bool(steps) and all("op" in step for step in steps)
    if SICK == "strict-about-fields" and "colour" in program:
        return False
    return all(step.get("op") in OPS and (step["op"] not in TAKES_ON or "on" in step) for step in steps)


def end(number, how, code=0, completed=True, note=""):
    message = {"msg": "end", "id": number, "how": how, "code": code, "completed": completed, "us": 1,
               "note": note}
    if SICK == "end-without-note" and how != "not_run":
        del message["note"]
    say(message)


def follow(pid, number, deadline):
    if SICK == "deadline-ignored":
        deadline = 3600
    pidfd = os.pidfd_open(pid)
    over = not select.select([pidfd], [], [], deadline)[0]
    if over:
        os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(pidfd)
    if over and SICK != "deadline-called-a-signal":
        end(number, "deadline", completed=False)
    else:
        end(number, "exited" if code >= 0 else "signaled", abs(code), code == 0 or SICK == "lies")


STATE = []


def execute(number, program):
    if SICK == "id-as-text":
        number = str(number)
    if not is_program(program):
        if SICK == "leaves-at-a-bad-program":
            sys.exit(1)
        end(number, "not_run", completed=False, note="not a program")
        return
    pid = os.fork()
    if pid == 0:
        if SICK != "no-begin":  # by the process itself, so that nothing comes before it
            say({"msg": "begin", "id": number, "pid": 4711 if SICK == "same-pid" else os.getpid()})
        execution = Execution(number, program)
        execution.alive = execution.alive + STATE
        execution.run()
        os._exit(0)
    if SICK == "state-is-kept":
        STATE.append("9")
    follow(pid, number, program.get("deadline_ms", 10000) / 1000)


def greet():
    extensions = [] if SICK == "eval-unclaimed" else ["pep554.eval/1"]
    facts = {"implementation": "sick"} if SICK == "facts-are-an-object" else [["implementation", "sick"]]
    if SICK == "silent":
        time.sleep(3600)
    if SICK == "rubbish":
        os.write(1, b"Hello, world\n")
    if SICK == "exits":
        sys.exit("sick host: no")
    if SICK == "refuses":
        say({"msg": "refused", "reason": "not today"})
        sys.exit(1)
    say({"msg": "hello", "protocol": 1, "plugin": {"name": "sick", "version": "1"}, "facts": facts,
         "extensions": extensions + ["pep554.thread/1"]})


def main():
    greet()
    while True:
        request = read_request()
        if request["msg"] == "quit":
            sys.exit(4 if SICK == "bad-quit" else 0)
        if request["msg"] != "run":
            sys.exit(0 if SICK == "bad-request-is-well" else 3)
        if SICK == "drops-what-is-ahead":
            while select.select([0], [], [], 0)[0] and os.read(0, 65536):
                pass
        execute(request["id"], request["program"])


main()
