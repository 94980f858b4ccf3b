"""Executes programs of the host protocol (harness/host/PROTOCOL.md) with any Python 3.8 or newer:

    EXECUTABLE pep554_agent.py [key=value ...]

    path=DIR       first on the module path, subinterpreters' too; may be given again for more
    adapter=NAME   the adapter to use; "auto": none if there is a module interpreters, else the
                   first whose module this Python has
    adapters=DIR   where the adapters are
    site=on|off    whether the module site and what it brings may show (default: off)

Needs the standard library only. What answers is the package pep554_python beside this file. This
file runs on old Pythons too, to refuse them in words.
"""

import os
import sys

VERSION = "0.1.0"  # the project's
OLDEST = (3, 8)


def refuse_old():
    import json
    import struct

    reason = "this is Python %d.%d; the agent needs %d.%d or newer" % (
        sys.version_info[:2] + OLDEST
    )
    payload = json.dumps({"msg": "refused", "reason": reason}).encode("ascii")
    os.write(1, struct.pack(">I", len(payload)) + payload)
    return 1


def main():
    if sys.version_info < OLDEST:
        return refuse_old()
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True  # the folder belongs to others; the second stage has it by itself
    from pep554_python import first_stage

    return first_stage.main(sys.argv[1:], folder, VERSION)


if __name__ == "__main__":
    sys.exit(main())
