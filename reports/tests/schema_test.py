#!/usr/bin/python3
"""schema_test.py SCHEMA DIR: the schema is valid JSON Schema (draft 7), and every results.json
below DIR satisfies it, as a second validator sees it. Needs Debian's python3-jsonschema."""

import json
import pathlib
import sys

import jsonschema


def main(schema_file, folder):
    schema = json.loads(pathlib.Path(schema_file).read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    files = sorted(pathlib.Path(folder).rglob("results.json"))
    if not files:
        sys.exit(f"no results.json below {folder}")
    faults = 0
    for file in files:
        for error in validator.iter_errors(json.loads(file.read_text(encoding="utf-8"))):
            faults += 1
            print(f"{file}: {error.json_path}: {error.message[:200]}")
    print(f"{len(files)} documents, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
