"""Counts what the cases ask of an implementation, and checks the table in harness/abi/README.md.

    case_needs.py ROOT            prints the table
    case_needs.py ROOT --check    fails when the README has another one"""

import ast
import collections
import pathlib
import sys
import tomllib

HEAD = "| cases that ... | of {} |\n|---|---|\n"


def programs(root):
    """Each case: its lanes of steps, and its row."""
    for path in sorted((root / "cases").glob("*.toml")):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            yield row.get("lanes") or [row["steps"]], row


def imported(code):
    """The top-level modules that the code imports, also in code that it runs as a string."""
    try:
        tree = ast.parse(code.replace("$", "_macro_"))
    except (SyntaxError, ValueError):
        return set()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module.partition(".")[0])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "import " in node.value:
            found |= imported(node.value)
    return found


def table(root):
    needs, modules, total = collections.Counter(), collections.Counter(), 0
    for lanes, row in programs(root):
        total += 1
        steps = [step for lane in lanes for step in lane]
        code = {what: [step["code"] for step in steps if step["do"] == what] for what in ("run", "eval")}
        needs["run"] += bool(code["run"])
        needs["eval"] += bool(code["eval"])
        needs["neither"] += not (code["run"] or code["eval"])
        needs["emit"] += any("$emit(" in text for text in code["run"])
        needs["lanes"] += len(lanes) > 1
        needs["finalize"] += row.get("finish") == "finalize"
        needs["repeat"] += "repeat" in row
        modules.update(set().union(*map(imported, code["run"]), set()))
    rows = [("run Python source in an interpreter (`run`)", "run"),
            ("... and emit values from there (`$emit`)", "emit"),
            ("use `eval`, Python source in the main interpreter", "eval"),
            ("use neither: calls of the API only", "neither"),
            ("have more than one thread", "lanes"),
            ("finalize the runtime", "finalize"),
            ("repeat their steps to detect leaks", "repeat")]
    lines = [f"| {title} | {needs[key]} |\n" for title, key in rows]
    names = ", ".join(f"`{name}` {count}" for name, count in
                      sorted(modules.items(), key=lambda one: (-one[1], one[0])))
    return HEAD.format(total) + "".join(lines) + f"\nModules imported by code of `run`, with the number of cases: {names}.\n"


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--check"]):
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1])
    made = table(root)
    if not sys.argv[2:]:
        print(made, end="")
        return
    readme = root / "harness/abi/README.md"
    if made not in readme.read_text(encoding="utf-8"):
        sys.exit(f"{readme}: the table of needs is out of date; it should be:\n{made}")


if __name__ == "__main__":
    main()
