"""Runs the driver once a group with the Python under test, works out the figures, writes them as JSON
and prints them as a table.

    python3 report.py --python EXE --python-path DIR ... --out FILE [--size quick] [--gate]

Exit codes: 0 measured; 1 a target is missed, with --gate; 2 wrong usage; 4 it could not be measured."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from growth import EXACT, RESOLUTION

FOLDER = pathlib.Path(__file__).resolve().parent
GROUPS = [
    "lifecycle",
    "run",
    "calls",
    "enumerate",
    "many",
    "growth",
    "growth_resident",
    "threads",
]
LAYERS = ["low", "high"]
PAGE = 4096
TIMES = "times one thread"


class Table:
    """The rows. `times` and the like are medians by name."""

    def __init__(self, medians):
        self.medians = medians
        self.rows = []

    def add(self, name, unit, ours, theirs, value, target, met, note=""):
        row = dict(name=name, unit=unit, ours=ours, theirs=theirs, value=value)
        self.rows.append(row | dict(target=target, met=met, note=note))

    def ratio(self, name, unit, ours, theirs, target=None, at_least=0):
        """Ours must be at most `target` times theirs. Omitted without a value to compare with."""
        if theirs not in self.medians:
            return
        mine, other = self.medians[ours], self.medians[theirs]
        value = mine / max(other, at_least)
        met = None if target is None else value <= target
        self.add(name, unit, mine, other, value, target and f"<= {target}", met)

    def absolute(self, name, unit, ours, target):
        value = self.medians[ours]
        self.add(name, unit, value, None, value, f"<= {target} {unit}", value <= target)


def medians_of(groups):
    found = {}
    for group, result in groups.items():
        for kind in result.keys() & {"us", "bytes", "throughput"}:
            for name, values in result[kind].items():
                key = name if "/" in name else f"{group}/{name}"
                found[key] = statistics.median(values)
    return found


def add_threads(table, version):
    """Where two processes do not reach it either, the machine has no two cores to spare."""
    value, possible = (table.medians[f"threads/{key}"] for key in ("interpreters", "processes"))
    name, target, met, note = "two threads, throughput / two processes", ">= 1.8", value >= 1.8, ""
    if version < (3, 12):
        target, met, note = None, None, "one GIL"
    elif not met and possible < 1.8:
        met, note = None, "no two free cores"
    table.add(name, TIMES, value, possible, value, target, met, note)


def add_many(table, group):
    """Allows for a slowdown with the number of interpreters that the runtime itself causes."""
    last, first, bare_last, bare_first = (
        table.medians[key] for key in ("last/high", "first/high", "last/bare", "first/bare")
    )
    value, bare = last / first, bare_last / bare_first
    met, note = value <= 1.3, ""
    if not met and value <= 1.05 * bare:
        met, note = None, "as the bare C API"
    name = f"create, last {group['ends']} of {group['count']} / first {group['ends']}"
    table.add(name, "us", last, first, value, "<= 1.3", met, note)
    table.ratio("the same by the bare C API, in turns", "us", "last/bare", "first/bare")


def figures(groups, version):
    table = Table(medians_of(groups))
    for other, key, target in ("bare C API", "bare", 1.05), ("own module", "theirs", None):
        for layer in LAYERS:
            table.ratio(
                f"create + destroy, {layer} / {other}",
                "us",
                f"create_destroy/{layer}",
                f"create_destroy/{key}",
                target,
            )
    runs = [
        ("again_short", "run again, short", 0.15),
        ("again_fifty", "run again, 50 lines", 0.15),
        ("again_equal", "run again, 50 lines, equal text", 0.15),
        ("new_short", "run new text, short", 1.1),
        ("new_fifty", "run new text, 50 lines", 1.1),
    ]
    for key, label, target in runs:
        for layer in LAYERS:
            ours, theirs = f"run_{key}/{layer}", f"run_{key}/theirs"
            table.ratio(f"{label}, {layer} / own module", "us", ours, theirs, target)
    for function in "get_current", "get_main", "is_running":
        for layer in LAYERS:
            table.absolute(f"{function}, {layer}", "us", f"{function}/{layer}", 0.25)
    count = groups["enumerate"]["count"]
    for layer in LAYERS:
        ours, theirs = f"enumerate/{layer}", "enumerate/theirs"
        table.ratio(f"enumerate {count}, {layer} / own module", "us", ours, theirs, 1.0)
    add_many(table, groups["many"])
    table.ratio("memory of an interpreter / bare", "bytes", "resident/high", "resident/bare")
    for layer in LAYERS:
        ours, theirs = f"growth/{layer}", "growth/bare"
        name = f"growth per life, {layer} / bare"
        table.ratio(name, "bytes", ours, theirs, 1.1, RESOLUTION)
    ours, theirs = "growth_resident/low", "growth_resident/bare"
    table.ratio("growth per life, resident / bare", "bytes", ours, theirs, None, PAGE)
    add_threads(table, version)
    return table.rows


def shown(number, unit=""):
    if number is None:
        return "-"
    if unit == "bytes":
        return f"{number / 1024:.1f} KiB" if abs(number) >= 10240 else f"{number:.0f} B"
    digits = 3 if abs(number) < 10 else 1 if abs(number) < 1000 else 0
    return f"{number:.{digits}f}" + (f" {unit}" if unit == "us" else "")


def print_table(title, rows):
    lines = [("figure", "ours", "theirs", "ratio", "target", "")]
    for row in rows:
        is_ratio = row["theirs"] is not None and row["unit"] != TIMES
        ratio = shown(row["value"]) if is_ratio else "-"
        verdict = {True: "ok", False: "over", None: row["note"] or "-"}[row["met"]]
        if row["target"] and row["target"].startswith(">") and row["met"] is False:
            verdict = "under"
        ours, theirs = shown(row["ours"], row["unit"]), shown(row["theirs"], row["unit"])
        lines.append((row["name"], ours, theirs, ratio, row["target"] or "-", verdict))
    widths = [max(len(line[i]) for line in lines) for i in range(6)]
    print(title)
    for line in lines:
        cells = [line[0].ljust(widths[0])]
        cells += [line[i].rjust(widths[i]) for i in range(1, 5)]
        print("  " + "  ".join([*cells, line[5]]).rstrip())


def fail(message):
    print(f"bench: {message}", file=sys.stderr)
    sys.exit(4)


def clean_environment(group):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment["PYTHONHASHSEED"] = "0"
    if group == "growth":
        environment |= EXACT
    return environment


def measured(args, group):
    print(f"== {group}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "group.json"
        command = [args.python, "-S", "-s", "-B", FOLDER / "driver.py", group, "--out", out, "--size", args.size]
        for path in args.python_path:
            command += ["--python-path", path]
        done = subprocess.run(command, env=clean_environment(group), stdout=sys.stderr)
        if done.returncode != 0:
            fail(f"{args.python}: {group} ended with {done.returncode}")
        return json.loads(out.read_text(encoding="utf-8"))


def version_of(python):
    code = "import sys; print(*sys.version_info[:3])"
    done = subprocess.run([python, "-S", "-c", code], capture_output=True, text=True)
    if done.returncode != 0:
        fail(f"{python} does not run: {done.stderr.strip()}")
    return tuple(int(part) for part in done.stdout.split())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", required=True)
    parser.add_argument("--python-path", action="append", default=[])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--size", choices=("full", "quick", "smoke"), default="full")
    parser.add_argument("--gate", action="store_true")
    args = parser.parse_args()
    version = version_of(args.python)
    groups = {group: measured(args, group) for group in GROUPS}
    rows = figures(groups, version)
    dotted = ".".join(map(str, version))
    context = groups["lifecycle"]["context"]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    result = {"python": dotted, "size": args.size, "context": context, "figures": rows}
    args.out.write_text(json.dumps(result | {"raw": groups}, indent=1) + "\n", encoding="utf-8")
    print_table(f"CPython {dotted}", rows)
    missed = [row for row in rows if row["met"] is False]
    print(f"  {len(missed)} of {sum(row['met'] is not None for row in rows)} targets missed")
    return 1 if args.gate and missed else 0


if __name__ == "__main__":
    sys.exit(main())
