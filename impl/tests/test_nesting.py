"""The module inside subinterpreters: nested runs, and every operation used from in there."""

import sys
import unittest

import interpreters
import support

NEST = """
import interpreters
def nest(depth):
    "Source that runs, `depth` interpreters further down, a script that fails."
    if depth == 0:
        return "1/0"
    return (
        "import interpreters\\n"
        "before = interpreters.get_current()\\n"
        f"child = interpreters.create()\\n"
        f"try: child.run({nest(depth - 1)!r})\\n"
        "except interpreters.RunFailedError: pass\\n"
        "assert interpreters.get_current() == before\\n"
        "assert before.is_running() and not child.is_running()\\n"
        "child.destroy()\\n"
    )
"""
exec(NEST)


class Nested(support.TestCase):
    def test_depth_five(self):
        self.create().run(nest(5))
        self.assertEqual(len(interpreters.enumerate()), 2)
        self.assertEqual(interpreters.get_current(), interpreters.get_main())

    def test_chain_back_to_a_busy_one(self):
        one, two, three = (self.create() for _ in range(3))
        for busy in (interpreters.get_main(), one, two, three):
            code = f"interpreters.Interpreter({busy.id}).run('x = 1')"
            for each in (three, two, one):
                code = f"interpreters.Interpreter({each.id}).run({'import interpreters' + chr(10) + code!r})"
            with self.assertRaisesRegex(
                interpreters.RunFailedError, f"interpreter {busy.id} is already running"
            ):
                exec(code)
        for each in (one, two, three):
            self.assertEqual(self.evaluate(each, "6 * 7"), "42")

    def test_in_itself_and_in_main(self):
        main = interpreters.get_main()
        self.assert_busy(0, main.run, "x = 1")

    def test_errors_come_through_each_level(self):
        one, two = self.create(), self.create()
        with self.assertRaises(interpreters.RunFailedError) as caught:
            one.run(f"import interpreters; interpreters.Interpreter({two.id}).run('1/0')")
        self.assertEqual(caught.exception.type_name, "RunFailedError")
        self.assertEqual(caught.exception.message, "ZeroDivisionError: division by zero")

    def test_own_types_in_each(self):
        created = self.create()
        created.run("import interpreters")
        asked = "id(interpreters.Interpreter)"
        self.assertNotEqual(
            int(self.evaluate(created, asked)), id(interpreters.Interpreter)
        )

    def test_everything_is_usable(self):
        self.create().run(
            "from interpreters import *\n"
            "import interpreters\n"
            "created = create()\n"
            "assert created in enumerate() and get_current() in enumerate()\n"
            "assert get_main() == Interpreter(0) != get_current()\n"
            "created.run('x = 1')\n"
            "try: created.run('1/0')\n"
            "except RunFailedError as error: assert error.type_name == 'ZeroDivisionError'\n"
            "else: assert False\n"
            "assert not created.is_running()\n"
            "created.destroy()\n"
            "try: created.run('')\n"
            "except RuntimeError as error: assert 'unrecognized' in str(error)\n"
            "else: assert False\n"
        )

    def test_recursion_through_interpreters_ends_in_an_error(self):
        source = (
            "import interpreters, sys\n"
            "source = '''\n"
            "import interpreters\n"
            "def down(n):\n"
            "    return down(n - 1) if n else interpreters.create().run(source)\n"
            "down(80)\n"
            "'''\n"
            "source = 'source = ' + repr(source) + source\n"
            "source = source.replace('run(source)', 'run(\"source = \" + repr(source) + source)')\n"
            "sys.setrecursionlimit(500)\n"
            "try: interpreters.create().run(source)\n"
            "except interpreters.RunFailedError as error: print('ended')\n"
            "assert len(interpreters.enumerate()) < 20\n"
        )
        self.assertEqual(self.script(source), "ended\n")

    def test_deep_caller_has_less_left(self):
        created = self.create()
        created.run("def f(n): return n and f(n - 1)")

        def down(depth):
            return down(depth - 1) if depth else created.run("f(600)")

        down(50)
        with self.assertRaises(interpreters.RunFailedError) as caught:
            down(700)
        self.assertEqual(caught.exception.type_name, "RecursionError")
        self.assertIn("RecursionError", caught.exception.traceback)

    def test_failures_of_deep_callers_are_described(self):
        output = self.script(
            "import interpreters, sys\n"
            "created = interpreters.create()\n"
            "created.run('def f(n): return n and f(n - 1)\\n'\n"
            "    'class E(Exception):\\n def __str__(self): return str(f(20))')\n"
            "def down(n): return down(n - 1) if n else created.run('raise E')\n"
            "sys.setrecursionlimit(300)\n"
            "for depth in range(200, 300):\n"
            "    try: down(depth)\n"
            "    except interpreters.RunFailedError as error:\n"
            "        print(*error.args, error.traceback.splitlines()[-1].endswith(*error.args))\n"
            "    except RecursionError: pass\n"
        )
        self.assertGreater(output.count("E: 0 True\n"), 80)
        self.assertNotIn("E: <", output)
        self.assertEqual(self.stderr, "")

    def nest_without_end(self, source):
        """In a thread with little stack: how it ended, as text."""
        return self.script(
            "import interpreters, threading\n"
            f"source = 'source = {{!r}}\\n{{}}'\ncode = {source!r}\n"
            "def begin():\n"
            "    created = interpreters.create()\n"
            "    try: created.run(source.format(code, code))\n"
            "    except interpreters.RunFailedError as error: print(error.type_name)\n"
            "    created.destroy()\n"
            "threading.stack_size(512 * 1024)\n"
            "thread = threading.Thread(target=begin)\nthread.start()\nthread.join()\nprint('end')\n"
        )

    def test_endlessly_by_exit_callbacks(self):
        output = self.nest_without_end(
            "import atexit, interpreters\n"
            "def last():\n"
            "    created = interpreters.create()\n"
            "    created.run(f'source = {source!r}\\n{source}')\n"
            "    created.destroy()\n"
            "atexit.register(last)\n"
        )
        self.assertEqual(output, "end\n")
        self.assertIn("RecursionError: interpreters are nested too deeply", self.stderr)

    def test_endlessly_by_destructors(self):
        output = self.nest_without_end(
            "import interpreters, threading\n"
            "class Last:\n"
            "    def __del__(self): interpreters.create().run(f'source = {source!r}\\n{source}')\n"
            "local = threading.local()\nlocal.last = Last()\n"
        )
        self.assertEqual(output, "end\n")
        self.assertIn("RecursionError: interpreters are nested too deeply", self.stderr)

    def test_deep_code_at_the_end_of_a_chain(self):
        """Code that ends interpreters and runs cannot recurse deeper, after one is refused."""
        chains = {
            "exit callbacks": ("destroy()", "import atexit\natexit.register(deep)"),
            "destructors": (
                "run('import _thread; l = _thread._local(); l.x = D()')",
                "class D:\n    def __del__(self, deep=deep): deep()",
            ),
        }
        for name, (action, last) in chains.items():
            with self.subTest(name):
                output = self.script(
                    "import interpreters, threading\ncode = '''\n"
                    "import interpreters\n"
                    "class Refused(BaseException): pass\n"
                    "class A:\n"
                    "    def __init__(self, n): self.n = n\n"
                    "    def __repr__(self):\n"
                    "        if self.n == 0: further()\n"
                    "        return '{{!r}}'.format([{{1: (A(self.n - 1),)}}])\n"
                    "def further():\n"
                    f"    try: interpreters.Interpreter({{}}).{action}\n"
                    "    except RecursionError: return\n"
                    "    except RuntimeError: pass\n"
                    "    raise Refused\n"
                    "def deep():\n"
                    "    try: repr(A(80))\n"
                    "    except (RecursionError, Refused): pass\n"
                    f"{last}'''\n"
                    "def chain():\n"
                    "    made = [interpreters.create() for _ in range(200)]\n"
                    "    for one, next in zip(made, made[1:]): one.run(code.format(next.id))\n"
                    f"    try: made[0].{action}\n"
                    "    except RuntimeError as error: print(error)\n"
                    "threading.stack_size(8 << 20)\n"
                    "thread = threading.Thread(target=chain)\n"
                    "thread.start()\nthread.join()\nprint('end')\n"
                )
                self.assertEqual(output, "end\n")

    @unittest.skipIf(sys.version_info < (3, 14), "earlier ones do not look how much stack a thread has")
    def test_deep_code_in_a_thread_with_less_stack_than_the_one_before(self):
        """And with the same ident, as the system gives them out again."""
        output = self.script(
            "import interpreters, threading\n"
            "created = interpreters.create()\n"
            "def deep():\n"
            "    try: created.run('''import sys\n"
            "sys.setrecursionlimit(10**6)\n"
            "class A:\n    def __repr__(self): return repr(self)\n"
            "repr(A())''')\n"
            "    except interpreters.RunFailedError as error: print(error.type_name)\n"
            "for size, work in 5 * ((64 << 20, lambda: created.run('x = 1')), (512 << 10, deep)):\n"
            "    threading.stack_size(size)\n"
            "    thread = threading.Thread(target=work)\n"
            "    thread.start()\n    thread.join()\n"
        )
        self.assertEqual(output, "RecursionError\n" * 5)


if __name__ == "__main__":
    support.main()
