"""run(): interpreter and thread of the code, accepted source text, state that later runs see."""

import os
import sys
import threading

import interpreters
import support

GOOD = {
    "expression": "6 * 7",
    "empty": "",
    "blank": "  \n\t\n",
    "comment": "# nothing",
    "no final newline": "if True:\n    x = 1",
    "carriage returns": "x = 1\rif x:\r    y = 2",
    "both": "x = 1\r\nif x:\r\n    y = 2\r\n",
    "byte order mark": "\ufeffx = 1",
    "not ASCII": "h\u00f6he = '\u20ac \U0001f40d'",
    "coding cookie": "# -*- coding: latin-1 -*-\nx = '\u20ac'\nassert len(x) == 1",
    "future": "from __future__ import annotations",
}

DEEP = 100_000
# Source text nested too deeply, and the exception in there: that of the tokenizer, the parser, or
# the compiler, whichever meets its limit first.
NESTED = {
    "open": ("(" * DEEP, "SyntaxError"),
    "parentheses": ("(" * DEEP + ")" * DEEP, "SyntaxError"),
    "patterns": ("match 1:\n case " + "[" * DEEP + "]" * DEEP + ": pass", "SyntaxError"),
    "blocks": ("".join(" " * i + "if 1:\n" for i in range(3000)), "IndentationError"),
    "signs": ("-" * DEEP + "1", "MemoryError"),
    "lambdas": ("lambda: " * DEEP + "1", "MemoryError"),
    "branches": ("if 0: pass\n" + "elif 0: pass\n" * DEEP, "MemoryError"),
    "powers": ("1**" * DEEP + "1", "MemoryError"),
    "attributes": ("x" + ".y" * DEEP, "RecursionError"),
    "calls": ("f" + "()" * DEEP, "RecursionError"),
    "sums": ("1+" * DEEP + "1", "RecursionError"),
    "subscripts": ("x" + "[0]" * DEEP, "RecursionError"),
}


class Where(support.TestCase):
    def test_in_the_thread_of_the_caller(self):
        created = self.create()
        asked = "(__import__('_thread').get_ident(), __import__('_thread').get_native_id())"
        answers = []

        def ask():
            own = (threading.get_ident(), threading.get_native_id())
            answers.append((self.evaluate(created, asked), ascii(own)))

        ask()
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        for answer, own in answers:
            self.assertEqual(answer, own)
        self.assertNotEqual(answers[0], answers[1])

    def test_caller_waits(self):
        created = self.create()
        read_end, write_end = os.pipe()
        created.run(f"import os\nfor i in range(100): os.write({write_end}, b'x')")
        self.assertEqual(len(os.read(read_end, 1000)), 100)
        os.close(read_end)
        os.close(write_end)

    def test_in_main_of_that_interpreter(self):
        created = self.create()
        created.run("kept = __name__")
        self.assertEqual(self.evaluate(created, "kept"), "'__main__'")
        self.assertEqual(self.evaluate(created, "__import__('__main__').kept"), "'__main__'")
        self.assertFalse(hasattr(sys.modules["__main__"], "kept"))

    def test_returns_nothing_and_displays_nothing(self):
        source = (
            "import interpreters, sys\n"
            "created = interpreters.create()\n"
            "assert created.run('6 * 7') is None\n"
            "created.run('print(\"said\")')\n"
        )
        self.assertEqual(self.script(source), "said\n")

    def test_thread_locals_are_not_seen_by_other_threads(self):
        created = self.create()
        created.run("import threading; local = threading.local(); local.x = 1")
        answers = []
        asked = "hasattr(local, 'x')"
        thread = threading.Thread(target=lambda: answers.append(self.evaluate(created, asked)))
        thread.start()
        thread.join()
        self.assertEqual(answers, ["False"])

    def test_tracing_is_not_seen(self):
        created = self.create()
        seen = []
        sys.settrace(lambda frame, event, arg: seen.append(frame.f_code.co_filename))
        try:
            created.run("def f(): pass\nf()")
        finally:
            sys.settrace(None)
        self.assertNotIn(f"<interpreter {created.id}>", seen)

    def test_filename_names_the_interpreter(self):
        created = self.create()
        created.run("def f(): pass")
        self.assertEqual(
            self.evaluate(created, "f.__code__.co_filename"), f"'<interpreter {created.id}>'"
        )


