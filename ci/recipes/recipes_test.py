#!/usr/bin/python3
"""Runs the recipes of this folder: their steps, taken out of the YAML, by a shell, as the services do.

    recipes_test.py BUILD

What only a service can do is acted here: artifacts are copied to a folder and from it. Installing packages, cloning and
building are not done: the pep554 of BUILD is used. Needs Debian's python3-yaml."""

import fnmatch
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ACTION = "OWNER/pep554/ci/recipes/github@v0.1.0"
FILTER = "op=id:op=create"  # a run of few cases
BAD = "op=no-such-operation"


def load(name):
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def resolved(value, context):
    """The value with each ${{ NAME }} replaced; a name that is not known is an error."""
    if isinstance(value, dict):
        return {key: resolved(item, context) for key, item in value.items()}
    return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda found: str(context[found[1]]), str(value))


class Recipe(unittest.TestCase):
    program = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def shell(self, text, environment, options=("-e",)):
        return subprocess.run(["bash", "--noprofile", "--norc", *options, "-c", text], cwd=self.folder, text=True,
                              env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def results(self, folder):
        return json.loads((self.folder / folder / "results.json").read_text(encoding="utf-8"))


class GitHub(Recipe):
    """Runs steps as https://docs.github.com/actions says."""

    def setUp(self):
        super().setUp()
        self.summary = self.folder / "summary"
        self.summary.touch()
        self.artifacts = self.folder / "artifacts"

    def condition(self, text, inputs):
        """Whether a step is executed while none has failed."""
        if text == "${{ inputs.program == '' }}":
            return inputs["program"] == ""
        self.assertEqual(text, "${{ always() }}")
        return True

    def action(self, given):
        """Runs the composite action with these inputs; the exit code of its first failure, and what it printed."""
        action = load("github/action.yml")
        self.assertLessEqual(given.keys(), action["inputs"].keys())
        inputs = {name: given.get(name, one["default"]) for name, one in action["inputs"].items()}
        context = {f"inputs.{name}": value for name, value in inputs.items()}
        status, printed = 0, ""
        for step in action["runs"]["steps"]:
            always = "always()" in step.get("if", "")
            if (status and not always) or ("if" in step and not self.condition(step["if"], inputs)):
                continue
            if "uses" in step:
                self.upload(step, resolved(step["with"], context))
                continue
            self.assertEqual(step["shell"], "bash")
            self.assertNotIn("${{", step["run"], "a value in the text of a script could be code")
            done = self.shell(step["run"], {**resolved(step.get("env", {}), context),
                                            "GITHUB_ACTION_PATH": str(HERE / "github"),
                                            "GITHUB_STEP_SUMMARY": str(self.summary)}, ("-eo", "pipefail"))
            status, printed = status or done.returncode, printed + done.stdout
        return status, printed

    def upload(self, step, given):
        self.assertRegex(step["uses"], r"^actions/upload-artifact@v\d+$")
        self.assertNotRegex(given["name"], r"[\"/:<>|*?\r\n\\]")
        shutil.copytree(self.folder / given["path"], self.artifacts / given["name"])

    def download(self, given):
        for artifact in self.artifacts.iterdir():
            if fnmatch.fnmatch(artifact.name, given["pattern"]):
                shutil.copytree(artifact, self.folder / given["path"] / artifact.name)

    def job(self, steps, context, inputs):
        status, printed = 0, ""
        for step in steps:
            given = resolved(step.get("with", {}), context)
            if step["uses"] == ACTION:
                status, printed = self.action({**given, **inputs})
            elif step["uses"].startswith("actions/download-artifact@"):
                self.download(given)
            else:
                self.assertRegex(step["uses"], r"^actions/checkout@v\d+$")
        return status, printed

    def inputs(self, **more):
        return {"program": str(self.program), "target": "reference", "filter": FILTER, **more}

    def test_workflow(self):
        (job,) = load("github/workflow.yml")["jobs"].values()
        status, printed = self.job(job["steps"], {}, self.inputs())
        self.assertEqual(status, 0, printed)
        self.assertIn("PEP 554", self.summary.read_text(encoding="utf-8"))
        self.assertTrue((self.artifacts / "pep554-report/index.html").exists())

    def test_a_failure_fails_the_job_and_keeps_the_report(self):
        (self.folder / "interpreters.py").write_text("def create(): pass\n", encoding="utf-8")
        status, printed = self.action(self.inputs(target=f"python:/usr/bin/python3,path={self.folder}",
                                                  filter="create.object"))
        self.assertEqual(status, 1, printed)
        self.assertIn("did not pass", self.summary.read_text(encoding="utf-8"))
        self.assertTrue((self.artifacts / "pep554-report/results.json").exists())

    def test_a_target_that_does_not_start_fails_the_job(self):
        self.assertEqual(self.action(self.inputs(target="python:/nowhere"))[0], 3)

    def test_shards(self):
        jobs = load("github/shards.yml")["jobs"]
        numbers = jobs["shard"]["strategy"]["matrix"]["shard"]
        for number in numbers:
            context = {"matrix.shard": number, "strategy.job-total": len(numbers)}
            status, printed = self.job(jobs["shard"]["steps"], context, self.inputs())
            self.assertEqual(status, 0, printed)
            shutil.rmtree(self.folder / "pep554-report")  # each job has a machine of its own
        self.assertEqual(jobs["conformance"]["needs"], "shard")
        status, printed = self.job(jobs["conformance"]["steps"], {}, {"program": str(self.program)})
        self.assertEqual(status, 0, printed)
        merged = self.results("pep554-report")
        parts = [self.results(f"artifacts/pep554-shard-{number}")["cases"] for number in numbers]
        self.assertEqual(merged["unreached"], 0)
        self.assertEqual(len(merged["cases"]), sum(map(len, parts)))

    def test_a_missing_shard_fails_the_last_job(self):
        jobs = load("github/shards.yml")["jobs"]
        self.job(jobs["shard"]["steps"], {"matrix.shard": 1, "strategy.job-total": 4}, self.inputs())
        shutil.rmtree(self.folder / "pep554-report")
        status, printed = self.job(jobs["conformance"]["steps"], {}, {"program": str(self.program)})
        self.assertEqual(status, 1)
        self.assertIn("missing: shard 2/4, 3/4, 4/4", printed)

    def test_a_failing_shard_does_not_fail_its_job(self):
        (self.folder / "interpreters.py").write_text("def create(): pass\n", encoding="utf-8")
        status, printed = self.action(self.inputs(target=f"python:/usr/bin/python3,path={self.folder}",
                                                  filter="create.object", shard="1/1"))
        self.assertEqual(status, 0, printed)


class GitLab(Recipe):
    def job(self, name, **environment):
        """Runs a job's scripts as GitLab's runner does: the lines of each as one script."""
        recipe = load("gitlab-ci.yml")
        job = {**recipe[recipe[name]["extends"]], **recipe[name]}
        variables = {**recipe["variables"], "PEP554": str(self.program), "PEP554_TARGET": "reference",
                     "CI_PROJECT_DIR": str(self.folder), **environment}
        done = self.shell("\n".join(job["script"]), variables, ("-eo", "pipefail"))
        after = self.shell("\n".join(job.get("after_script", ["true"])), variables)
        for path in recipe[".pep554"]["artifacts"]["paths"]:
            self.assertTrue((self.folder / path).exists(), path)
        return done, after

    def test_shards_and_their_verdict(self):
        (self.folder / "pep554").symlink_to(ROOT)
        count = load("gitlab-ci.yml")["pep554-shard"]["parallel"]
        for index in range(1, count + 1):
            done, _ = self.job("pep554-shard", CI_NODE_INDEX=str(index), CI_NODE_TOTAL=str(count))
            self.assertEqual(done.returncode, 0, done.stdout)
        done, after = self.job("pep554")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("reference is conformant", done.stdout)
        self.assertIn("Conformant", after.stdout)
        junit = load("gitlab-ci.yml")["pep554"]["artifacts"]["reports"]["junit"]
        self.assertTrue((self.folder / junit).exists())
        self.assertTrue(self.results("pep554-report")["conformant"])


class Shell(Recipe):
    def run_recipe(self, *words):
        return subprocess.run([HERE / "shell.sh", *words], cwd=self.folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, env={**os.environ, "PEP554": str(self.program)})

    def test_it_prints_the_summary_and_ends_with_the_code_of_the_run(self):
        done = self.run_recipe("reference", "out", "--filter", FILTER)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("## PEP 554 ◐ Partial: `reference`", done.stdout)
        self.assertEqual(self.results("out")["filter"], FILTER)
        self.assertEqual(self.run_recipe("python:/nowhere").returncode, 3)
        self.assertEqual(self.run_recipe("reference", "out", "--filter", BAD).returncode, 4)
        self.assertIn("usage: shell.sh TARGET", self.run_recipe().stdout)


class ClusterScripts(Recipe):
    """What ci/cluster/cluster_test.py does not see, since it judges the reference: merge.sh has the verdict."""

    def run_script(self, name, *words):
        return subprocess.run([HERE.parent / "cluster" / name, *words], cwd=self.folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, env={**os.environ, "PEP554": str(self.program)})

    def test_a_shard_with_failures_was_run_and_the_merged_report_fails(self):
        (self.folder / "interpreters.py").write_text("def create(): pass\n", encoding="utf-8")
        target = ("--target", f"python:/usr/bin/python3,path={self.folder}", "--filter", "create.object")
        self.assertEqual(self.run_script("shard.sh", "1/1", "out", *target).returncode, 0)
        done = self.run_script("merge.sh", "out")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertEqual(self.run_script("shard.sh", "1/1", "other", "--target", "python:/nowhere").returncode, 3)
        self.assertEqual(self.run_script("shard.sh", "2", "other").returncode, 1)


class Words(unittest.TestCase):
    def test_every_recipe_is_in_the_readme(self):
        page = (HERE / "README.md").read_text(encoding="utf-8")
        for file in [*HERE.glob("*.yml"), *HERE.glob("*/*.yml"), HERE / "shell.sh"]:
            self.assertIn(f"({file.relative_to(HERE)})", page)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    Recipe.program = pathlib.Path(sys.argv[1]).resolve() / "bin/pep554"
    unittest.main(argv=sys.argv[:1])
