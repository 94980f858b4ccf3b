"""The exit of a process with interpreters left: the right status, no crash, no hang."""

import itertools
import pathlib
import subprocess
import sys
import tempfile
import unittest

import support

CREATE = "import interpreters, sys, os, threading, time\ncreated = interpreters.create()\n"
IN_THREAD = (
    "entered, enter = os.pipe()\n"
    "def work(): created.run(f'''import os, time\\nos.write({enter}, b\"x\")\\n{CODE}''')\n"
    "threading.Thread(target=work, daemon=True).start()\n"
    "os.read(entered, 1)\n"
)


class Exit(support.TestCase):
    def test_idle_ones_are_finalized_newest_first(self):
        output = self.script(
            CREATE + "other = interpreters.create()\n"
            "for each in (created, other):\n"
            "    each.run(f'import atexit; atexit.register(print, {each.id}); print(-{each.id})')\n"
            "sys.exit(3)\n",
            status=3,
        )
        self.assertEqual(output, "-2\n2\n-1\n1\n")
        self.assertEqual(self.stderr, "")

    def test_status(self):
        for ending, status in (("", 0), ("sys.exit(7)", 7), ("1/0", 1), ("os._exit(9)", 9)):
            with self.subTest(ending):
                self.script(CREATE + ending, status)

    def test_running_in_a_daemon_thread(self):
        for code in (
            "time.sleep(1000)",
            "import threading; threading.Event().wait()",
            "while True: time.sleep(0.001)",
            "class A:\n def __del__(self): time.sleep(1000)\nA()",
        ):
            with self.subTest(code):
                self.script(f"CODE = {code!r}\n" + CREATE + IN_THREAD + "sys.exit(3)", 3)
                self.assertEqual(self.stderr, "")

    def test_while_interpreters_are_at_work(self):
        for name, code in support.NOISY.items():
            for _ in range(5):
                with self.subTest(name):
                    self.script(support.START_NOISE + f"make_noise({code!r})\nsys.exit(3)", 3)
                    self.assertEqual(self.stderr, "")

    def test_destroy_that_is_blocked_in_a_destructor(self):
        self.script(
            CREATE + "entered, enter = os.pipe()\n"
            "created.run(f'''import os, time\nclass A:\n"
            "    def __del__(self, write=os.write, sleep=time.sleep):\n"
            "        write({enter}, b\"x\"); sleep(1000)\n"
            "a = A()''')\n"
            "threading.Thread(target=created.destroy, daemon=True).start()\n"
            "os.read(entered, 1)\n"
            "sys.exit(3)\n",
            3,
        )

    def test_idle_and_running_ones(self):
        output = self.script(
            "CODE = 'time.sleep(1000)'\n"
            + CREATE
            + "other = interpreters.create()\n"
            + IN_THREAD
            + "other.run('import atexit; atexit.register(print, 42)')\n"
            + "third = interpreters.create()\n"
            + IN_THREAD.replace("created", "third")
            + "sys.exit(3)\n",
            3,
        )
        self.assertEqual(output, "42\n")

    def test_running_beside_one_of_another_module(self):
        self.script(
            CREATE
            # Not IN_THREAD: its frame would keep globals, thus `kept`, alive through the exit.
            + "entered, enter = os.pipe()\n"
            "code = f'import os, time; os.write({enter}, b\"x\"); time.sleep(1000)'\n"
            "threading.Thread(target=created.run, args=(code,), daemon=True).start()\n"
            "os.read(entered, 1)\n"
            f"import {support.OTHER} as other\nkept = other.create()\nsys.exit(3)\n",
            3,
        )

    def test_being_destroyed_in_a_daemon_thread(self):
        self.script(
            CREATE + "entered, enter = os.pipe()\n"
            "created.run(f'''import atexit, os, time\n"
            "def last():\n    os.write({enter}, b\"x\")\n    time.sleep(1000)\n"
            "atexit.register(last)''')\n"
            "threading.Thread(target=created.destroy, daemon=True).start()\n"
            "os.read(entered, 1)\n"
            "sys.exit(3)\n",
            3,
        )

    def test_with_threads_left(self):
        for start in (
            "_thread.start_new_thread(time.sleep, (1000,))",
            "threading.Thread(target=time.sleep, args=(1000,)).start()",
            "threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()",
        ):
            if support.ISOLATED and "daemon" in start:
                continue
            with self.subTest(start):
                self.script(
                    CREATE
                    + f"created.run('''import _thread, threading, time\n{start}''')\nsys.exit(3)",
                    3,
                )

    def test_with_a_thread_that_has_hardly_begun(self):
        code = "import _thread, time; _thread.start_new_thread(time.sleep, (1000,))"
        # More processes than processors: some of the threads begin when all is over.
        command = support.command(CREATE + f"created.run({code!r})\nsys.exit(3)")
        for _ in range(10):
            started = [subprocess.Popen(command, env=support.ENVIRONMENT) for _ in range(12)]
            statuses = [each.wait(support.TIMEOUT) for each in started]
            self.assertEqual(set(statuses), {3})

    def test_made_in_there_and_never_seen_here(self):
        output = self.script(
            CREATE + "created.run('import interpreters; interpreters.create()"
            ".run(\"import atexit; atexit.register(print, 42)\")')\n"
            "created.destroy()\n"
        )
        self.assertEqual(output, "42\n")

    def test_imported_only_in_there(self):
        self.script(
            f"import sys, {support.OTHER} as other\n"
            "one = other.create()\n"
            "other.run_string(one, 'import interpreters; interpreters.create()')\n"
            "sys.exit(3)\n",
            3,
        )

    def test_creation_after_the_exit_callbacks_is_refused(self):
        output = self.script(
            "import atexit\n"
            "def last():\n"
            "    try: interpreters.create()\n"
            "    except RuntimeError as error: print(error, interpreters.enumerate())\n"
            "import interpreters\n"
            "class Last:\n"
            "    def __del__(self, last=last): last()\n"
            "kept = Last()\n"
        )
        line = "cannot create an interpreter while the process exits [Interpreter(0)]\n"
        self.assertEqual(output, line)

    def test_exit_callbacks_older_than_ours(self):
        """They use interpreters as ever, in their order, and fail alone."""
        output = self.script(
            "import atexit, sys\n"
            "@atexit.register\n"
            "def first(): print('first', flush=True)\n"
            "@atexit.register\n"
            "def second(*args, **kwargs):\n"
            "    other = interpreters.create()\n"
            "    other.run('import atexit; atexit.register(print, \"other\")')\n"
            "    created.run('print(x, flush=True)')\n"
            "    print(args, kwargs, flush=True)\n"
            "atexit.register(second, 1, a=2)\n"
            "atexit.register(sys.exit, 'fault')\n"
            "atexit.register(lambda: 1/0)\n"
            "atexit.register(print, 'no more')\n"
            "atexit.unregister(print)\n"
            "import interpreters\n"
            "created = interpreters.create()\n"
            "created.run('x = 42; import atexit; atexit.register(print, \"created\")')\n"
            "atexit.register(print, 'newer', flush=True)\n"
            "sys.exit(3)\n",
            3,
        )
        self.assertEqual(
            output, "newer\n42\n(1,) {'a': 2}\n42\n() {}\nfirst\nother\nother\ncreated\n"
        )
        self.assertEqual(self.stderr.count("Exception ignored in atexit callback"), 2)
        self.assertIn("SystemExit: fault", self.stderr)
        self.assertIn("ZeroDivisionError", self.stderr)

    def test_older_exit_callback_that_waits_for_a_thread(self):
        output = self.script(
            "CODE = 'os.read({leave}, 1); print(42, flush=True)'\n"
            "import atexit, os\nleave, go = os.pipe()\nCODE = CODE.format(leave=leave)\n"
            "@atexit.register\n"
            "def last():\n"
            "    os.write(go, b'x')\n"
            "    for thread in threading.enumerate():\n"
            "        if thread is not threading.current_thread(): thread.join()\n"
            + CREATE + IN_THREAD + "sys.exit(3)\n",
            3,
        )
        self.assertEqual(output, "42\n")

    def test_made_after_our_callback_was_called(self):
        self.script(
            "import atexit, sys\n"
            "@atexit.register\n"
            "def last():\n"
            "    import interpreters\n"
            "    interpreters.create()\n"
            "sys.exit(3)\n",
            3,
        )

    @unittest.skipIf(sys.version_info[:2] == (3, 12), "3.12 refuses to fork there")
    def test_made_in_the_child_of_a_callback_that_forks(self):
        output = self.script(
            "import atexit, os, sys\n"
            "@atexit.register\n"
            "def last():\n"
            "    pid = os.fork()\n"
            "    if pid == 0: interpreters.create()\n"
            "    else: print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
            "import interpreters\n"
            "sys.exit(3)\n",
            3,
        )
        self.assertEqual(output, "3\n")

    def test_registered_with_what_does_not_register(self):
        self.script(
            "import atexit\natexit.register = lambda *_: None\n" + CREATE + "sys.exit(3)\n", 3
        )

    def test_our_callback_removed(self):
        self.script("import atexit\n" + CREATE + "atexit._clear()\nsys.exit(3)\n", 3)

    def test_destroy_that_comes_to_its_end_late(self):
        """After our callback has given it up, while an older callback takes its time."""
        output = self.script(
            "import atexit, time\natexit.register(time.sleep, 3)\n" + CREATE
            + "entered, enter = os.pipe()\n"
            "created.run(f'''import os, time\nclass A:\n"
            "    def __del__(self, write=os.write, sleep=time.sleep):\n"
            "        write({enter}, b\"x\"); sleep(6)\n"
            "a = A()''')\n"
            "threading.Thread(target=created.destroy, daemon=True).start()\n"
            "os.read(entered, 1)\n"
            "sys.exit(3)\n",
            3,
        )
        self.assertEqual(output + self.stderr, "")

    def test_while_a_fork_hook_blocks(self):
        self.script(
            "import os\nentered, enter = os.pipe()\n"
            "def before():\n    os.write(enter, b'x')\n    time.sleep(1000)\n"
            "os.register_at_fork(before=before)\n" + CREATE
            + "threading.Thread(target=os.fork, daemon=True).start()\n"
            "os.read(entered, 1)\n"
            "sys.exit(3)\n",
            3,
        )

    def test_while_one_is_being_made(self):
        """By a thread that is not through with it in time."""
        with tempfile.TemporaryDirectory() as directory:
            (pathlib.Path(directory) / "sitecustomize.py").write_text(
                "import os\n"
                "if 'ENTER' in os.environ:\n"
                "    import time\n"
                "    os.write(int(os.environ['ENTER']), b'x')\n"
                "    time.sleep(1000)\n"
            )
            self.script(
                "import interpreters, os, sys, threading\n"
                "entered, enter = os.pipe()\nos.environ['ENTER'] = str(enter)\n"
                "threading.Thread(target=interpreters.create, daemon=True).start()\n"
                "os.read(entered, 1)\n"
                "sys.exit(3)\n",
                3,
                site=directory,
            )

    def test_no_more_threads_allowed(self):
        self.script(
            "CODE = 'time.sleep(1000)'\nimport resource\n" + CREATE + IN_THREAD
            + "if os.getuid() == 0: os.setuid(65534)\n"
            "resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))\n"
            "sys.exit(3)\n",
            3,
        )

    @unittest.skipUnless(support.ISOLATED, "with one GIL for all, no other interpreter executes any more")
    def test_c_code_that_never_lets_go_of_its_gil(self):
        self.script("CODE = 'sum(iter(int, 1))'\n" + CREATE + IN_THREAD + "sys.exit(3)\n", 3)

    def test_hooks_that_cannot_be_installed(self):
        missing = (("atexit", "register"), ("posix", "register_at_fork"))
        for (module, name), there in itertools.product(missing, (False, True)):
            output = self.script(
                f"import sys, {module}, {support.OTHER} as other\n"
                f"function = {module}.{name}\n"
                f"del {module}.{name}\n"
                + (
                    "one = other.create()\n"
                    "try: print(other.run_string(one, 'import interpreters').formatted)\n"
                    "except RuntimeError as error: print(error)\n"
                    if there
                    else "try: import interpreters\n"
                    "except AttributeError as error: print(error)\n"
                )
                + f"{module}.{name} = function\n"
                "import interpreters\n"
                "interpreters.create()\n"
            )
            self.assertEqual(len(output.splitlines()), 1)
            self.assertIn("ImportError" if there else name, output)

    def test_an_exit_callback_that_calls_exit(self):
        self.script(
            CREATE + "created.run('import atexit, sys; atexit.register(sys.exit, 5)')\n"
            "sys.exit(3)",
            3,
        )


if __name__ == "__main__":
    support.main()
