"""A host of the protocol whose texts are hostile to terminals, or that misbehaves as the environment's FOREIGN says;
FOREIGN_PID is the process that it says is the program's. Each create raises; every other step answers ok."""

import os
import sys

from faulty_host import read_request, send

FOREIGN = os.environ.get("FOREIGN", "")
HOSTILE = "\x1b]0;owned\x07\x1b[31m\r\n\t\0\x7f\x9b31m\u202e\u2066\u200b\ufeff\u2028\ud800end"


def answer(step):
    if step["op"] == "create":
        return {"status": "raised", "raised": {"category": "other", "type": HOSTILE, "message": HOSTILE}}
    ids = {"ids": [HOSTILE]} if step["op"] in ("enumerate", "get_current", "get_main", "construct") else {}
    return {"status": "ok", "text": HOSTILE, "truth": False, **ids}


def run(number, program):
    of_it = {"id": number + 1000 if FOREIGN == "ids" else number}
    send({"msg": "begin", **of_it, "pid": int(os.environ.get("FOREIGN_PID", "4194305"))})
    if FOREIGN == "exits":
        os.write(2, HOSTILE.encode("utf-8", "surrogatepass") + b"\n")
        sys.exit(3)
    if FOREIGN == "aborts":
        os.abort()
    for number, lane in enumerate(program["lanes"]):
        send({"msg": "event", **of_it, "e": "lane", "lane": number, "step": 0, "us": 1, "text": HOSTILE})
        for index, step in enumerate(lane):
            place = {"lane": number, "step": index}
            send({"msg": "event", **of_it, "e": "called", **place, "us": 1})
            send({"msg": "event", **of_it, "e": "emitted", **place, "us": 0, "text": HOSTILE})
            send({"msg": "event", **of_it, "e": "returned", **place, "us": 1, "answer": answer(step)})
    send({"msg": "output", **of_it, "fd": 1, "text": HOSTILE})
    send({"msg": "output", **of_it, "fd": 2, "text": HOSTILE})
    send({"msg": "trace", **of_it, "text": HOSTILE})
    send({"msg": "end", **of_it, "how": "exited", "code": 0, "completed": True, "us": 1, "note": HOSTILE})


def main():
    if FOREIGN == "refuses":
        send({"msg": "refused", "reason": HOSTILE})
        sys.exit(1)
    if FOREIGN == "silent":
        os.write(2, HOSTILE.encode("utf-8", "surrogatepass") + b"\n")
        sys.exit(1)
    hello = {"msg": "hello", "protocol": 1, "plugin": {"name": HOSTILE, "version": HOSTILE},
             "facts": [["implementation", HOSTILE], ["version", HOSTILE]],
             "extensions": ["pep554.eval/1", "pep554.thread/1"]}
    send({**hello, "lacks": HOSTILE} if FOREIGN == "lacks" else hello)
    while True:
        request = read_request()
        if request["msg"] != "run":
            sys.exit(0)
        run(request["id"], request["program"])


main()
