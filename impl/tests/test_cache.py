"""The cache of compiled code and thread state between runs has no visible effect."""

import os
import sys
import threading
import unittest

import interpreters
import support

# Left behind by a run, each with an expression that is true where nothing of it is left.
LEFTOVERS = {
    "threading.local": (
        "import threading\nlocal = threading.local()\nlocal.x = 1",
        "not hasattr(local, 'x')",
    ),
    "context variable": (
        "import contextvars\nvariable = contextvars.ContextVar('v', default=0)\n"
        "variable.get()\nvariable.set(1)\nvariable.get()",
        "variable.get() == 0",
    ),
    "trace function": ("import sys\nsys.settrace(lambda *args: None)", "sys.gettrace() is None"),
    "profile function": (
        "import sys\nsys.setprofile(lambda *args: None)",
        "sys.getprofile() is None",
    ),
    "hooks": (
        "import sys\nsys.set_asyncgen_hooks(print, print)\n"
        "sys.set_coroutine_origin_tracking_depth(5)",
        "sys.get_asyncgen_hooks() == (None, None) and "
        "sys.get_coroutine_origin_tracking_depth() == 0",
    ),
    "repr in progress": (
        "class A:\n def __repr__(self): raise ValueError\ntry: repr([A()])\n"
        "except ValueError: pass",
        "repr([[]]) == '[[]]'",
    ),
}


class ThreadState(support.TestCase):
    def test_nothing_is_left_by_a_run(self):
        for name, (code, expression) in LEFTOVERS.items():
            with self.subTest(name):
                created = self.create()
                for _ in range(3):
                    created.run(code)
                    self.assertEqual(self.evaluate(created, expression), "True")

    def test_values_of_locals_die_with_the_run(self):
        created = self.create()
        created.run(
            "import threading, weakref\nclass A: pass\na = A()\nlocal = threading.local()\n"
            "local.a = a\ndied = weakref.ref(a)\ndel a"
        )
        self.assertEqual(self.evaluate(created, "died() is None"), "True")

    def test_of_the_calling_thread(self):
        created = self.create()
        idents = []

        def run():
            idents.append(threading.get_ident())
            created.run(
                f"import sys, threading\nassert threading.get_ident() == {idents[-1]}\n"
                # From 3.12 on it mixes up the frames of isolated interpreters, and crashes.
                "if sys.version_info < (3, 12):\n"
                f"    assert {idents[-1]} in sys._current_frames(), sys._current_frames()"
            )

        for _ in range(3):
            run()
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()
        self.assertEqual(len(idents), 6)

    def test_recursion_depth_is_given_back(self):
        created = self.create()
        created.run("def depth(n): return n and depth(n - 1)")

        def deep(levels):
            return deep(levels - 1) if levels else created.run("x = 1")

        for _ in range(20):
            deep(300)
            with self.assertRaisesRegex(interpreters.RunFailedError, "RecursionError"):
                created.run("depth(10**6)")
        created.run("assert depth(900) == 0")


class Code(support.TestCase):
    def test_same_traceback_each_time(self):
        created = self.create()
        texts = set()
        for _ in range(4):
            with self.assertRaises(interpreters.RunFailedError) as caught:
                created.run("def f():\n    1 / 0\n\nf()")
            texts.add(caught.exception.traceback)
        self.assertEqual(len(texts), 1)
        self.assertIn("line 2, in f", texts.pop())

    def test_executes_every_time(self):
        created = self.create()
        created.run("x = 0")
        for _ in range(5):
            created.run("x += 1")
        self.assertEqual(self.evaluate(created, "x"), "5")

    def test_syntax_errors_every_time(self):
        created = self.create()
        for _ in range(4):
            with self.assertRaisesRegex(interpreters.RunFailedError, "SyntaxError"):
                created.run("x = = 1")

    def test_more_texts_than_are_kept(self):
        created = self.create()
        created.run("total = 0")
        for _ in range(3):
            for number in range(100):
                for _ in range(2):
                    created.run(f"total += {number}")
        self.assertEqual(self.evaluate(created, "total"), str(2 * 3 * sum(range(100))))

    def test_texts_with_the_same_hash_of_other_types(self):
        class Str(str):
            def __hash__(self):
                return 1

            def __eq__(self, other):
                return True

        created = self.create()
        for _ in range(3):
            created.run(Str("x = 1"))
            self.assertEqual(self.evaluate(created, "x"), "1")
            created.run(Str("x = 2"))
            self.assertEqual(self.evaluate(created, "x"), "2")

    def test_each_interpreter_has_its_own(self):
        first, second = self.create(), self.create()
        for _ in range(3):
            for created in (first, second):
                with self.assertRaises(interpreters.RunFailedError) as caught:
                    created.run("1 / 0")
                self.assertIn(f"<interpreter {created.id}>", caught.exception.traceback)

    def test_globals_of_another_main(self):
        created = self.create()
        created.run("x = 1")
        created.run("x = 1")
        created.run("import sys, types\nsys.modules['__main__'] = types.ModuleType('__main__')")
        created.run("x = 1")
        self.assertEqual(self.evaluate(created, "x"), "1")

    def test_long_text(self):
        created = self.create()
        text = "x = 1\n" * 20_000
        for _ in range(3):
            created.run(text)
        self.assertEqual(self.evaluate(created, "x"), "1")


@unittest.skipIf(sys.version_info < (3, 12), "one GIL before 3.12")
class OwnGil(support.TestCase):
    def test_a_busy_interpreter_does_not_block_others(self):
        created = self.create()
        other = self.create()
        thread = threading.Thread(
            target=created.run,
            args=("import os\nwhile not os.path.exists('/proc/self/fd/%d'): pass" % 999,),
        )
        try:
            thread.start()
            while not created.is_running():
                pass
            other.run("x = 1")
            self.assertTrue(created.is_running())
        finally:
            os.dup2(0, 999)
            thread.join()
            os.close(999)


if __name__ == "__main__":
    support.main()
