#!/usr/bin/python3.11
"""Generates the pages about released Pythons from cases/released and the cases: cases/released/README.md
(from cpython.toml) and cases/known/README.md (from known.toml).

    released.py ROOT            prints the pages
    released.py ROOT --check    fails when a page differs, and prints the first difference
    released.py ROOT --write    writes the pages"""

import pathlib
import sys
import tomllib

HEAD = """# Verdicts of released Pythons

The table has the verdicts of each CPython's built-in module, with the adapter that `pep554` selects. They are the same
embedded and as a process. `cpython.toml` is a [baseline](../../harness/gate/README.md): `ci/judge` judges every version
that the machine has, and fails when one deviates otherwise than this file says. `ci/released.py . --write` generates the
page from it. To compare one version with it:

    build/release/bin/pep554 run --target cpython:libpython3.11.so.1.0 --examples 0 --baseline cases/released/cpython.toml

PyPy (7.3.11) has none of the modules: nothing can be judged, and all cases are `unsupported`.

"""

LEGEND = """
`bug`: the implementation is at fault, and a plain interpreter has the same failure. `other API`: the implementation has
another interface, and does not claim the draft's. `not there`: it lacks the feature that the case tests.
"""

MARKS = {"": "", "crash": "**crash**", "hang": "**hang**", "broken-at-exit": "**at exit**", "fail": "fail", "leak": "**leak**",
         "unsupported": "–"}

# The clause that the end of a process violates, in whichever case (harness/engine/judge.h).
VIOLATED = {"crash": "isolation.survives", "hang": "isolation.survives", "broken-at-exit": "exit.clean"}


def clauses_of_cases(root):
    """The clauses that each case cites, by the case's id."""
    cited = {}
    for path in (root / "cases").glob("*.toml"):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for case in table["case"]:
            cited[f"{path.stem}.{case['name']}"] = case["clauses"]
    return cited


def read(path):
    """A baseline: its versions with their adapters, and its entries by case, in the order of the file."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    versions = {version: facts["adapter"] for version, facts in document["versions"].items()}
    cases = {}
    for entry in document["deviation"]:
        cases.setdefault(entry["case"], []).append(entry)
    return versions, cases


def verdicts_of(entries, versions):
    """The verdict of a case in each version; "" where it is as the text says."""
    return [next((entry["verdict"] for entry in entries if version in entry.get("versions", versions)), "")
            for version in versions]


def reasons_of(entries):
    return " ".join(dict.fromkeys(entry["reason"] for entry in entries))


def clauses_of(entries, cited):
    """What the case cites and what the end of its process violates."""
    violated = [VIOLATED[entry["verdict"]] for entry in entries if entry["verdict"] in VIOLATED]
    return ", ".join(f"`{clause}`" for clause in dict.fromkeys(cited + violated))


def row(cells):
    return "| " + " | ".join(cells) + " |\n"


def page(root):
    versions, cases = read(root / "cases/released/cpython.toml")
    cited = clauses_of_cases(root)
    text = HEAD
    text += row(["case", "clauses", *versions, "kind", "because"])
    text += row(["---"] * (len(versions) + 4))
    for case, entries in cases.items():
        text += row([f"`{case}`", clauses_of(entries, cited[case]),
                     *(MARKS[verdict] for verdict in verdicts_of(entries, versions)),
                     entries[0]["kind"], reasons_of(entries)])
    for title, wanted in (("at fault", ("bug",)), ("all", ("bug", "other API", "not there"))):
        columns = zip(*(verdicts_of(entries, versions) for entries in cases.values() if entries[0]["kind"] in wanted))
        text += row([f"cases, {title}", f"of {len(cited)}", *(str(sum(map(bool, one))) for one in columns), "", ""])
    text += row(["adapter", "", *versions.values(), "", ""])
    return text + LEGEND


KNOWN_HEAD = """# Findings in released CPythons

`pep554 properties` generated and shrank these programs: each crashes, breaks at exit or leaks in a released CPython.
Every run of `pep554 properties` runs them first, on any target; the reference passes all of them.

The table names a version only if the script of the case reproduces the failure in a plain interpreter, without
this project. `ci/judge` checks every version that the machine has: the verdict, embedded and as a process, and the
outcome of the script. To reproduce one:

    pep554 script cpython.destroy-with-a-thread --cases cases/known --adapter interpreters >repro.py
    python3.13 repro.py

`ci/released.py . --write` generates this page from `cpython.toml` and `../released/known.toml`.

"""


def line_of(step):
    """A step as one writes it in Python."""
    action = step["do"]
    if action == "create":
        return f"{step['as']} = interpreters.create()"
    if action == "release":
        return f"del {step['on']}"
    if action == "run":
        return f'{step["on"]}.run("""\n{step["code"]}""")'
    if action == "eval":  # by the main interpreter itself
        return step["code"]
    return f"{step['on']}.{action}()"


def program(case):
    """Lines of Python, indented as a block of Markdown."""
    lines = [f"# {case['repeat']} times:"] if "repeat" in case else []
    for step in case["steps"]:
        lines += line_of(step).splitlines()
    if case.get("finish") == "finalize":
        lines.append("# the process ends")
    return "".join(f"    {line}\n" for line in lines)


def known_page(root):
    versions, released = read(root / "cases/released/known.toml")
    cases = {f"cpython.{case['name']}": case
             for case in tomllib.loads((root / "cases/known/cpython.toml").read_text(encoding="utf-8"))["case"]}
    text = KNOWN_HEAD
    text += row(["case", "clauses", *versions])
    text += row(["---"] * (len(versions) + 2))
    for name, entries in released.items():
        text += row([f"`{name}`", clauses_of(entries, cases[name]["clauses"]),
                     *(MARKS[verdict] for verdict in verdicts_of(entries, versions))])
    text += row(["adapter", "", *versions.values()])
    for name, entries in released.items():
        case = cases[name]
        text += f"\n## {case['title']}\n\n`{name}`. {reasons_of(entries)}\n\n{program(case)}"
    return text


def check(path, made):
    there = path.read_text(encoding="utf-8") if path.exists() else ""
    for number, (is_, should) in enumerate(zip(there.splitlines() + [""] * 999, made.splitlines()), 1):
        if is_ != should:
            sys.exit(f"{path}:{number}: is {is_!r}, should be {should!r}; run ci/released.py . --write")
    if there != made:
        sys.exit(f"{path}: has more than it should; run ci/released.py . --write")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1])
    for path, made in ((root / "cases/released/README.md", page(root)), (root / "cases/known/README.md", known_page(root))):
        if sys.argv[2:] == ["--write"]:
            path.write_text(made, encoding="utf-8")
        elif sys.argv[2:] == ["--check"]:
            check(path, made)
        else:
            print(made, end="")


if __name__ == "__main__":
    main()
