#!/usr/bin/env python3
"""Writes mutants/NAME/interpreters.py for each mutant and for `correct`, and the table mutants/mutants.json.

    build.py BUILD
"""

import json
import pathlib
import shutil
import sys
import types

for absent in ("_interpreters", "interpreters"):  # the table can be read without an implementation
    sys.modules[absent] = types.ModuleType(absent)

from mutant import MUTANTS  # noqa: E402
import clause_mutants, crash_mutants, sequence_mutants  # noqa: E401, E402, F401

MODULE = '''"""{fault}"""
import sys
folders = {folders}
sys.path += folders
from correct import *
import {modules}
for folder in folders:
    sys.path.remove(folder)
{apply}
'''


def main(build):
    out = build / "mutants"
    folders = [str(pathlib.Path(__file__).resolve().parent), str(build / "impl")]

    def write(name, **content):
        (out / name).mkdir(parents=True)
        (out / name / "interpreters.py").write_text(MODULE.format(folders=folders, **content))

    shutil.rmtree(out, ignore_errors=True)
    write("correct", fault="No fault.", modules="mutant, clause_mutants, crash_mutants, sequence_mutants", apply="")
    for name, (function, _) in MUTANTS.items():
        write(name, fault=function.__doc__, modules=f"mutant, {function.__module__}", apply=f'mutant.apply("{name}")')
    table = [{"name": name, "fault": function.__doc__, **expected} for name, (function, expected) in MUTANTS.items()]
    (out / "mutants.json").write_text(json.dumps(table, indent=1) + "\n")


main(pathlib.Path(sys.argv[1]).resolve())
