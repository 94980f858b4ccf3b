#!/usr/bin/env python3
"""Checks which folder includes which. Usage: layers.py ROOT. Prints each include that breaks a rule."""

import pathlib
import re
import sys

# Longest prefix first: what a folder may include besides itself. Tests may include more.
ALLOWED = {
    "harness/abi": [],
    "harness/isolation": [],
    "harness/build_info": [],
    "harness/jail": ["harness/isolation"],
    "harness/host/examine": ["harness/abi", "harness/host"],
    "harness/host/testing": ["harness/abi", "harness/engine"],
    "harness/host": ["harness/abi", "harness/isolation", "harness/host/examine"],  # main.cpp alone includes it
    "harness/plugins": ["harness/abi"],
    "harness/engine": ["spec", "harness/isolation"],
    "harness/testing": ["harness/abi"],
    "harness/doctor": ["spec", "harness/engine"],
    "harness/gate": ["spec", "harness/engine", "reports"],
    "harness/repro": ["spec", "harness/engine", "harness/isolation"],
    "harness/run": ["spec", "cases", "harness/build_info", "harness/engine", "harness/repro", "reports"],
    "harness/cli": ["spec", "cases", "harness/build_info", "harness/engine", "harness/doctor", "harness/gate",
                    "harness/run", "harness/repro", "reports"],
    "harness/suite": ["spec", "cases", "harness/isolation", "harness/engine", "harness/run", "reports"],
    "harness/tests": ["spec", "harness/engine", "harness/host/testing", "harness/jail"],
    "harness/bench": ["spec", "cases", "harness/abi", "harness/engine", "harness/run"],
    "harness/fuzz": ["spec", "cases", "harness/abi", "harness/host", "harness/engine", "harness/gate", "harness/run", "reports"],
    "spec": [],
    "cases": ["spec", "harness/engine"],
    "reports": ["spec", "harness/engine"],
    "impl": [],
}
# Tests of a host, and of a plugin through the host, have the product's own clients of one.
TALKED_TO = ("harness/host", "harness/host/examine", "harness/plugins")
CLIENTS = ["harness/host/testing", "harness/engine", "harness/doctor"]
INCLUDE = re.compile(r'^\s*#\s*include\s*"((?:spec|cases|harness|impl|reports)/[^"]+)"', re.M)


def room(path):
    for prefix in ALLOWED:
        if path == prefix or path.startswith(prefix + "/"):
            return prefix
    return None


def breaches(root):
    for source in sorted(root.rglob("*")):
        name = source.relative_to(root).as_posix()
        home = room(name)
        if home is None or source.suffix not in (".h", ".c", ".cpp") or not source.is_file():
            continue
        for included in INCLUDE.findall(source.read_text(encoding="utf-8")):
            other = room(included)
            allowed = [home, *ALLOWED[home]]
            if source.stem.endswith("_test") or source.parent.name == "testing":
                allowed += ["harness/testing"]  # what any test may use
            if source.stem.endswith("_test") and home in TALKED_TO:
                allowed += CLIENTS
            if source.stem.endswith("_test") and home == "harness/repro":
                allowed += ["cases"]  # reproductions of the suite's cases and of generated ones are executed
            if other not in allowed:
                yield f"{name}: includes {included}: {home} may include {', '.join(allowed)}"


def main():
    found = list(breaches(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "every include is allowed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
