#!/usr/bin/python3
"""agent_test.py PYTHON AGENT VERSION: what is the agent's own, beside the protocol that it shares
with pep554-host (protocol_test.py): how it starts, which adapter it takes, what of it shows."""

import ast
import fcntl
import os
import pathlib
import runpy
import shutil
import subprocess
import sys
import tempfile
import unittest

from host_client import Host

PYTHON = AGENT = VERSION = ""  # set by main
CREATE = {"op": "create", "as": "a"}

# An implementation of the draft that is all names.
MODULE = """
class Interpreter:
    def __init__(self, id): self._id = id
    id = property(lambda self: self._id)
    def is_running(self): return False
    def destroy(self): pass
    def run(self, code): exec(code, {})
def create(): return Interpreter(1)
def enumerate(): return [Interpreter(0)]
def get_main(): return Interpreter(0)
get_current = get_main
"""


def evaluate(text):
    return {"op": "eval", "text": text}


class WithFolder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def put(self, name, text):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return str(file.parent)

    def start(self, *options, env=None, cwd=None):
        command = [PYTHON, AGENT, *options]
        if cwd:
            command = ["sh", "-c", 'cd "$0" && exec "$@"', cwd, *command]
        host = Host(command, env=dict(os.environ, **(env or {})))
        self.addCleanup(host.wait)
        return host

    def with_module(self, text=MODULE, **more):
        return self.start("path=" + self.put("m/interpreters.py", text), **more)

    def refusal(self, *options):
        host = self.start(*options)
        self.assertEqual(host.hello["msg"], "refused")
        self.assertIsNone(host.receive())
        self.status = host.wait()
        return host.hello["reason"]

    def emitted(self, host, *sources):
        got = host.run([evaluate(source) for source in sources])
        self.assertTrue(got.end["completed"], got.all)
        return got.emitted()


