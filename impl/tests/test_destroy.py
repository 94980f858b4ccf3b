"""destroy(): the effects of finalization, allowed callers, and refusals."""

import os
import sys
import threading

import interpreters
import support
from support import Blocked

MAIN = "interpreter 0 is the main one and cannot be destroyed"
START_THREAD = """
import os, {module} as threads
leave, go = os.pipe()
done = threads.Lock() if hasattr(threads, 'Lock') else threads.allocate_lock()
done.acquire()
def wait():
    os.read(leave, 1)
    done.release()
"""


# CPython 3.12 aborts for the others, from any caller of destroy: see README.md.
MODULES = "import json, threading, re, socket"
if sys.version_info[:2] != (3, 12):
    MODULES += ", decimal, asyncio, ctypes"


class Finalizes(support.TestCase):
    def test_gone(self):
        one, two = self.create(), self.create()
        self.assertIsNone(one.destroy())
        self.assertEqual(interpreters.enumerate(), [interpreters.get_main(), two])
        self.assert_not_found(one.id, interpreters.Interpreter, one.id)
        self.assertEqual(self.evaluate(two, "6 * 7"), "42")

    def test_twice(self):
        created = self.create()
        other = interpreters.Interpreter(created.id)
        created.destroy()
        self.assert_not_found(created.id, created.destroy)
        self.assert_not_found(created.id, other.destroy)

    def test_exit_callbacks_output_and_destructors_before_return(self):
        read_end, write_end = os.pipe()
        created = self.create()
        created.run(
            "import atexit, os, threading\n"
            f"def say(text, write=os.write): write({write_end}, text)\n"
            f"out = open({write_end}, 'w', closefd=False)\n"
            "out.write('buffered ')\n"
            "class Last:\n"
            "    def __del__(self, say=say): say(b'destructor ')\n"
            "kept = Last()\n"
            "atexit.register(say, b'first ')\n"
            "atexit.register(say, b'second ')\n"
            "threading._register_atexit(say, b'threading ')\n"
        )
        created.destroy()
        os.close(write_end)
        with os.fdopen(read_end) as reader:
            text = reader.read()
        self.assertTrue(text.startswith("threading second first "), text)
        self.assertIn("buffered ", text)
        self.assertIn("destructor ", text)

    def test_buffered_stdout_is_flushed(self):
        output = self.script(
            "import interpreters, os\n"
            "created = interpreters.create()\n"
            "created.run('print(\"from in there\")')\n"
            "os.write(1, b'before\\n')\n"
            "created.destroy()\n"
            "os.write(1, b'after\\n')\n"
        )
        self.assertEqual(output, "before\nfrom in there\nafter\n")

    def test_failing_exit_callback_does_not_abort(self):
        output = self.script(
            "import interpreters\n"
            "created = interpreters.create()\n"
            "created.run('''import atexit, sys\n"
            "atexit.register(print, 'reached')\n"
            "atexit.register(lambda: 1/0)\n"
            "atexit.register(lambda: sys.exit(5))''')\n"
            "created.destroy()\n"
            "print(interpreters.enumerate())\n"
        )
        self.assertEqual(output, "reached\n[Interpreter(0)]\n")
        self.assertIn("ZeroDivisionError", self.stderr)

    def test_any_contents(self):
        contents = {
            "unused": "",
            "failed": "1/0",
            "objects": "x = [[] for _ in range(300_000)]",
            "cycles": "class A: pass\nfor i in range(1000):\n a = A(); a.a = a",
            "destructor that creates": "import interpreters\nclass A:\n"
            " def __del__(self): interpreters.create()\na = A()",
            "modules": MODULES,
            "clobbered": "import sys, atexit, threading\n"
            "threading._shutdown = atexit._run_exitfuncs = None",
        }
        for name, code in contents.items():
            with self.subTest(name):
                self.script(
                    "import interpreters\n"
                    "created = interpreters.create()\n"
                    f"try: created.run({code!r})\n"
                    "except interpreters.RunFailedError: pass\n"
                    "created.destroy()\n"
                    "assert created not in interpreters.enumerate()\n"
                )

    def test_memory_returns(self):
        if support.SANITIZED:
            self.skipTest("sanitizers keep freed memory")
        output = self.script(
            f"import {support.LOW_NAME} as ours, {support.OTHER} as other\n"
            "def resident():\n"
            "    return int(open('/proc/self/statm').read().split()[1]) * 4\n"
            "def growth(create, run, destroy):\n"
            "    before = resident()\n"
            "    for _ in range(100):\n"
            "        created = create()\n"
            "        run(created, 'x = [1] * 1000')\n"
            "        destroy(created)\n"
            "    return resident() - before\n"
            "for _ in range(2):\n"
            "    of_ours = growth(ours.create, ours.run, ours.destroy)\n"
            "    of_other = growth(other.create, other.run_string, other.destroy)\n"
            "print(of_ours, of_other)\n"
        )
        ours, other = map(int, output.split())
        self.assertLess(ours, 1.1 * other + 100 * 60)  # KiB; an interpreter takes over 1000


