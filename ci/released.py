#!/usr/bin/python3.11
"""The table of cases/released/README.md, made from cases/released/cpython.toml and the cases.

    released.py ROOT            prints what the page should be
    released.py ROOT --check    1, and the first difference, when the page is another
    released.py ROOT --write    writes the page"""

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


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1])
    path = root / "cases/released/README.md"
    made = page(root)
    if sys.argv[2:] == ["--write"]:
        path.write_text(made, encoding="utf-8")
    elif sys.argv[2:] == ["--check"]:
        there = path.read_text(encoding="utf-8") if path.exists() else ""
        for number, (is_, should) in enumerate(zip(there.splitlines() + [""] * 999, made.splitlines()), 1):
            if is_ != should:
                sys.exit(f"{path}:{number}: is {is_!r}, should be {should!r}; run ci/released.py . --write")
        if there != made:
            sys.exit(f"{path}: has more than it should; run ci/released.py . --write")
    else:
        print(made, end="")


if __name__ == "__main__":
    main()