class Start(WithFolder):
    def test_says_what_it_is(self):
        hello = self.with_module().hello
        self.assertEqual(hello["plugin"], {"name": "python", "version": VERSION})
        facts = dict(hello["facts"])
        self.assertEqual(facts["via"], "process")
        self.assertEqual(facts["module_file"], str(self.folder / "m/interpreters.py"))
        self.assertEqual((facts["site"], facts["hash_seed"], facts["adapter"]), ("off", "0", ""))
        self.assertNotIn("libpython", facts)

    def test_the_environment_of_the_user_does_not_show(self):
        elsewhere = self.put("elsewhere/secret.py", "")
        host = self.with_module(
            env={"PYTHONPATH": elsewhere, "PYTHONOPTIMIZE": "2", "PYTHONUTF8": "1", "KEPT": "1"},
            cwd=elsewhere,
        )
        names, path, optimize = self.emitted(
            host,
            "import os, sys\n"
            "$emit(sorted(n for n in os.environ if n[:6] == 'PYTHON' or n == 'KEPT'))",
            "$emit(sys.path)\n$emit(sys.flags.optimize)",
        )
        kept = [
            "KEPT",
            "PYTHONDONTWRITEBYTECODE",
            "PYTHONHASHSEED",
            "PYTHONNOUSERSITE",
            "PYTHONPATH",
        ]
        self.assertEqual(ast.literal_eval(names), kept)
        self.assertEqual(optimize, "0")
        path = ast.literal_eval(path)
        self.assertEqual(path[0], str(self.folder / "m"))
        for hidden in ("", elsewhere, os.path.dirname(AGENT)):
            self.assertNotIn(hidden, path)

    def test_the_host_does_not_show(self):
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

    def test_subinterpreters_have_the_path_and_no_more(self):
        adapters = os.path.join(os.path.dirname(AGENT), "../plugins/cpython/adapters")
        elsewhere = self.put("elsewhere/secret.py", "")
        host = self.start("adapter=auto", "adapters=" + adapters, cwd=elsewhere)
        got = host.run(
            [
                CREATE,
                {"op": "run", "on": "a", "text": "import sys\n$emit(sys.path)\n$emit(sys.argv)"},
            ]
        )
        path, argv = got.emitted()
        self.assertNotIn("", ast.literal_eval(path))
        self.assertNotIn(os.path.dirname(AGENT), path)
        self.assertTrue(ast.literal_eval(path)[0].endswith("adapters/xxsubinterpreters"))
        self.assertEqual(argv, "['-c']")

    def test_what_a_module_prints_at_its_import_is_no_output(self):
        host = self.with_module("import os\nprint('at import')\nos.write(1, b'so')\n" + MODULE)
        got = host.run([CREATE], finish="finalize")
        self.assertEqual(got.output(1) + got.output(2), "")
        self.assertEqual(got.events("finalized")[0]["answer"]["status"], "ok")
        host.wait()
        self.assertIn(b"at import", host.said)

    def test_what_it_can(self):
        hello = self.with_module().hello
        self.assertIs(hello["fresh"], True)
        self.assertIn("pep554.trace/1", hello["extensions"])

    def test_the_host_does_not_show_later_either(self):
        host = self.with_module()
        ask = "import sys\n$emit(sorted(sys.modules))"
        self.assertEqual(self.emitted(host, ask), self.emitted(host, ask))

    def test_fresh_is_a_truth(self):
        host = self.with_module()
        host.send({"msg": "run", "id": 1, "fresh": 1, "program": {"lanes": []}})
        end = host.receive()
        self.assertEqual(end["how"], "not_run")
        self.assertIn('"fresh" is neither true nor false', end["note"])

    def test_a_temporary_folder_that_cannot_be(self):
        for name in ("nowhere", "file"):
            (self.folder / "file").write_text("")
            host = self.with_module(env={"TMPDIR": str(self.folder / name)})
            self.assertEqual(host.hello["msg"], "refused")
            self.assertIn(f"cannot make a folder in {self.folder / name}: ", host.hello["reason"])

    def test_a_fresh_process_has_the_environment_of_the_first_hour(self):
        change = "import os\nos.environ['CHANGED'] = os.environ['CHANGED'] + 'x'\n"
        host = self.with_module(change + MODULE, env={"CHANGED": ""})
        ask = [evaluate("import os\n$emit(os.environ['CHANGED'])")]
        for fresh in (False, True):
            self.assertEqual(host.run(ask, fresh=fresh).emitted(), ["x"], fresh)

    def test_a_crash_of_a_fresh_start_is_traced(self):
        flag = self.folder / "flag"
        crash = (
            f"import os\ndef starts():\n if os.path.exists({str(flag)!r}): os.abort()\nstarts()\n"
        )
        host = self.with_module(crash + MODULE)
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

    def test_a_folder_that_is_locked_stays(self):
        place = self.folder / "place"
        ended = subprocess.Popen(["true"])
        ended.wait()
        stale = place / f"pep554-host-{ended.pid}-abcdef"
        stale.mkdir(parents=True)
        held = os.open(stale, os.O_RDONLY)
        self.addCleanup(os.close, held)
        fcntl.flock(held, fcntl.LOCK_EX)
        host = self.with_module(env={"TMPDIR": str(place)})
        self.assertIn(stale.name, os.listdir(place))
        own = os.open(host.hello["temporary"], os.O_RDONLY)
        self.addCleanup(os.close, own)
        self.assertRaises(BlockingIOError, fcntl.flock, own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(held, fcntl.LOCK_UN)
        self.with_module(env={"TMPDIR": str(place)})
        self.assertNotIn(stale.name, os.listdir(place))

    def test_a_stopped_process_is_told(self):
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

    def test_site_on(self):
        host = self.start("path=" + self.put("m/interpreters.py", MODULE), "site=on")
        self.assertEqual(dict(host.hello["facts"])["site"], "on")

    def test_a_relative_path_is_from_here(self):
        self.put("m/interpreters.py", MODULE)
        host = self.start("path=m", cwd=str(self.folder))
        self.assertEqual(
            dict(host.hello["facts"])["module_file"], str(self.folder / "m/interpreters.py")
        )


class Refusals(WithFolder):
    def test_of_options(self):
        self.assertIn("unknown option colour", self.refusal("colour=red"))
        self.assertEqual(self.status, 1)
        self.assertIn("neither on nor off", self.refusal("site=maybe"))
        self.assertIn("needs adapters=DIR", self.refusal("adapter=x"))
        self.assertIn("/nowhere/x/interpreters.py", self.refusal("adapter=x", "adapters=/nowhere"))
        self.assertIn("/nowhere/order", self.refusal("adapter=auto", "adapters=/nowhere"))
        self.put("order", "a b c\n")
        self.assertIn(
            "expected ADAPTER MODULE", self.refusal("adapter=auto", f"adapters={self.folder}")
        )

    def test_of_modules(self):
        reason = self.refusal("path=/nowhere")
        self.assertIn("ModuleNotFoundError: No module named 'interpreters'", reason)
        self.assertIn("/nowhere", reason)
        self.assertEqual(self.status, 1)
        for text, reason in (
            ("raise ValueError('two\\nlines')", "ValueError: two lines"),
            ("raise SystemExit(3)", "SystemExit: 3"),
            ("import os; os._exit(0)", "the process ended while the runtime started"),
            ("import os; os.abort()", "the process ended while the runtime started"),
            ("import sys\nclass I: __name__ = property(lambda s: 1/0)\nsys.modules[__name__] = I()",
             "cannot describe its runtime: ZeroDivisionError"),
        ):  # fmt: skip
            self.assertIn(reason, self.refusal("path=" + self.put("m/interpreters.py", text)), text)

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
    def adapter(self, order, *options):
        self.put("order", order)
        host = self.start("adapter=auto", f"adapters={self.folder}", *options)
        self.assertEqual(host.hello["msg"], "hello", host.hello)
        return host

    def test_takes_the_first_whose_module_is_there(self):
        self.put("two/interpreters.py", MODULE)
        host = self.adapter(
            "# comment\none no_such.module\n\ntwo json.decoder # there\nthree sys\n"
        )
        self.assertEqual(dict(host.hello["facts"])["adapter"], "two")
        self.assertEqual(host.run([CREATE]).answers()[0]["status"], "ok")

    def test_needs_none_for_interpreters(self):
        path = self.put("m/interpreters.py", MODULE)
        host = self.adapter("two sys\n", "path=" + path)
        self.assertEqual(dict(host.hello["facts"])["adapter"], "")

    def test_passes_over_a_module_that_cannot_be_imported(self):
        path = self.put("m/broken.py", "import no_such_module")
        self.put("two/interpreters.py", MODULE)
        host = self.adapter("one broken\ntwo sys\n", "path=" + path)
        self.assertEqual(dict(host.hello["facts"])["adapter"], "two")

    def test_says_what_a_target_lacks(self):
        host = self.adapter("one no_such.module\ntwo nor_this\n")
        lacks = host.hello["lacks"]
        self.assertRegex(
            lacks,
            r"^cpython 3\.\d+\.\d+ has none of the modules interpreters, no_such.module, nor_this$",
        )
        got = host.run(
            [
                CREATE,
                {"op": "enumerate"},
                {"op": "run", "on": "a", "text": "pass"},
                {"op": "release", "on": "a"},
                {"op": "construct", "text": "1"},
                {"op": "open", "text": "g"},
                {"op": "wait", "text": "g"},
                evaluate("$emit(6 * 7)"),
                evaluate("interpreters.create()"),
            ],
            finish="finalize",
        )
        answers = got.answers()
        for answer in answers[:5]:
            self.assertEqual(
                (answer["status"], answer["raised"]["message"]), ("unsupported", lacks)
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
    unittest.main(argv=sys.argv[:1])