class FromAnywhere(support.TestCase):
    def test_from_another_thread_than_the_creator(self):
        for used in ("", "import threading"):
            created = self.create()
            created.run(used)
            thread = threading.Thread(target=created.destroy)
            thread.start()
            thread.join()
            self.assertNotIn(created, interpreters.enumerate())

    def test_finalizes_in_the_calling_thread(self):
        read_end, write_end = os.pipe()
        made = []

        def create():
            made.append(self.create())
            made[0].run(
                "import atexit, os, threading\n"
                f"atexit.register(lambda: os.write({write_end}, "
                "str(threading.get_ident()).encode()))"
            )

        thread = threading.Thread(target=create)
        thread.start()
        thread.join()
        made[0].destroy()
        os.close(write_end)
        with os.fdopen(read_end) as reader:
            self.assertEqual(int(reader.read()), threading.get_ident())

    def test_from_a_sibling(self):
        for used in ("", "import threading"):
            one, two = self.create(), self.create()
            one.run(used)
            two.run(f"import interpreters; interpreters.Interpreter({one.id}).destroy()")
            self.assertNotIn(one, interpreters.enumerate())
            self.assertEqual(self.evaluate(two, "6 * 7"), "42")

    def test_after_runs_in_threads_that_died(self):
        created = self.create()
        for _ in range(5):
            thread = threading.Thread(target=created.run, args=("import threading",))
            thread.start()
            thread.join()
        output = self.script(
            "import interpreters, threading\n"
            "created = interpreters.create()\n"
            "thread = threading.Thread(target=created.run, args=('import threading',))\n"
            "thread.start(); thread.join()\n"
            "created.destroy()\n"
        )
        self.assertEqual((output, self.stderr), ("", ""))


class Refuses(support.TestCase):
    def test_main(self):
        with self.assertRaises(RuntimeError) as caught:
            interpreters.get_main().destroy()
        self.assertEqual(str(caught.exception), MAIN)
        created = self.create()
        with self.assertRaisesRegex(interpreters.RunFailedError, MAIN):
            created.run("import interpreters; interpreters.get_main().destroy()")
        self.assertEqual(len(interpreters.enumerate()), 2)

    def test_itself(self):
        created = self.create()
        with self.assertRaisesRegex(
            interpreters.RunFailedError, f"interpreter {created.id} is already running"
        ):
            created.run("import interpreters; interpreters.get_current().destroy()")
        self.assertEqual(self.evaluate(created, "6 * 7"), "42")

    def test_running_in_another_thread(self):
        created = self.create()
        with Blocked(created, after="x = 42"):
            self.assert_busy(created.id, created.destroy)
            self.assertIn(created, interpreters.enumerate())
        self.assertEqual(self.evaluate(created, "x"), "42")
        created.destroy()

    def test_parent_in_a_nested_run(self):
        parent, child = self.create(), self.create()
        inner = f"import interpreters; interpreters.Interpreter({parent.id}).destroy()"
        with self.assertRaisesRegex(
            interpreters.RunFailedError, f"interpreter {parent.id} is already running"
        ):
            parent.run(
                f"import interpreters; interpreters.Interpreter({child.id}).run('{inner}')"
            )
        self.assertEqual(self.evaluate(parent, "6 * 7"), "42")

    def test_threads_alive(self):
        for module, start in (
            ("threading", "threads.Thread(target=wait).start()"),
            ("threading", "threads.Thread(target=wait, daemon=True).start()"),
            ("_thread", "threads.start_new_thread(wait, ())"),
        ):
            if support.ISOLATED and "daemon" in start:
                continue
            with self.subTest(start):
                created = self.create()
                created.run(START_THREAD.format(module=module) + start)
                with self.assertRaises(RuntimeError) as caught:
                    created.destroy()
                self.assertEqual(
                    str(caught.exception), f"interpreter {created.id} still has threads"
                )
                created.run("os.write(go, b'x'); done.acquire()")
                support.wait_for_threads(created)
                created.destroy()

    def test_thread_started_by_an_exit_callback(self):
        created = self.create()
        created.run(
            START_THREAD.format(module="_thread")
            + "import atexit\natexit.register(threads.start_new_thread, wait, ())"
        )
        with self.assertRaisesRegex(RuntimeError, "still has threads"):
            created.destroy()
        created.run("os.write(go, b'x'); done.acquire()")
        support.wait_for_threads(created)
        created.destroy()

    def test_thread_started_by_a_destructor(self):
        output = self.script(
            "import interpreters\n"
            "created = interpreters.create()\n"
            "created.run('''import _thread, os\n"
            "class Last:\n"
            "    def __del__(self, start=_thread.start_new_thread, write=os.write):\n"
            "        try: start(lambda: None, ())\n"
            "        except RuntimeError: write(1, b\"refused\")\n"
            "kept = Last()''')\n"
            "created.destroy()\n"
        )
        self.assertEqual(output, "refused")

    def test_thread_started_on_the_way_to_the_end(self):
        """A thread that starts after the last check of the threads."""
        output = self.script(
            "import interpreters\n"
            "created = interpreters.create()\n"
            "created.run('''import sys, _thread, os, time\n"
            "class Threading:\n"
            "    def _shutdown(self): pass\n"
            "    def main_thread(self): return None\n"
            "    def __setattr__(self, name, value):\n"
            "        try: _thread.start_new_thread(time.sleep, (0.1,))\n"
            "        except RuntimeError: os.write(1, b\"refused\")\n"
            "sys.modules['threading'] = Threading()''')\n"
            "created.destroy()\n"
        )
        self.assertEqual(output, "refused")


if __name__ == "__main__":
    support.main()
