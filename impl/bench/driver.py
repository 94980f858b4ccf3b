"""Measures one group of figures in this process and writes them as JSON.

    python -S -s -B driver.py GROUP --python-path DIR [--python-path DIR] --out FILE [--size quick]

What is compared runs in turns, in random order, in this one process, so that what disturbs the
machine disturbs all alike. CPU time of the process is what counts, but for what is parallel."""

import argparse
import gc
import json
import os
import signal
import sys
import threading
import time
import types
import warnings

# How much is done; `smoke` is for a test of all this, its figures mean nothing.
SIZES = {
    "full": dict(
        repetitions=25, seconds=0.02, listed=500, live=1000, ends=100, blocks=40,
        rounds=9, computed=1_500_000,
    ),
    "quick": dict(
        repetitions=7, seconds=0.01, listed=500, live=60, ends=20, blocks=5,
        rounds=5, computed=500_000,
    ),
    "smoke": dict(
        repetitions=2, seconds=0.001, listed=3, live=4, ends=2, blocks=2,
        rounds=1, computed=1000,
    ),
}  # fmt: skip

SHORT = "x = 1"


def fifty_lines(number=0):
    """A module as people write them: definitions, and a value for each."""
    lines = []
    for i in range(10):
        lines += [
            f"def scale_{i}(value, factor={number + i}):",
            "    if value is None:",
            "        return factor",
            f"    return [value * factor + {i}, str(value)]",
            f"limit_{i} = ({number}, 'entry', {i})",
        ]
    return "\n".join(lines)


class Texts:
    """make(count): texts of a kind, none of which was ever made before."""

    def __init__(self, form):
        self.form = form
        self.number = 10**8

    def make(self, count):
        first, self.number = self.number, self.number + count
        return [self.form(number) for number in range(first, self.number)]


def measure(size, longer=1):
    import pep554_bench

    flags = [
        "--benchmark_enable_random_interleaving=true",
        f"--benchmark_repetitions={size.repetitions}",
        f"--benchmark_min_time={size.seconds * longer}",
    ]
    result = json.loads(pep554_bench.measure(flags))
    times = {}
    for entry in result["benchmarks"]:
        if entry.get("error_occurred"):
            sys.exit(f"{entry['name']}: {entry['error_message']}")
        if entry["run_type"] == "iteration":
            name = entry["run_name"].removesuffix("/process_time")
            times.setdefault(name, []).append(entry["cpu_time"])
    return {"context": result["context"], "us": times}


def lifecycle(size):
    import pep554_bench
    from subjects import compared

    for name, subject in compared.items():
        pep554_bench.add_pair(f"create_destroy/{name}", subject.create, subject.destroy)
    pep554_bench.add_bare_pair("create_destroy/bare")
    return measure(size, 5)


def run(size):
    import pep554_bench
    from subjects import compared

    # Equal, but another object, as a text that is read or put together twice.
    def equal_texts(count):
        return [fifty_lines() for _ in range(count)]

    for name, subject in compared.items():
        target = subject.run
        again, new = subject.create(), subject.create()
        pep554_bench.add_call(f"run_again_short/{name}", target, (again, SHORT))
        pep554_bench.add_call(f"run_again_fifty/{name}", target, (again, fifty_lines()))
        pep554_bench.add_call_with_each(f"run_again_equal/{name}", target, (again,), equal_texts)
        for form, texts in ("short", Texts("x = {}".format)), ("fifty", Texts(fifty_lines)):
            pep554_bench.add_call_with_each(f"run_new_{form}/{name}", target, (new,), texts.make)
    return measure(size)


def calls(size):
    import pep554_bench
    from subjects import ours

    for name, subject in ours.items():
        for function in "get_current", "get_main":
            pep554_bench.add_call(f"{function}/{name}", subject.functions[function], ())
        pep554_bench.add_call(f"is_running/{name}", subject.is_running, (subject.create(),))
    return measure(size)


