#!/usr/bin/python3
"""protocol_test.py [--smoke] HOST [ARGUMENT ...]: whether a host keeps the protocol of PROTOCOL.md.

Starts the host as the engine would, sends programs, well-behaved and not, and looks at every
message. For authors of hosts, too: the target must have an implementation that keeps the draft well
enough to create interpreters and run code in them, and be Python where `eval` is offered. What a
host does not offer (see "extensions") is not tested, and reported as skipped. --smoke leaves out the
tests that wait for deadlines: how programs end, and stack traces.
"""

import sys
import unittest

import answers
import conversations
import endings
import freshness
import host_case
import processes
import pythons
import repeating
import surroundings
import traces


SMOKE = "--smoke"


def load_tests(loader, _tests, _pattern):
    modules = (answers, processes, repeating, freshness, surroundings, conversations, pythons)
    if SMOKE not in sys.argv:
        modules += (endings, traces)
    return unittest.TestSuite([loader.loadTestsFromModule(module) for module in modules])


if __name__ == "__main__":
    host_case.COMMAND[:] = [word for word in sys.argv[1:] if word != SMOKE]
    if not host_case.COMMAND:
        sys.exit(__doc__)
    unittest.main(argv=sys.argv[:1])
