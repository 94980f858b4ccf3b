"""A GoogleTest program that registers the suite, used as GoogleTest programs are.

    suite_test.py CONSUMER PEP554 HEADERS TEMPLATE ADAPTERS

CONSUMER: example/conformance_test.cpp; PEP554: the program beside it; then the folders of pep554_plugin.h,
of plugin_template.c, and of the adapters."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("GTEST_", "PEP554_T"))}


def consumer(*words, status=0, **variables):
    """Its output, both streams."""
    done = subprocess.run([CONSUMER, *words], env={**ENVIRONMENT, **variables}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    if done.returncode != status:
        raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def ids(what):
    listed = subprocess.run([PEP554, "list", what], stdout=subprocess.PIPE, text=True, check=True).stdout
    return [line.split()[0] for line in listed.splitlines()]


def as_test(id):
    suite, name = id.split(".", 1)
    return f"{suite}.{name.replace('-', '_')}"


def plugin(folder, right="", wrong=""):
    """The template plugin, with something wrong in it, as a target."""
    text = (Path(TEMPLATE) / "plugin_template.c").read_text()
    if right and text.count(right) != 1:
        raise AssertionError(f"the template has not one {right!r}")
    source = folder / "faulty.c"
    source.write_text(text.replace(right, wrong) if right else text)
    subprocess.run(["cc", "-std=c11", "-w", "-shared", "-fPIC", f"-I{HEADERS}", source, "-o", folder / "faulty.so"],
                   check=True)  # fmt: skip
    return {"PEP554_TARGET": f"plugin:{folder}/faulty.so"}


class Suite(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def ran(self, *words, status=0, **variables):
        """What GoogleTest's XML says of each test that was run."""
        out = self.folder / "out.xml"
        self.output = consumer(f"--gtest_output=xml:{out}", *words, status=status, **variables)
        all = xml.etree.ElementTree.parse(out).iter("testcase")
        return {f"{one.get('classname')}.{one.get('name')}": one for one in all if one.get("status") == "run"}

    def test_every_case_and_property_is_listed_without_the_target(self):
        listed = consumer("plugin:/nowhere/mine.so", "--gtest_list_tests")
        found, suite = [], None
        for line in listed.splitlines():
            if line.startswith("  "):
                found.append(suite + line.strip())
            else:
                suite = line
        expected = [as_test(id) for id in ids("cases")]
        expected += [as_test("property." + name) for name in ids("properties")]
        self.assertEqual(sorted(found), sorted(expected))

    def test_a_filter_selects_and_the_xml_says_where_and_what(self):
        tests = self.ran("--gtest_filter=create.*-create.inside")
        expected = {as_test(id) for id in ids("cases") if id.startswith("create.")} - {"create.inside"}
        self.assertEqual(set(tests), expected)
        one = tests["create.is_listed"]
        place = Path(one.get("file"))
        self.assertTrue(place.is_absolute())
        lines = place.read_text().splitlines()[int(one.get("line")) - 1 :]
        self.assertEqual(lines[:2], ["[[case]]", 'name = "is-listed"'])
        facts = {fact.get("name"): fact.get("value") for fact in one.iter("property")}
        self.assertEqual(facts["verdict"], "pass")
        self.assertEqual(facts["id"], "create.is-listed")
        self.assertIn(f'title = "{facts["sentence"]}"', lines)
        self.assertIn("create.", facts["clauses"])

    def test_shards_are_disjoint_and_complete(self):
        words = "--gtest_filter=id.*:get_main.*"
        shards = [self.ran(words, GTEST_TOTAL_SHARDS="3", GTEST_SHARD_INDEX=str(i)) for i in range(3)]
        together = [name for shard in shards for name in shard]
        self.assertEqual(sorted(together), sorted(self.ran(words)))
        self.assertEqual(len(set(together)), len(together))
        self.assertTrue(all(shards))

    def test_it_can_be_repeated(self):
        output = consumer("--gtest_filter=create.is_listed:property.ids_differ", "--gtest_repeat=3")
        self.assertEqual(output.count("[  PASSED  ] 2 tests."), 3)

    def test_a_failing_case_fails_with_steps_place_and_command(self):
        target = plugin(self.folder, "*handle = &runtime->all[id];\n  return", "*handle = &runtime->all[0];\n  return")
        tests = self.ran("--gtest_filter=create.is_a_new_one:get_main.no_arguments", status=1, **target)
        self.assertIsNone(tests["get_main.no_arguments"].find("failure"))
        failure = tests["create.is_a_new_one"].find("failure").text
        place = tests["create.is_a_new_one"]
        self.assertTrue(failure.startswith(f"{place.get('file')}:{place.get('line')}\n"), failure)
        self.assertIn("create.is-a-new-one: fail: ", failure)
        self.assertRegex(failure, r"disagreed: .*create\(\)\n    expected: .*\n    got: ")
        self.assertRegex(failure, r"Replay: pep554 run --target plugin:\S+/faulty.so "
                                  r"--filter case=create.is-a-new-one ")  # fmt: skip

    def test_a_crash_costs_its_test_alone(self):
        target = plugin(self.folder, "*handle = &runtime->all[id];\n  return", "abort();\n  return")
        tests = self.ran("--gtest_filter=create.is_a_new_one:get_main.no_arguments", status=1, **target)
        self.assertIn("create.is-a-new-one: crash: ", tests["create.is_a_new_one"].find("failure").text)
        self.assertIsNone(tests["get_main.no_arguments"].find("failure"))

    def test_a_failing_property_fails_with_its_smallest_program(self):
        module = self.folder / "module"
        module.mkdir()
        right = (Path(ADAPTERS) / "xxsubinterpreters/interpreters.py").read_text()
        (module / "interpreters.py").write_text(right + "\n\ndef enumerate():\n    return []\n")
        tests = self.ran("--gtest_filter=property.list_is_what_was_created", f"python:python3.11,path={module}",
                           status=1)  # fmt: skip
        failure = tests["property.list_is_what_was_created"].find("failure").text
        self.assertIn("properties.toml:", failure)
        self.assertIn("enumerate()", failure)
        command = re.search(r"Replay: pep554 (run .*)", failure)[1]
        again = subprocess.run(f"'{PEP554}' {command} --quiet", shell=True, cwd=self.folder,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # fmt: skip
        self.assertEqual(again.returncode, 1, again.stdout)
        verdict = re.search(r"property.list-is-what-was-created: (.*)", failure)[1]
        report = json.loads(next(self.folder.glob("alone/*/results.json")).read_text())
        self.assertEqual("{verdict}: {reason}".format(**report["cases"][0]), verdict)

    def test_what_is_not_supported_is_skipped(self):
        tests = self.ran("--gtest_filter=run.answer:create.is_listed", **plugin(self.folder))
        skipped = tests["run.answer"].find("skipped")
        self.assertIn("run.answer: unsupported: ", skipped.get("message"))
        self.assertIn("the plugin lacks pep554.eval/1", skipped.get("message"))
        self.assertIsNone(tests["create.is_listed"].find("skipped"))

    def test_a_target_that_does_not_start_fails_every_test(self):
        tests = self.ran("plugin:/nowhere/mine.so", "--gtest_filter=id.*", status=1)
        for one in tests.values():
            self.assertIn("/nowhere/mine.so", one.find("failure").text)

    def test_a_wrong_target_ends_the_program(self):
        output = consumer("toy.so", "--gtest_list_tests", status=2)
        self.assertIn("did you mean plugin:toy.so?", output)


if __name__ == "__main__":
    CONSUMER, PEP554, HEADERS, TEMPLATE, ADAPTERS = sys.argv[1:6]
    unittest.main(argv=sys.argv[:1])