class SourceText(support.TestCase):
    def test_accepted(self):
        created = self.create()
        for name, code in GOOD.items():
            with self.subTest(name):
                created.run(code)
        self.assertEqual(self.evaluate(created, "h\u00f6he"), ascii("\u20ac \U0001f40d"))

    def test_future_statements_are_not_inherited(self):
        created = self.create()
        created.run("from __future__ import annotations")
        created.run("def f(x: 6 * 7): pass")
        self.assertEqual(self.evaluate(created, "f.__annotations__['x']"), "42")

    def test_subclass_of_str(self):
        created = self.create()
        created.run(type("Code", (str,), {})("x = 1"))
        self.assertEqual(self.evaluate(created, "x"), "1")

    def test_much_text(self):
        size = 64 << 20
        much = {
            "literal": "x = '" + "y" * size + "'\nz = len(x)",
            "lines": "\n" * size + f"z = {size}",
            "comment": "#" * size + f"\nz = {size}",
            "one line": " ;".join(("x = 1", " " * size + f"z = {size}")),
        }
        for name, code in much.items():
            with self.subTest(name):
                created = self.create()
                created.run(code)
                self.assertEqual(self.evaluate(created, "z"), str(size))
                created.destroy()

    def test_much_text_that_is_wrong(self):
        created = self.create()
        with self.assertRaises(interpreters.RunFailedError) as caught:
            created.run("\n" * (64 << 20) + "x = (")
        self.assertEqual(caught.exception.type_name, "SyntaxError")
        self.assertIn(f"line {(64 << 20) + 1}", caught.exception.message)
        self.assertRaises(ValueError, created.run, "x" * (64 << 20) + "\0")
        self.assertRaises(UnicodeEncodeError, created.run, "x" * (64 << 20) + "\ud800")

    def test_deep_nesting(self):
        for name, (code, expected) in NESTED.items():
            with self.subTest(name):
                created = self.create()
                with self.assertRaises(interpreters.RunFailedError) as caught:
                    created.run(code)
                self.assertEqual(caught.exception.type_name, expected)
                self.assertFalse(created.is_running())
                self.assertEqual(self.evaluate(created, "6 * 7"), "42")
                created.destroy()

    def test_deep_nesting_in_another_thread(self):
        # Its stack is smaller than the main thread's, where that is not limited.
        thread = threading.Thread(target=self.test_deep_nesting)
        thread.start()
        thread.join()

    def test_as_deep_as_allowed(self):
        created = self.create()
        created.run("x = " + "[" * 90 + "]" * 90)
        created.run("".join(" " * i + "if True:\n" for i in range(99)) + " " * 99 + "y = 1")
        self.assertEqual(self.evaluate(created, "(y, str(x).count('['))"), "(1, 90)")

    def test_objects_that_are_no_source_text_are_refused(self):
        created = self.create()
        wrong = [b"x = 1", bytearray(b"x = 1"), compile("x = 1", "", "exec"), lambda: 1, None, 1]
        for code in wrong:
            with self.subTest(code=code), self.assertRaisesRegex(TypeError, "must be a str"):
                created.run(code)
        self.assertRaises(ValueError, created.run, "x = 1\n\0y = 2")
        self.assertRaises(UnicodeEncodeError, created.run, "x = 1\ny = '\ud800'")
        self.assertEqual(self.evaluate(created, "'x' in globals()"), "False")

    def test_argument_is_judged_before_the_interpreter(self):
        created = self.create()
        created.destroy()
        self.assertRaises(TypeError, created.run, b"")


class State(support.TestCase):
    def test_stays_from_run_to_run(self):
        created = self.create()
        created.run("x = 41")
        created.run("x += 1")
        self.assertEqual(self.evaluate(created, "x"), "42")

    def test_effects_before_a_failure_stay(self):
        created = self.create()
        self.assertRaises(interpreters.RunFailedError, created.run, "x = 1\n1/0\nx = 2")
        self.assertEqual(self.evaluate(created, "x"), "1")

    def test_nothing_of_a_syntax_error_is_executed(self):
        created = self.create()
        self.assertRaises(interpreters.RunFailedError, created.run, "x = 1\nx = (")
        self.assertEqual(self.evaluate(created, "'x' in globals()"), "False")

    def test_main_thread_object_outlives_the_run(self):
        created = self.create()
        created.run("import threading; first = threading.main_thread()")
        self.assertEqual(self.evaluate(created, "first.is_alive()"), "True")
        thread = threading.Thread(target=created.run, args=("x = 1",))
        thread.start()
        thread.join()
        self.assertEqual(self.evaluate(created, "first.is_alive()"), "True")

    def test_clobbered_modules(self):
        hostile = [
            "import sys; del sys.modules['__main__']",
            "import sys; sys.modules['__main__'] = 5",
            "import sys; sys.modules.clear()",
            "import sys; sys.modules = None",
            "import sys; del sys.stdout, sys.stderr",
            "globals().clear()",
            "import builtins; builtins.__dict__.clear()",
        ]
        for code in hostile:
            with self.subTest(code):
                self.script(
                    "import interpreters\n"
                    "created = interpreters.create()\n"
                    f"for code in ({code!r}, 'x = 1', '1/0', 'undefined'):\n"
                    "    try: created.run(code)\n"
                    "    except interpreters.RunFailedError: pass\n"
                    "created.destroy()\n"
                    "assert len(interpreters.enumerate()) == 1\n"
                    "interpreters.create().run('x = 1')\n"
                )

    def test_destroyed(self):
        created = self.create()
        created.destroy()
        self.assert_not_found(created.id, created.run, "x = 1")


if __name__ == "__main__":
    support.main()
