#!/usr/bin/env python3
"""Checks the project's words. Usage: words.py ROOT

- A name that was replaced by a term of the field does not come back: REPLACED, in any tracked file but
  the text of the PEP and the inputs of the fuzzers.
- A verdict that results may have is explained in reports/README.md, and one that is no common word also
  in the glossary of CONTRIBUTING.md; and the glossary explains each term once.

Prints each violation with file and line; exit code 1 when there is one."""

import json
import pathlib
import re
import subprocess
import sys

# The name, and the one to use.
REPLACED = {
    "Patient": "InstrumentedPlugin", "shunned": "skipped_slots", "Ledger": "CheckResults", "mend": "fix",
    "BeforeAWall": "GuardPageBuffer", "Fenced": "CanaryBuffer", "LentRecord": "CheckedErrorRecord",
    "Vitals": "ProcessStats", "gauge": "resource_usage", "Holdings": "ResourceUsage", "Outlook": "StallDetector",
    "hopeless": "stalled", "Household": "HostContext", "Birth": "StartMode", "lonely_": "exclusive_host_",
    "Patience": "CpuAwareDeadline", "patience": "startup-timeout", "Judging": "TargetRun",
    "Heard": "ReadResult", "insist": "resume_and_read", "absorb": "append", "Rubbish": "Malformed",
    "rubbish": "malformed data", "graver": "worse", "misfit": "mismatch", "words_of": "message_of",
    "Ending": "Termination", "flood": "limit-exceeded", "Deed": "SnippetKind", "deed": "snippet", "deeds": "snippets",
    "Behaviour": "Snippet", "nobody": "invalid_id", "makes_sense": "precondition", "Hunt": "PropertySearch",
    "enough_for": "shrink_deadline", "offended": "violated_clauses", "look_around": "discover", "Story": "HistoryBuilder",
    "misdeeds": "fault_helpers", "sick": "faulty", "planted": "mutants", "complain": "print_error", "Pace": "Throttle",
    "Diagnostic": "Error", "ResultsError": "Error", "InstallationError": "Error",
}
NOT_SEARCHED = ("spec/pep-0554-2017-09-05.txt", "harness/fuzz/corpus/", "reports/picture/", "ci/words.py")
COMMON = {"pass", "fail", "crash", "hang", "leak", "flaky", "unsupported", "not-run"}


def replaced(root):
    words = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, REPLACED)) + r")(?![\w-])")
    listed = subprocess.run(["git", "ls-files"], cwd=root, stdout=subprocess.PIPE, text=True, check=True)
    for name in listed.stdout.splitlines():
        if name.startswith(NOT_SEARCHED) or not (root / name).is_file():
            continue
        text = (root / name).read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            for found in words.findall(line):
                yield f"{name}:{number}: {found}: use {REPLACED[found]}"


def rows(path):
    """The first cell of each row of the tables in a page, without backquotes."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith("| --"):
            yield line.split("|")[1].strip()


def verdicts(root):
    schema = json.loads((root / "reports/results.schema.json").read_text(encoding="utf-8"))
    return set(schema["definitions"]["verdict"]["enum"])


def unexplained(root):
    page = " ".join(rows(root / "reports/README.md"))
    terms = list(rows(root / "CONTRIBUTING.md"))
    for verdict in sorted(verdicts(root)):
        if f"`{verdict}`" not in page:
            yield f"reports/README.md: no row explains the verdict `{verdict}`"
        if verdict not in COMMON and verdict not in terms:
            yield f"CONTRIBUTING.md: the glossary has no row for `{verdict}`"
    for term in sorted({term for term in terms if terms.count(term) > 1}):
        yield f"CONTRIBUTING.md: more than one row explains {term}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1]).resolve()
    violations = [*replaced(root), *unexplained(root)]
    for violation in violations:
        print(violation)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
