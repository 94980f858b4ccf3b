#!/usr/bin/env python3
"""How soon `pep554 properties` finds each mutant, and how far it shrinks the program: ten seeds each.

    measure.py BUILD [MUTANT ...]           all, or these
    measure.py BUILD --target T             a target with a known bug

Exit code 1 when a limit is missed: a mutant is found within 60 s with 9 of 10 seeds, and the program is shrunk
to within one action of the shortest; the known bug is found in 20 s, shrunk to 3 actions, and shown by
its script in the plain interpreter.
"""

import argparse
import json
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time

SOURCES = pathlib.Path(__file__).resolve().parent  # what the mutants change
KNOWN = "destroy-with-a-thread"
SOON, LATEST = 20, 60  # seconds
SEEDS = [554, 1970, 8128, 20170905, 31337, 65537, 271828, 314159, 1000003, 4294967291]


def mutants(build):
    """Name -> kind of failure, actions of the shortest program, of those that generated programs detect."""
    rows = json.loads((build / "mutants/mutants.json").read_text())
    return {row["name"]: (row["kind"], row["shortest"].count(";") + 1) for row in rows if "kind" in row}


class Search:
    """One run of pep554 properties: when it found a failure of the kind, and how far it shrank that."""

    def __init__(self, build, target, kind, seed, options):
        self.found = self.shrinking = self.actions = self.other = None
        self.kind = kind
        self.current = ""  # the signature that is reported
        self.confirmed = False
        with tempfile.TemporaryDirectory() as out:
            command = [build / "bin/pep554", "properties", "--anew", "--jobs", str(options.jobs), "--seed", str(seed),
                       "--timeout", str(options.timeout), "--shrink-seconds", str(options.shrink_seconds),
                       "--target", target, "--out", out]
            # A target with a known bug may have other failures too.
            command += ["--seconds", str(2 * SOON)] if options.target else ["--examples", "1000000", "--first"]
            self.start = self.last = time.monotonic()
            with subprocess.Popen(command, stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True,
                                  env=dict(os.environ, PEP554_READABLE=str(SOURCES))) as process:
                self.watch(process, options.search_timeout)
            self.count(pathlib.Path(out))

    def watch(self, process, search_timeout):
        timer = threading.Timer(search_timeout, process.terminate)
        timer.start()
        for line in process.stdout:
            self.read(line)
            if self.found is not None:
                timer.cancel()
        timer.cancel()
        if process.wait() not in (0, 1, 6):
            print(f"pep554 ended with {process.returncode}", flush=True)

    def read(self, line):
        now = time.monotonic()
        if re.match(f"found: ({self.kind})", line) and self.found is None:
            self.found = now - self.start
        elif line.startswith("found:") and self.found is None:
            self.other = line.split("(")[0].strip()
        if reported := re.match("(.+): [0-9]+ of [0-9]+ examples, ", line):
            self.current = reported[1]
            if re.match(self.kind, self.current):
                self.shrinking = now - self.last
        if re.match("  alone: .*: confirmed, ", line) and re.match(self.kind, self.current):
            self.confirmed = True
        if re.match("found:|[0-9]+ of|  again:", line):
            self.last = now

    def count(self, out):
        for table in out.glob("failures/*/*.toml"):
            programs = re.split(r"^\[\[case\]\]$", table.read_text(), flags=re.M)[1:]
            if re.search(f'title = "({self.kind}): ', programs[0]):
                # The longer of two compared programs.
                self.actions = max(sum(do not in ("open", "wait") for do in re.findall(r'do = "(\w+)"', one))
                                   for one in programs)


def seconds(values):
    return f"{statistics.median(values):6.1f} {max(values):6.1f}" if values else "     -      -"


def measure(name, target, kind, shortest, options):
    searches = [Search(options.build, target, kind, seed, options) for seed in SEEDS[:options.seeds]]
    found = [search.found for search in searches if search.found is not None]
    shrinking = [search.shrinking for search in searches if search.shrinking is not None]
    actions = [search.actions for search in searches if search.actions is not None]
    in_time = sum(one <= LATEST for one in found)
    good = bool(actions) and in_time >= math.ceil(0.9 * len(searches)) and len(actions) == len(found)
    if name == KNOWN or options.target:
        good = good and statistics.median(found) <= SOON and max(actions) <= 3
        good = good and all(search.confirmed for search in searches)
    else:
        good = good and max(actions) <= shortest + 1
    print(f"{name:32} {in_time:2} of {len(searches):2} {seconds(found)} {seconds(shrinking)}   "
          f"{shortest}: {' '.join(map(str, sorted(actions)))}{'' if good else '   MISSED'}", flush=True)
    if not all(search.confirmed for search in searches if search.found is not None):
        print(f"    shown by a script: {sum(search.confirmed for search in searches)}", flush=True)
    for search in searches:
        if search.other and search.found is None:
            print(f"    {search.other}, which is another kind", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("mutants", nargs="*")
    parser.add_argument("--library", default="/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0")
    parser.add_argument("--target", action="append", default=[], help="instead of the mutants; may be given again")
    parser.add_argument("--kind", default="crash destroy SIGABRT", help="of failure, with --target: a regular expression")
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="the first of the ten")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=10)
    parser.add_argument("--shrink-seconds", type=float, default=30)
    parser.add_argument("--search-timeout", type=float, default=90, help="seconds for one seed, when nothing is found")
    options = parser.parse_intermixed_args()
    options.build = options.build.resolve()
    print(f"{'':32} {'found':>8} {'after':>6} {'most':>6} {'shrunk':>6} {'most':>6}   actions", flush=True)
    if options.target:
        good = [measure(target, target, options.kind, 3, options) for target in options.target]
    else:
        table = mutants(options.build)
        good = [measure(name, f"cpython:{options.library},path={options.build}/mutants/{name}", *table[name], options)
                for name in options.mutants or table]
    print(f"{sum(good)} of {len(good)} keep to the limits")
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
