"""Exceptions that code does not catch: RunFailedError in the caller, and nothing else of them."""

import gc
import importlib.util
import unittest

import interpreters
import support

ENDINGS = {
    "ZeroDivisionError": "1/0",
    "SystemExit": "raise SystemExit(3)",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "GeneratorExit": "raise GeneratorExit",
    "RecursionError": "def f(): f()\nf()",
    "MemoryError": "x = bytearray(2**62)",
    "SyntaxError": "x = (",
    "IndentationError": "  x = 1\n y",
    "Own": "class Own(Exception): pass\nraise Own('a', 1)",
    "BaseOwn": "class BaseOwn(BaseException): pass\nraise BaseOwn",
    "ExceptionGroup": "raise ExceptionGroup('g', [ValueError(1), TypeError(2)])",
}

AWKWARD = {
    "failing str": "class E(Exception):\n def __str__(self): raise ValueError(1)\nraise E",
    "str that exits": "class E(Exception):\n def __str__(self): raise SystemExit(3)\nraise E",
    "str no str": "class E(Exception):\n def __str__(self): return 5\nraise E",
    "failing repr": "class E(Exception):\n def __repr__(self): 1/0\nraise E(E())",
    "cyclic cause": "a, b = ValueError(1), ValueError(2)\na.__cause__, b.__cause__ = b, a\nraise a",
    "cyclic context": "a = ValueError(1)\na.__cause__ = a\nraise a",
    "huge": "raise ValueError('x' * 10_000_000)",
    "null": "raise ValueError('a\\0b')",
    "surrogates": "raise ValueError('\\ud800')",
    "file object": "raise ValueError(open('/dev/null'), lambda: 1)",
    "metaclass": "class M(type):\n __name__ = property(lambda c: 1/0)\n"
    "class E(Exception, metaclass=M): pass\nraise E(1)",
    "failing init": "class E(Exception):\n def __init__(self): 1/0\nraise E",
    "no stderr": "import sys\ndel sys.stderr\n1/0",
    "failing stderr": "import sys, io\nio.StringIO = None\n1/0",
    "without io": "import sys\nsys.modules['io'] = None\n1/0",
    "long chain": "e = ValueError(0)\nfor i in range(20000):\n n = ValueError(i)\n"
    " n.__context__ = e\n e = n\nraise e",
}


