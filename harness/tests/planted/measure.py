#!/usr/bin/env python3
"""How soon `pep554 properties` finds each planted fault, and how small it makes it: ten seeds each.

    measure.py BUILD [FAULT ...]            all, or these
    measure.py BUILD --target T             a target with a bug that is known

Exit code 1 when a bar is missed: a fault is found within 60 s in 9 of 10 seeds and made small to
within one action of the shortest; the known bug is found in 20 s, made small to 3 actions, and shown by
its script in the plain interpreter.
"""

import argparse
import math
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
KNOWN = "destroy-with-a-thread"
SOON, LATEST = 20, 60  # seconds
SEEDS = [554, 1970, 8128, 20170905, 31337, 65537, 271828, 314159, 1000003, 4294967291]


def faults():
    """Name, kind of failure, actions of the shortest: the rows of planted_test.cpp."""
    rows = re.findall(r'^    \{"([a-z-]+)", "([^"]+)", (\d+)', (HERE.parent / "planted_test.cpp").read_text(), re.M)
    return {name: (kind, int(shortest)) for name, kind, shortest in rows}


def target_of(build, library, fault):
    folders = [HERE / fault, HERE.parent / "broken/correct", build / "impl"]
    return f"cpython:{library}" + "".join(f",path={folder}" for folder in folders)


class Hunt:
    """One run of pep554 properties: when it found a failure of the kind, and how small that became."""

    def __init__(self, build, target, kind, seed, options):
        self.found = self.shrinking = self.actions = self.other = None
        self.kind = kind
        self.current = ""  # the signature that is told about
        self.confirmed = False
        with tempfile.TemporaryDirectory() as out:
            command = [build / "bin/pep554", "properties", "--anew", "--jobs", str(options.jobs), "--seed", str(seed),
                       "--timeout", str(options.timeout), "--shrink-seconds", str(options.shrink_seconds),
                       "--target", target, "--out", out]
            # A target that nobody planted a fault in has others beside the one that is looked for.
            command += ["--seconds", str(2 * SOON)] if options.target else ["--examples", "1000000", "--first"]
            self.start = self.last = time.monotonic()
            with subprocess.Popen(command, stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True) as process:
                self.watch(process, options.patience)
            self.count(pathlib.Path(out))

    def watch(self, process, patience):
        timer = Timer(process, patience)
        for line in process.stdout:
            self.hear(line)
            if self.found is not None:
                timer.cancel()
        timer.cancel()
        if process.wait() not in (0, 1, 6):
            print(f"pep554 ended with {process.returncode}", flush=True)

    def hear(self, line):
        now = time.monotonic()
        if re.match(f"found: ({self.kind})", line) and self.found is None:
            self.found = now - self.start
        elif line.startswith("found:") and self.found is None:
            self.other = line.split("(")[0].strip()
        if told := re.match("(.+): [0-9]+ of [0-9]+ examples, ", line):
            self.current = told[1]
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
                # Of two that are compared, the longer.
                self.actions = max(sum(do not in ("open", "wait") for do in re.findall(r'do = "(\w+)"', one))
                                   for one in programs)


class Timer:
    """Ends a process that has found nothing for too long."""

    def __init__(self, process, seconds):
        import threading
        self.timer = threading.Timer(seconds, process.terminate)
        self.timer.start()

    def cancel(self):
        self.timer.cancel()


def seconds(values):
    return f"{statistics.median(values):6.1f} {max(values):6.1f}" if values else "     -      -"


def measure(name, target, kind, shortest, options):
    hunts = [Hunt(options.build, target, kind, seed, options) for seed in SEEDS[:options.seeds]]
    found = [hunt.found for hunt in hunts if hunt.found is not None]
    shrinking = [hunt.shrinking for hunt in hunts if hunt.shrinking is not None]
    actions = [hunt.actions for hunt in hunts if hunt.actions is not None]
    in_time = sum(one <= LATEST for one in found)
    good = bool(actions) and in_time >= math.ceil(0.9 * len(hunts)) and len(actions) == len(found)
    if name == KNOWN or options.target:
        good = good and statistics.median(found) <= SOON and max(actions) <= 3
        good = good and all(hunt.confirmed for hunt in hunts)
    else:
        good = good and max(actions) <= shortest + 1
    print(f"{name:32} {in_time:2} of {len(hunts):2} {seconds(found)} {seconds(shrinking)}   "
          f"{shortest}: {' '.join(map(str, sorted(actions)))}{'' if good else '   MISSED'}", flush=True)
    if not all(hunt.confirmed for hunt in hunts if hunt.found is not None):
        print(f"    shown by a script: {sum(hunt.confirmed for hunt in hunts)}", flush=True)
    for hunt in hunts:
        if hunt.other and hunt.found is None:
            print(f"    {hunt.other}, which is another kind", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("faults", nargs="*")
    parser.add_argument("--library", default="/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0")
    parser.add_argument("--target", action="append", default=[], help="instead of the faults; may be given again")
    parser.add_argument("--kind", default="crash destroy SIGABRT", help="of failure, with --target: a regular expression")
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="the first of the ten")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=10)
    parser.add_argument("--shrink-seconds", type=float, default=30)
    parser.add_argument("--patience", type=float, default=90, help="seconds for one seed, when nothing is found")
    options = parser.parse_intermixed_args()
    options.build = options.build.resolve()
    print(f"{'':32} {'found':>8} {'after':>6} {'most':>6} {'small':>6} {'most':>6}   actions", flush=True)
    if options.target:
        good = [measure(target, target, options.kind, 3, options) for target in options.target]
    else:
        table = faults()
        good = [measure(name, target_of(options.build, options.library, name), *table[name], options)
                for name in options.faults or table]
    print(f"{sum(good)} of {len(good)} keep to the bars")
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
