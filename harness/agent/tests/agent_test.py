#!/usr/bin/python3
"""agent_test.py PYTHON AGENT VERSION: what is the agent's own, beside the protocol that it shares
with pep554-host (protocol_test.py): how it starts, which adapter it takes, what of it shows."""

import ast
import os
import pathlib
import runpy
import shutil
import subprocess
import sys
import unittest

from host_case import COMMAND, CREATE, MODULE, WithFolder, evaluate, run, step
from host_client import Host

PYTHON = AGENT = VERSION = ""  # set by main


class Start(WithFolder):
    def test_says_what_it_is(self):
        hello = self.with_module().hello
        self.assertEqual(hello["plugin"], {"name": "python", "version": VERSION})
        self.assertIn("pep554.trace/1", hello["extensions"])
        facts = dict(hello["facts"])
        self.assertEqual(facts["via"], "process")
        self.assertNotIn("libpython", facts)

    def test_the_host_is_invisible(self):
        host = self.with_module()
        names, modules, argv, files = self.emitted(
            host,
            "$emit(sorted(globals()))",
            "import sys\n$emit(sorted(sys.modules))\n$emit(sys.argv)\n"
            "$emit(list(sys.path_importer_cache))",
        )
        fresh = ["annotations", "builtins", "doc", "loader", "name", "package", "spec"]
        self.assertEqual(
            ast.literal_eval(names), sorted([f"__{name}__" for name in fresh] + ["interpreters"])
        )
        bare = subprocess.run(
            [PYTHON, "-S", "-c", "import sys; print(sorted(sys.modules))"],
            stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        self.assertEqual(
            set(ast.literal_eval(modules)) - set(ast.literal_eval(bare.stdout.decode())),
            {"interpreters"},
        )
        self.assertEqual(argv, "['']")
        self.assertNotIn("pep554_python", files)
        for module in ("_json", "_socket", "select", "fcntl", "resource", "json", "socket"):
            self.assertEqual(self.emitted(host, f"import {module}\n$emit(1)"), ["1"], module)

    def test_a_temporary_folder_that_cannot_be(self):
        for name in ("nowhere", "file"):
            (self.folder / "file").write_text("")
            host = self.with_module(env={"TMPDIR": str(self.folder / name)})
            self.assertEqual(host.hello["msg"], "refused")
            self.assertIn(f"cannot make a folder in {self.folder / name}: ", host.hello["reason"])

    def test_writes_nothing_beside_itself(self):
        folder = self.folder / "agent"
        shutil.copytree(
            pathlib.Path(AGENT).parent, folder, ignore=shutil.ignore_patterns("__pycache__", "tests")
        )
        before = sorted(folder.rglob("*"))
        path = self.put("m/interpreters.py", MODULE)
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        with Host([PYTHON, str(folder / "pep554_agent.py"), "path=" + path], env) as host:
            for fresh in (False, True):
                self.assertEqual(host.run([evaluate("$emit(1)")], fresh=fresh).emitted(), ["1"])
        self.assertEqual(sorted(folder.rglob("*")), before)
        self.assertEqual(os.listdir(path), ["interpreters.py"])

    def test_a_fresh_process_has_the_environment_of_the_first_hour(self):
        change = "import os\nos.environ['CHANGED'] = os.environ['CHANGED'] + 'x'\n"
        host = self.with_module(text=change + MODULE, env={"CHANGED": ""})
        ask = [evaluate("import os\n$emit(os.environ['CHANGED'])")]
        for fresh in (False, True):
            self.assertEqual(host.run(ask, fresh=fresh).emitted(), ["x"], fresh)

    def test_a_crash_of_a_fresh_start_is_traced(self):
        flag = self.folder / "flag"
        crash = (
            f"import os\ndef starts():\n if os.path.exists({str(flag)!r}): os.abort()\nstarts()\n"
        )
        host = self.with_module(text=crash + MODULE)
        flag.write_text("")
        got = host.run([evaluate("pass")], fresh=True)
        self.assertEqual(
            (got.end["how"], got.end["note"]), ("signaled", "its runtime had not started")
        )
        self.assertIn("starts", got.trace())

    def test_a_fresh_process_has_the_same_descriptors(self):
        host = self.with_module()
        ask = [evaluate("import os\n$emit(sorted(os.listdir('/proc/self/fd')))")]
        self.assertEqual(*[len(ast.literal_eval(host.run(ask, fresh=fresh).emitted()[0]))
                           for fresh in (False, True)])  # fmt: skip
        low = [
            evaluate(
                "import os\n$emit([f for f in range(200) if os.path.exists(f'/proc/self/fd/{f}')])"
            )
        ]
        for fresh in (False, True):
            self.assertEqual(host.run(low, fresh=fresh).emitted(), ["[0, 1, 2]"], fresh)

    def test_a_stopped_process_is_reported(self):
        stop = evaluate("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)")
        got = self.with_module().run([stop], deadline_ms=500)
        self.assertEqual((got.end["how"], got.end["note"]), ("deadline", "a signal had stopped it"))

    def test_a_refusal_leaves_no_folder(self):
        for source in ("raise ValueError", "import os; os.abort()"):
            path = self.put("m/interpreters.py", source)
            place = self.folder / "place"
            place.mkdir(exist_ok=True)
            host = self.start("path=" + path, env={"TMPDIR": str(place)})
            self.assertEqual(host.hello["msg"], "refused")
            host.wait()
            self.assertEqual(os.listdir(place), [], source)


class Refusals(WithFolder):
    def test_of_modules(self):
        self.assertIn("/nowhere", self.refusal("path=/nowhere"))
        for text, reason in (
            ("raise SystemExit(3)", "SystemExit: 3"),
            ("import os; os._exit(0)", "the process ended while the runtime started"),
            ("import os; os.abort()", "the process ended while the runtime started"),
            ("import sys\nclass I: __name__ = property(lambda s: 1/0)\nsys.modules[__name__] = I()",
             "cannot describe its runtime: ZeroDivisionError"),
        ):  # fmt: skip
            self.assertIn(reason, self.refusal("path=" + self.put("m/interpreters.py", text)), text)

    def test_an_invalid_adapter_order_is_refused(self):
        self.put("order", "a b c\n")
        self.assertIn(
            "expected ADAPTER MODULE", self.refusal("adapter=auto", f"adapters={self.folder}")
        )

    def test_of_an_old_python(self):
        program = (
            "import runpy, sys\nsys.version_info = (3, 7, 0)\n"
            f"runpy.run_path({AGENT!r}, run_name='__main__')"
        )
        with Host([PYTHON, "-c", program]) as host:
            self.assertEqual(
                host.hello["reason"], "this is Python 3.7; the agent needs 3.8 or newer"
            )
            self.assertEqual(host.wait(), 1)


class Auto(WithFolder):
    def test_passes_over_a_module_that_cannot_be_imported(self):
        path = self.put("m/broken.py", "import no_such_module")
        self.put("two/interpreters.py", MODULE)
        host = self.adapter("one broken\ntwo sys\n", "path=" + path)
        self.assertEqual(dict(host.hello["facts"])["adapter"], "two")

    def test_says_what_a_target_lacks(self):
        host = self.adapter("one no_such.module\ntwo nor_this\n")
        reason = host.hello["lacks"]
        self.assertRegex(
            reason,

            r"^cpython 3\.\d+\.\d+ has none of the modules interpreters, no_such.module, nor_this$",
        )
        got = host.run([
            CREATE, step("enumerate"), run("a", "pass"), step("release", on="a"),
            step("construct", text="1"), step("open", text="g"), step("wait", text="g"),
            evaluate("$emit(6 * 7)"), evaluate("interpreters.create()"),
        ], finish="finalize")
        answers = got.answers()
        for answer in answers[:5]:
            self.assertEqual(
                (answer["status"], answer["raised"]["message"]), ("unsupported", reason)
            )
        self.assertEqual([answer["status"] for answer in answers[5:8]], ["ok"] * 3)
        self.assertEqual(answers[8]["raised"]["category"], "unsupported")
        self.assertEqual(got.emitted(), ["42"])
        self.assertEqual(got.end["how"], "exited")


class Sources(unittest.TestCase):
    def test_the_version_is_the_projects(self):
        self.assertEqual(runpy.run_path(AGENT)["VERSION"], VERSION)

    def test_python_3_8_can_read_them(self):
        folder = pathlib.Path(AGENT).parent
        files = sorted((folder / "pep554_python").glob("*.py"))
        self.assertGreater(len(files), 10)
        for file in files:
            ast.parse(file.read_text(encoding="utf-8"), str(file), feature_version=(3, 8))
        # To be refused, an older one must be able to read this much.
        ast.parse(pathlib.Path(AGENT).read_text(encoding="utf-8"), AGENT, feature_version=(3, 4))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    PYTHON, AGENT, VERSION = sys.argv[1:]
    COMMAND[:] = [PYTHON, AGENT]
    unittest.main(argv=sys.argv[:1])
