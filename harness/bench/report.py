"""Runs the driver once a group, and pep554 itself for the time to its first verdict, works out the
figures, writes them as JSON and prints them as a table.

    python3 report.py --bin DIR --out FILE [--size quick] [--gate]

Exit codes: 0 measured; 1 a target is missed, with --gate; 2 wrong usage; 4 it could not be measured."""

import argparse
import json
import os
import pathlib
import platform
import pty
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import time

GROUPS = ["life", "nothing", "throughput_life", "throughput_nothing", "endurance", "examples"]
RUNS = {"full": 15, "quick": 5, "smoke": 1}  # of pep554, for the first verdict
# A machine that does not give it to the floor, or twice the work of one to two, cannot give it to us.
ENOUGH = 0.95
# The least share of the floor's rate. A program may cost 1.43 ms (700 a second) where a fork and an exit of
# a started runtime cost 0.5 ms, which is 0.35; both grow with the machine, and we can do better.
OF_FLOOR = 0.45
MIB = 1 << 20


def fail(message):
    print(f"bench: {message}", file=sys.stderr)
    sys.exit(4)


def machine():
    lines = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "load": os.getloadavg()[0],
    }


def measured(folder, group, size):
    print(f"== {group}", file=sys.stderr, flush=True)
    done = subprocess.run([folder / "pep554_bench_driver", group, size], stdout=subprocess.PIPE)
    if done.returncode != 0:
        fail(f"{group} ended with {done.returncode}")
    return json.loads(done.stdout)


def first_verdict(folder):
    """Seconds from the start of pep554 run to the first case on its progress line."""
    terminal, other_end = pty.openpty()
    with tempfile.TemporaryDirectory() as out:
        start = time.monotonic()
        process = subprocess.Popen(
            [folder / "pep554", "run", "--jobs", "1", "--out", out],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=other_end,
        )
        os.close(other_end)
        output = b""
        while b"[1/" not in output:
            if not select.select([terminal], [], [], 60)[0]:
                fail(f"pep554 run has no verdict after 60 s: {output}")
            try:
                output += os.read(terminal, 4096)
            except OSError:  # it has ended
                fail(f"pep554 run ended without a verdict: {output}")
        took = time.monotonic() - start
        process.send_signal(signal.SIGTERM)
        process.wait()
    os.close(terminal)
    return took


class Table:
    """The rows. A target is (relation, bound); `enough` is what is said when the machine, and not we,
    missed it."""

    def __init__(self):
        self.rows = []

    def add(self, name, text, value, target=None, excuse=""):
        met = None
        if target is not None:
            relation, bound = target
            met = value <= bound if relation == "<=" else value >= bound
        row = dict(name=name, text=text, value=value, met=met, note="")
        row["target"] = f"{target[0]} {target[1]}" if target else None
        if met is False and excuse:
            row |= {"met": None, "note": excuse}
        self.rows.append(row)


def add_isolated(table, group, what, target):
    ours, floor = (statistics.median(group[key]) for key in ("ours", "floor"))
    text = f"{ours:.0f} us / {floor:.0f} us"
    table.add(f"{what}, one after the other: ours / floor", text, ours / floor, target)


def add_throughput(table, group, what, target):
    one, two, floor_one, floor_two = (
        statistics.median(group[key]) for key in ("ours_1", "ours_2", "floor_1", "floor_2")
    )
    possible = floor_two / floor_one
    table.add(f"{what}: two floors at once / one", f"{floor_two:.0f} / {floor_one:.0f} a s", possible)
    excuse = ""
    if possible < target[1] / ENOUGH:
        excuse = f"two floors reach {possible:.2f}"
    table.add(f"{what}: --jobs 2 / --jobs 1", f"{two:.0f} / {one:.0f} a s", two / one, target, excuse)


def add_cpu(table, group, what):
    ours, floor = (statistics.median(group[key]) for key in ("ours_cpu", "floor_cpu"))
    text = f"{ours:.0f} us / {floor:.0f} us"
    table.add(f"{what}, time of processors: ours / floor", text, ours / floor)


def add_endurance(table, group):
    first, last = group["tenths"][0], group["tenths"][-1]
    count = f"{group['count']:,} programs"
    text = f"{last:.0f} us / {first:.0f} us"
    table.add(f"{count}: last tenth / first tenth", text, last / first, ("<=", 1.1))
    peak = group["peak_bytes"] / MIB
    table.add(f"{count}: memory of pep554", f"{peak:.1f} MiB", peak, ("<=", 200))


def add_examples(table, group):
    ours, floor = (statistics.median(group[key]) for key in ("ours", "floor"))
    name = f"generated programs of {group['operations']:.1f} operations, two at once: ours / floor"
    table.add(name, f"{ours:.0f} / {floor:.0f} a s", ours / floor, (">=", 0.8))


def figures(groups, verdicts):
    table = Table()
    creates, nothing = "create, run, destroy", "a program that creates nothing"
    add_isolated(table, groups["life"], creates, ("<=", 1.15))
    add_isolated(table, groups["nothing"], nothing, None)
    add_throughput(table, groups["throughput_life"], creates, (">=", 1.8))
    add_cpu(table, groups["throughput_life"], creates)
    add_cpu(table, groups["throughput_nothing"], nothing)
    ours, floor = (statistics.median(groups["throughput_nothing"][key]) / 2 for key in ("ours_2", "floor_2"))
    text = f"{ours:.0f} / {floor:.0f} a s"
    table.add(f"{nothing}, a second and core: ours / floor", text, ours / floor, (">=", OF_FLOOR))
    add_examples(table, groups["examples"])
    seconds = statistics.median(verdicts)
    table.add("pep554 run, time to the first verdict", f"{seconds:.3f} s", seconds, ("<=", 0.3))
    add_endurance(table, groups["endurance"])
    return table.rows


def print_table(title, rows):
    lines = [("figure", "measured", "value", "target", "")]
    for row in rows:
        verdict = {True: "met", False: "missed", None: row["note"] or "-"}[row["met"]]
        digits = 3 if row["value"] < 10 else 0
        value = f"{row['value']:.{digits}f}"
        lines.append((row["name"], row["text"], value, row["target"] or "-", verdict))
    widths = [max(len(line[i]) for line in lines) for i in range(5)]
    print(title)
    for line in lines:
        cells = [line[0].ljust(widths[0])]
        cells += [line[i].rjust(widths[i]) for i in range(1, 4)]
        print("  " + "  ".join([*cells, line[4]]).rstrip())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--size", choices=RUNS, default="full")
    parser.add_argument("--gate", action="store_true")
    args = parser.parse_args()
    where = machine()
    folder = args.bin.resolve()
    groups = {group: measured(folder, group, args.size) for group in GROUPS}
    print("== first verdict", file=sys.stderr, flush=True)
    verdicts = [first_verdict(folder) for _ in range(RUNS[args.size])]
    rows = figures(groups, verdicts)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    result = {"machine": where, "size": args.size, "figures": rows}
    raw = groups | {"first_verdict": verdicts}
    args.out.write_text(json.dumps(result | {"raw": raw}, indent=1) + "\n", encoding="utf-8")
    print_table("the harness: {cpu}, {cores} cores, Linux {kernel}, load {load:.1f}".format(**where), rows)
    missed = [row for row in rows if row["met"] is False]
    print(f"  {len(missed)} of {sum(row['met'] is not None for row in rows)} targets missed")
    return 1 if args.gate and missed else 0


if __name__ == "__main__":
    sys.exit(main())
