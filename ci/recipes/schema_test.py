#!/usr/bin/python3
"""Holds the recipes of this folder against what the services published.

    schema_test.py CACHE

- GitHub: the parser and schemas of @actions/workflow-parser, by which GitHub's own editor checks workflows and actions.
- GitLab: GitLab's schema of .gitlab-ci.yml (ci.json), as gitlab-ci-local has it.

Both are packages of npm's registry, known by their digests and kept in CACHE. Needs npm, node 20, and Debian's
python3-yaml and python3-jsonschema. Before the recipes, broken ones have to be refused."""

import hashlib
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

import jsonschema
import yaml

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = {
    # name: (version, SHA-512 of what npm packs)
    "@actions/workflow-parser": (
        "0.3.61", "3418c9adbc30ac43772d23743402122e909640b70f4818e600890b5c7823197f"
                  "18aa5e0f883df789f480bebf6c20c53db88b3cc19886527be8f723c83087ca76"),
    "@actions/expressions": (
        "0.3.61", "220fad5c42ef4e396ac500160509cb367d9d3e936b68b31d4a74febc3cc33e62"
                  "6d6cd5212001ff67d9154fca59f14b498bdbd41acf21c0713c2452666ce9cb10"),
    "cronstrue": (
        "2.61.0", "a28b4de5bbd76c8408f6b5bde3e42c5cde5e44eb575b07b0e8d91d1b1211a52f"
                  "d415646080bd06e4097b6bd19304512cbaf5612762b70a7b48215b7b2f620b84"),
    "yaml": (
        "2.8.1", "95c61c3315f63cef57306bc02642773ac34cc3effb14a7aceff8607ab1946162"
                 "285aee63ffe610a9c66be499cf656cceb0406031b49b8924e7fddbffebd324a7"),
    "gitlab-ci-local": (
        "4.60.0", "b2ddfab708e9946fa75ffc104ab3c4e193ec9bf7e9c3f4a9f2a62b8464e1e203"
                  "0e42f5a67998f311631787b6d3cc2653194bcd03277fac1b17cca5e6bf7bcc02"),
}
# The package is meant for bundlers: node itself has to be told how to import JSON.
CHECK_GITHUB = """
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { basename } from "node:path";
const hook = `import { readFileSync } from "node:fs";
export const load = (url, context, next) => !url.endsWith(".json") ? next(url, context) :
  { format: "module", shortCircuit: true, source: "export default " + readFileSync(new URL(url), "utf8") };`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
const { NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");
const { parseAction } = await import("@actions/workflow-parser/actions/action-parser");
for (const path of process.argv.slice(2)) {
  const parse = basename(path).startsWith("action") ? parseAction : parseWorkflow;
  const { context } = parse({ name: path, content: readFileSync(path, "utf8") }, new NoOperationTraceWriter());
  for (const error of context.errors.getErrors()) console.log(`${path}: ${error.message}`);
}
"""


def fetch(cache):
    """The packages, in CACHE/node_modules."""
    for name, (version, digest) in PACKAGES.items():
        folder = cache / "node_modules" / name
        if (folder / "package.json").exists():
            continue
        with tempfile.TemporaryDirectory() as temporary:
            subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=temporary, check=True, timeout=120,
                           stdout=subprocess.DEVNULL)
            (archive,) = pathlib.Path(temporary).glob("*.tgz")
            if hashlib.sha512(archive.read_bytes()).hexdigest() != digest:
                sys.exit(f"{name}@{version}: not the package that is known here (its SHA-512 differs)")
            with tarfile.open(archive) as tar:
                tar.extractall(pathlib.Path(temporary))
            folder.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-r", f"{temporary}/package", folder], check=True)


def github_errors(cache, *files):
    script = cache / "check.mjs"
    script.write_text(CHECK_GITHUB, encoding="utf-8")
    done = subprocess.run(["node", script, *files], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()


def gitlab_schema(cache):
    module = cache / "node_modules/gitlab-ci-local/src/schema/schema.js"
    script = f"import({json.dumps(module.as_uri())}).then((all) => console.log(JSON.stringify(all.schema)))"
    done = subprocess.run(["node", "--input-type=module", "--eval", script], stdout=subprocess.PIPE, text=True,
                          check=True)
    return json.loads(done.stdout)


def gitlab_errors(schema, text):
    validator = jsonschema.Draft7Validator(schema)
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(yaml.safe_load(text))]


def unrefused(cache, schema):
    """Mistakes that are not refused: then the check is worth nothing."""
    breaks = {"github/workflow.yml": ("runs-on:", "runs-in:"), "github/shards.yml": ("matrix.shard", "matrx.shard"),
              "github/action.yml": ("using: composite", "using: composit")}
    for name, (good, bad) in breaks.items():
        text = (HERE / name).read_text(encoding="utf-8")
        assert good in text, f"{name} has no {good}"
        broken = cache / pathlib.Path(name).name
        broken.write_text(text.replace(good, bad), encoding="utf-8")
        if not github_errors(cache, broken):
            yield f"{name} with {bad}"
    text = (HERE / "gitlab-ci.yml").read_text(encoding="utf-8")
    for good, bad in (("parallel: 4", "parallel: four"), ("when: always", "when: ever")):
        assert good in text, f"gitlab-ci.yml has no {good}"
        if not gitlab_errors(schema, text.replace(good, bad)):
            yield f"gitlab-ci.yml with {bad}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    cache = pathlib.Path(sys.argv[1]).resolve()
    cache.mkdir(parents=True, exist_ok=True)
    fetch(cache)
    schema = gitlab_schema(cache)
    faults = [f"not refused: {mistake}" for mistake in unrefused(cache, schema)]
    faults += github_errors(cache, *sorted((HERE / "github").glob("*.yml")))
    faults += [f"gitlab-ci.yml: {error}"
               for error in gitlab_errors(schema, (HERE / "gitlab-ci.yml").read_text(encoding="utf-8"))]
    for fault in faults:
        print(fault)
    print(f"recipes: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