class Failures(support.TestCase):
    def failure_of(self, code, interpreter=None):
        with self.assertRaises(interpreters.RunFailedError) as caught:
            (interpreter or self.create()).run(code)
        return caught.exception

    def test_every_kind_comes_as_run_failed(self):
        created = self.create()
        for name, code in ENDINGS.items():
            with self.subTest(name):
                error = self.failure_of(code, created)
                self.assertIs(type(error), interpreters.RunFailedError)
                self.assertEqual(error.type_name, name)
                self.assertIn(name, error.traceback)
                self.assertFalse(created.is_running())
                self.assertEqual(self.evaluate(created, "6 * 7"), "42")

    def test_message(self):
        error = self.failure_of("raise ValueError('a reason')")
        self.assertEqual(error.message, "a reason")
        self.assertEqual(error.args, ("ValueError: a reason",))

    def test_message_is_empty(self):
        error = self.failure_of("raise ValueError")
        self.assertEqual((error.args, error.message), (("ValueError",), ""))

    def test_str_shows_the_traceback(self):
        created = self.create()
        error = self.failure_of("def f(): raise ValueError('\u20ac\\ud800')\nf()", created)
        self.assertEqual(
            str(error),
            "ValueError: \u20ac\ud800\n\nUncaught in the interpreter:\n\n"
            "Traceback (most recent call last):\n"
            f'  File "<interpreter {created.id}>", line 2, in <module>\n'
            f'  File "<interpreter {created.id}>", line 1, in f\n'
            "ValueError: \u20ac\ud800",
        )

    def test_str_of_others_of_the_type(self):
        for attributes in ({}, {"traceback": ""}, {"traceback": 5}):
            with self.subTest(attributes):
                error = interpreters.RunFailedError("a reason")
                vars(error).update(attributes)
                self.assertEqual(str(error), "a reason")
        error.traceback = "no line end"
        self.assertEqual(
            str(error), "a reason\n\nUncaught in the interpreter:\n\nno line end"
        )

    def test_uncaught_here(self):
        self.script(
            "import interpreters\n"
            "interpreters.create().run('def there():\\n    1/0\\nthere()')\n",
            status=1,
        )
        shown = self.stderr.partition("interpreters.RunFailedError: ")[2]
        self.assertEqual(
            shown,
            "ZeroDivisionError: division by zero\n\nUncaught in the interpreter:\n\n"
            "Traceback (most recent call last):\n"
            '  File "<interpreter 1>", line 3, in <module>\n'
            '  File "<interpreter 1>", line 2, in there\n'
            "ZeroDivisionError: division by zero\n",
        )

    def test_nested_runs_show_every_level_once(self):
        code = "1/0"
        for _ in range(5):
            code = f"import interpreters\ninterpreters.create().run({code!r})"
        error = self.failure_of(code)
        self.assertEqual(error.message, "RunFailedError: " * 4 + "ZeroDivisionError: division by zero")
        self.assertEqual(str(error).count("Traceback (most recent call last)"), 6)
        self.assertEqual(str(error).count("Uncaught in the interpreter"), 6)

    @unittest.skipUnless(importlib.util.find_spec("_testcapi"), "CPython's own tests are not installed")
    def test_an_allocation_that_fails(self):
        """Any but the first, which crashes CPython 3.11 in PyThreadState_New."""
        output = self.script(
            "import _testcapi, interpreters\n"
            "def attempt(number):\n"
            "    created = interpreters.create()\n"
            "    _testcapi.set_nomemory(number, number + 1)\n"
            "    try: created.run('x = 1\\ny = [1]\\n')\n"
            "    except (interpreters.RunFailedError, MemoryError): pass\n"
            "    finally: _testcapi.remove_mem_hooks()\n"
            "    created.run('x = 1')\n"
            "    created.destroy()\n"
            "for number in range(1, 80): attempt(number)\n"
            "print('end')\n"
        )
        self.assertEqual(output, "end\n")

    @unittest.skipUnless(
        support.ISOLATED and importlib.util.find_spec("_testcapi"),
        "3.11 aborts then, or CPython's own tests are not installed",
    )
    def test_create_without_memory(self):
        """The first allocations only: where a later one fails CPython itself crashes."""
        output = self.script(
            "import _testcapi, interpreters\n"
            "for number in range(4):\n"
            "    _testcapi.set_nomemory(number, 0)\n"
            "    try: interpreters.create()\n"
            "    except (MemoryError, RuntimeError): pass\n"
            "    else: assert False\n"
            "    finally: _testcapi.remove_mem_hooks()\n"
            "interpreters.create().run('print(x := 42)')\n"
        )
        self.assertEqual(output, "42\n")

    def test_derived_types_in_there(self):
        start = "import interpreters\nclass E(interpreters.RunFailedError):\n "
        self.assertEqual(self.failure_of(start + "pass\nraise E(1)").message, "1")
        own = "def __str__(self): return 'own'\nraise E(1)"
        self.assertEqual(self.failure_of(start + own).message, "own")

    def test_traceback(self):
        created = self.create()
        error = self.failure_of("def f():\n    1/0\nf()", created)
        self.assertEqual(
            error.traceback,
            "Traceback (most recent call last):\n"
            f'  File "<interpreter {created.id}>", line 3, in <module>\n'
            f'  File "<interpreter {created.id}>", line 2, in f\n'
            "ZeroDivisionError: division by zero\n",
        )

    def test_traceback_has_the_cause(self):
        error = self.failure_of("try: 1/0\nexcept Exception as e: raise KeyError(3) from e")
        self.assertIn("ZeroDivisionError: division by zero", error.traceback)
        self.assertIn("direct cause", error.traceback)
        self.assertTrue(error.traceback.endswith("KeyError: 3\n"))

    def test_no_object_comes_along(self):
        created = self.create()
        created.run("class Own(Exception): pass")
        error = self.failure_of("raise Own(Own())", created)
        self.assertIsNone(error.__cause__)
        self.assertIsNone(error.__context__)
        for value in vars(error).values():
            self.assertIs(type(value), str)
        created.destroy()
        gc.collect()
        self.assertEqual(error.type_name, "Own")

    def test_the_exception_dies_in_there(self):
        created = self.create()
        created.run(
            "import weakref\n"
            "class Own(Exception): pass\n"
            "def f():\n"
            "    global gone\n"
            "    error = Own()\n"
            "    gone = weakref.ref(error)\n"
            "    try: raise error\n"
            "    finally: del error\n"
        )
        self.failure_of("f()", created)
        self.assertEqual(self.evaluate(created, "gone() is None"), "True")
        self.assertEqual(self.evaluate(created, "__import__('sys').exc_info()[1]"), "None")

    def test_nothing_is_printed_and_stderr_is_kept(self):
        output = self.script(
            "import interpreters\n"
            "created = interpreters.create()\n"
            "created.run('import sys; before = sys.stderr')\n"
            "try: created.run('1/0')\n"
            "except interpreters.RunFailedError: pass\n"
            "created.run('assert sys.stderr is before')\n"
        )
        self.assertEqual((output, self.stderr), ("", ""))

    def test_awkward_ones(self):
        for name, code in AWKWARD.items():
            with self.subTest(name):
                self.script(
                    "import interpreters\n"
                    "created = interpreters.create()\n"
                    f"try: created.run({code!r})\n"
                    "except interpreters.RunFailedError as error: kept = error\n"
                    "assert kept.type_name in ('E', 'ValueError', 'ZeroDivisionError')\n"
                    "created.run('x = 1')\n"
                    "created.destroy()\n"
                )

    def test_details_of_awkward_ones(self):
        self.assertEqual(self.failure_of(AWKWARD["failing str"]).message, "<exception str() failed>")
        self.assertEqual(len(self.failure_of(AWKWARD["huge"]).message), 10_000_000)
        self.assertEqual(self.failure_of(AWKWARD["null"]).message, "a\0b")
        self.assertEqual(self.failure_of(AWKWARD["surrogates"]).message, "\ud800")
        self.assertEqual(self.failure_of(AWKWARD["without io"]).traceback, "")

    def test_long_chains(self):
        chain = "e = ValueError(0)\nfor i in range({}):\n n = ValueError(i)\n"
        chain += " n.__context__ = e\n e = n\nraise e"
        self.assertEqual(self.failure_of(chain.format(90)).traceback.count("During handling"), 90)
        self.assertTrue(self.failure_of(chain.format(200)).traceback.startswith("(not shown"))

    def test_exits_do_not_end_this_side(self):
        output = self.script(
            "import interpreters\n"
            "created = interpreters.create()\n"
            "for code in ('import sys; sys.exit(5)', 'exit_ = SystemExit(6)\\nraise exit_'):\n"
            "    try: created.run(code)\n"
            "    except interpreters.RunFailedError as error: print(*error.args)\n"
            "print('still here')\n"
        )
        self.assertEqual(output, "SystemExit: 5\nSystemExit: 6\nstill here\n")


if __name__ == "__main__":
    support.main()
