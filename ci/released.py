#!/usr/bin/python3.11
"""The pages of what released Pythons do, made from cases/released and the cases: cases/released/README.md
(cpython.toml) and cases/known/README.md (known.toml).

    released.py ROOT            prints what the pages should be
    released.py ROOT --check    1, and the first difference, when a page is another
    released.py ROOT --write    writes the pages"""

import pathlib
import sys
import tomllib

HEAD = """# What released Pythons do

Each CPython's own module, judged through the adapter that is chosen by itself. Embedded and as a process
the verdicts are the same (exceptions would be in `ways.toml`). `ci/judge` judges every version that the
machine has, and turns red when one of these does otherwise than this page says. The page is made from
`cpython.toml` by `ci/released.py --write`.

PyPy (7.3.11) has none of the modules: nothing can be judged, and all cases are `unsupported`.

"""

LEGEND = """
`bug`: the implementation is at fault, and each was met with a plain interpreter too. `other API`: the
implementation has names and rules of its own, and does not claim the draft's. `not there`: it lacks what
the case is about.
"""

MARKS = {"crash": "**crash**", "hang": "**hang**", "broken-at-exit": "**at exit**", "fail": "fail", "leak": "**leak**",
         "unsupported": "–"}


def clauses_of_cases(root):
    """The clauses that each case cites, by the case's id."""
    cited = {}
    for path in (root / "cases").glob("*.toml"):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for case in table["case"]:
            cited[f"{path.stem}.{case['name']}"] = case["clauses"]
    return cited


def row(cells):
    return "| " + " | ".join(cells) + " |\n"


def page(root):
    document = tomllib.loads((root / "cases/released/cpython.toml").read_text(encoding="utf-8"))
    versions = document["versions"]
    cited = clauses_of_cases(root)
    text = HEAD
    text += row(["case", "clauses", *versions, "kind", "because"])
    text += row(["---"] * (len(versions) + 4))
    for one in document["deviation"]:
        text += row([f"`{one['case']}`", ", ".join(f"`{clause}`" for clause in cited[one["case"]]),
                     *(MARKS[one["verdict"]] if version in one["in"] else "" for version in versions),
                     one["kind"], one["because"]])
    for title, wanted in (("at fault", ("bug",)), ("all", ("bug", "other API", "not there"))):
        counts = [sum(version in one["in"] and one["kind"] in wanted for one in document["deviation"])
                  for version in versions]
        text += row([f"cases, {title}", f"of {len(cited)}", *map(str, counts), "", ""])
    text += row(["adapter", "", *versions.values(), "", ""])
    return text + LEGEND


KNOWN_HEAD = """# What was found

Programs that nobody wrote: `pep554 properties` generated them, each ends badly in a released CPython, and
each was made small. Every run of `pep554 properties` tries these first, on any target; the reference
passes them.

A version is named only where the script of the case shows the same in the plain interpreter, without
anything of this project. `ci/judge` holds all of it for the versions that a machine has: the verdict,
embedded and as a process, and what the script shows. To see one:

    pep554 script cpython.destroy-with-a-thread --cases cases/known --adapter interpreters >repro.py
    python3.13 repro.py

The page is made from `cpython.toml` and `../released/known.toml` by `ci/released.py --write`.

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
    document = tomllib.loads((root / "cases/released/known.toml").read_text(encoding="utf-8"))
    versions = document["versions"]
    cases = {f"cpython.{case['name']}": case
             for case in tomllib.loads((root / "cases/known/cpython.toml").read_text(encoding="utf-8"))["case"]}
    text = KNOWN_HEAD
    text += row(["case", "clauses", *versions])
    text += row(["---"] * (len(versions) + 2))
    for one in document["deviation"]:
        text += row([f"`{one['case']}`", ", ".join(f"`{clause}`" for clause in cases[one["case"]]["clauses"]),
                     *(MARKS[one["verdict"]] if version in one["in"] else "" for version in versions)])
    text += row(["adapter", "", *versions.values()])
    for one in document["deviation"]:
        case = cases[one["case"]]
        text += f"\n## {case['title']}\n\n`{one['case']}`. {one['because']}\n\n{program(case)}"
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