def enumerate(size):
    import pep554_bench
    from subjects import compared, low

    for _ in range(size.listed):
        low.create()
    for name, subject in compared.items():
        pep554_bench.add_call(f"enumerate/{name}", subject.functions["enumerate"], ())
    return measure(size) | {"count": size.listed}


def many(size):
    """Ours and those of the bare C API by turns, all of them alive at the end."""
    import pep554_bare
    from subjects import bare, high

    makers = {"high": high.create, "bare": bare.create}
    times = {name: [] for name in makers}
    resident = dict.fromkeys(makers, 0)
    kept = [create() for create in makers.values()]
    for _ in range(size.live):
        for name, create in makers.items():
            before = pep554_bare.resident_bytes()
            start = time.process_time_ns()
            kept.append(create())
            times[name].append((time.process_time_ns() - start) / 1000)
            resident[name] += pep554_bare.resident_bytes() - before
    return {
        "us": {f"first/{name}": each[: size.ends] for name, each in times.items()}
        | {f"last/{name}": each[-size.ends :] for name, each in times.items()},
        "bytes": {f"resident/{name}": [each / size.live] for name, each in resident.items()},
        "count": size.live,
        "ends": size.ends,
    }


def growth(size):
    import pep554_bare
    from growth import growths
    from subjects import bare, high, low

    kinds = {"bare": bare, "low": low, "high": high}
    return {"bytes": growths(kinds, pep554_bare.bytes_in_use, 2, size.blocks)}


def growth_resident(size):
    import pep554_bare
    from growth import growths
    from subjects import bare, low

    kinds = {"bare": bare, "low": low}
    found = growths(kinds, pep554_bare.resident_bytes, 10, size.blocks)
    # Pages come and go by the dozen: the mean of all has the slope, most single blocks are 0.
    return {"bytes": {name: [sum(blocks) / len(blocks)] for name, blocks in found.items()}}


COMPUTE = """
total = 0
for number in range({count}):
    total = (total * 31 + number) % 65521
"""


def _elapsed(jobs):
    """Seconds that the jobs take, each in a thread of its own."""
    threads = [threading.Thread(target=job) for job in jobs]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def _fork(source):
    child = os.fork()
    if child == 0:
        exec(source, {})
        os._exit(0)
    return child


def _elapsed_processes(source, count):
    """The same by processes: the limit of the machine, independent of Python."""
    start = time.perf_counter()
    for child in [_fork(source) for _ in range(count)]:
        os.waitpid(child, 0)
    return time.perf_counter() - start


def threads(size):
    from subjects import high

    source = COMPUTE.format(count=size.computed)
    one, two = high.create(), high.create()
    found = {"interpreters": [], "processes": []}
    warnings.simplefilter("ignore", DeprecationWarning)  # a fork: our threads have ended by then
    for _ in range(size.rounds):
        alone = _elapsed([lambda: one.run(source)])
        together = _elapsed([lambda: one.run(source), lambda: two.run(source)])
        found["interpreters"].append(2 * alone / together)
        alone, together = (_elapsed_processes(source, count) for count in (1, 2))
        found["processes"].append(2 * alone / together)
    return {"throughput": found}


GROUPS = {
    function.__name__: function
    for function in (
        lifecycle,
        run,
        calls,
        enumerate,
        many,
        growth,
        growth_resident,
        threads,
    )
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("group", choices=GROUPS)
    parser.add_argument("--python-path", action="append", default=[])
    parser.add_argument("--out", required=True)
    parser.add_argument("--size", choices=SIZES, default="full")
    args = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.path[:0] = args.python_path
    gc.disable()
    size = types.SimpleNamespace(**SIZES[args.size])
    result = GROUPS[args.group](size)
    with open(args.out, "w", encoding="utf-8") as file:
        json.dump(result, file)
    os._exit(0)  # interpreters that are left would take their time, or end the process with an abort


main()
