"""Tests of a host of a Python: the options adapter, adapters, path and site, and how little a program
sees of the host and its user. Skipped for a host that is tested without any of these options."""

import ast
import os

from host_case import COMMAND, CREATE, MODULE, WithFolder, run


class OfAPython(WithFolder):
    def setUp(self):
        super().setUp()
        if self.bare == COMMAND:
            self.skipTest("the host has none of the options adapter, adapters and path")

    def facts(self, *options, **more):
        return dict(self.with_module(*options, **more).hello["facts"])

    def assert_hides_the_host(self, path, *hidden):
        self.assertFalse(set(path) & {"", *hidden, *map(os.path.dirname, COMMAND)}, path)


class Start(OfAPython):
    def test_facts(self):
        facts = self.facts()
        self.assertEqual(facts["module_file"], str(self.folder / "m/interpreters.py"))
        self.assertEqual((facts["site"], facts["hash_seed"], facts["adapter"]), ("off", "0", ""))
        self.assertEqual(self.facts("site=on")["site"], "on")

    def test_a_relative_path_is_from_here(self):
        self.put("m/interpreters.py", MODULE)
        host = self.start("path=m", cwd=str(self.folder))
        self.assertEqual(
            dict(host.hello["facts"])["module_file"], str(self.folder / "m/interpreters.py")
        )

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
        kept = ["DONTWRITEBYTECODE", "HASHSEED", "NOUSERSITE", "PATH"]
        self.assertEqual(ast.literal_eval(names), ["KEPT"] + ["PYTHON" + name for name in kept])
        self.assertEqual(optimize, "0")
        path = ast.literal_eval(path)
        self.assertEqual(path[0], str(self.folder / "m"))
        self.assert_hides_the_host(path, elsewhere)

    def test_one_program_does_not_show_in_the_next(self):
        host = self.with_module()
        ask = "import sys\n$emit(sorted(sys.modules))"
        self.assertEqual(self.emitted(host, ask), self.emitted(host, ask))

    def test_subinterpreters_have_the_path_and_no_more(self):
        self.bare = COMMAND
        elsewhere = self.put("elsewhere/secret.py", "")
        code = (
            "import interpreters, sys\n$emit(sys.path)\n$emit(sys.argv)\n$emit('site' in sys.modules)\n"
            "$emit(interpreters.get_current().id)\nb = interpreters.create()\nb.run('exec(\"$emit(1+1)\")')"
        )
        host = self.start(cwd=elsewhere)
        got = host.run([CREATE, run("a", code)])
        path, argv, site, id, nested = got.emitted()
        path = ast.literal_eval(path)
        self.assert_hides_the_host(path, elsewhere)
        options = dict(word.partition("=")[::2] for word in COMMAND)
        self.assertTrue(path[0].startswith(options.get("adapters", options.get("path"))), path)
        self.assertEqual(site, "False")
        self.assertEqual([[id], nested], [got.answers()[0]["ids"], "2"])
        a_process = dict(host.hello["facts"])["via"] == "process"
        self.assertEqual(argv, "['-c']" if a_process else "['']")

    def test_output_of_the_import_is_not_the_programs(self):
        host = self.with_module(text="import os\nprint('at import')\nos.write(1, b'so')\n" + MODULE)
        got = host.run([CREATE], finish="finalize")
        self.assertEqual(got.output(1) + got.output(2), "")
        self.assertEqual(got.events("finalized")[0]["answer"]["status"], "ok")
        host.wait()
        self.assertIn(b"at import", host.stderr_text)


class Refusals(OfAPython):
    def test_each_in_one_line(self):
        broken = "path=" + self.put("m/interpreters.py", "raise ValueError('two\\nlines')")
        for reason, *options in (
            ("unknown option colour", "colour=red"),
            ("neither on nor off", "site=maybe"),
            ("needs adapters=DIR", "adapter=x"),
            ("/nowhere/x/interpreters.py", "adapter=x", "adapters=/nowhere"),
            ("/nowhere/order", "adapter=auto", "adapters=/nowhere"),
            ("ModuleNotFoundError: No module named 'interpreters'", "path=/nowhere"),
            ("ValueError: two lines", broken),
        ):
            self.assertIn(reason, self.refusal(*options), options)
            self.assertEqual(self.status, 1)


class Auto(OfAPython):
    def test_takes_the_first_whose_module_is_there(self):
        self.put("two/interpreters.py", MODULE)
        host = self.adapter("# comment\none no_such.module\n\ntwo json.decoder # there\nthree sys\n")
        self.assertEqual(dict(host.hello["facts"])["adapter"], "two")
        self.assertEqual(host.run([CREATE]).answers()[0]["status"], "ok")

    def test_needs_none_for_interpreters(self):
        path = self.put("m/interpreters.py", MODULE)
        host = self.adapter("two sys\n", "path=" + path)
        self.assertEqual(dict(host.hello["facts"])["adapter"], "")
