"""Interpreters and process-wide state: forks, signals, C code that looks up its thread state."""

import sys
import unittest

import support

CREATE = "import interpreters, os, sys\ncreated = interpreters.create()\ncreated.run('x = 42')\n"
WAIT = "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)\n"


class Fork(support.TestCase):
    def test_child_that_exits(self):
        for ending in ("os._exit(7)", "sys.exit(7)"):
            with self.subTest(ending):
                output = self.script(
                    CREATE + f"pid = os.fork()\nif pid == 0: {ending}\n" + WAIT
                    + "created.run('print(x)')\n"
                )
                self.assertEqual(output, "7\n42\n")

    def test_child_has_only_the_main_one(self):
        output = self.script(
            CREATE + "pid = os.fork()\n"
            "if pid == 0:\n"
            "    print(interpreters.enumerate(), flush=True)\n"
            "    try: created.run('x = 1')\n"
            "    except RuntimeError as error: print(error, flush=True)\n"
            "    other = interpreters.create()\n"
            "    other.run('print(6 * 7, flush=True)')\n"
            "    sys.exit(8)\n" + WAIT + "print(interpreters.enumerate())\n"
        )
        self.assertEqual(
            output,
            "[Interpreter(0)]\nunrecognized interpreter ID 1\n42\n8\n"
            "[Interpreter(0), Interpreter(1)]\n",
        )

    def test_while_one_runs_in_another_thread(self):
        output = self.script(
            "import threading\n" + CREATE + "entered, enter = os.pipe()\n"
            "leave, go = os.pipe()\n"
            "code = f'import os; os.write({enter}, b\"x\"); os.read({leave}, 1)'\n"
            "thread = threading.Thread(target=created.run, args=(code,))\n"
            "thread.start()\n"
            "os.read(entered, 1)\n"
            "pid = os.fork()\n"
            "if pid == 0: sys.exit(7)\n" + WAIT + "os.write(go, b'x')\nthread.join()\n"
        )
        self.assertEqual(output, "7\n")

    def test_buffered_output_is_written_once(self):
        output = self.script(
            CREATE + "created.run('print(\"once\")')\npid = os.fork()\n"
            "if pid == 0: sys.exit(7)\n" + WAIT + "created.destroy()\n"
        )
        self.assertEqual(output, "7\nonce\n")

    def test_subprocess_and_multiprocessing(self):
        output = self.script(
            CREATE + "import subprocess, multiprocessing\n"
            "print(subprocess.call(['true'], preexec_fn=lambda: None))\n"
            "child = multiprocessing.get_context('fork').Process(target=os.getpid)\n"
            "child.start(); child.join(); print(child.exitcode)\n"
            "created.run('import subprocess; print(subprocess.call([\"true\"]))')\n"
        )
        self.assertEqual(output, "0\n0\n0\n")

    def test_while_interpreters_are_at_work(self):
        for name, code in support.NOISY.items():
            if name in support.ALLOCATING:
                continue
            with self.subTest(name):
                output = self.script(
                    support.START_NOISE + f"make_noise({code!r})\n"
                    "for _ in range(5):\n"
                    "    pid = os.fork()\n"
                    "    if pid == 0:\n"
                    "        created = interpreters.create()\n"
                    "        created.run('x = 1')\n"
                    "        created.destroy()\n"
                    "        assert len(interpreters.enumerate()) == 1\n"
                    "        sys.exit(4)\n"
                    "    " + WAIT
                )
                self.assertEqual(output, "4\n" * 5)


    def test_hooks_on_the_way_are_refused(self):
        """Those registered before ours are called while no interpreter may be made or ended."""
        for when in "before", "after_in_child":
            with self.subTest(when):
                output = self.script(
                    "import os, sys\n"
                    "def hook():\n"
                    "    try: interpreters.create()\n"
                    "    except RuntimeError as error: print(error, flush=True)\n"
                    f"os.register_at_fork({when}=hook)\n" + CREATE
                    + "pid = os.fork()\nif pid == 0: sys.exit(7)\n" + WAIT
                    + "interpreters.create().run('print(x := 42)')\n"
                )
                self.assertEqual(
                    output, "cannot create an interpreter while the process forks\n7\n42\n"
                )

    def test_hooks_called_by_code(self):
        """Which the garbage collector knows of: they do nothing outside of a fork."""
        output = self.script(
            CREATE + "import gc\n"
            "hooks = {each.__name__: each for each in gc.get_objects()\n"
            "         if type(each) is type(len) and 'fork' in each.__name__}\n"
            "for name in 'after_fork_in_child', 'after_fork_in_parent': hooks[name]()\n"
            "print(interpreters.enumerate(), flush=True)\n"
            "pid = os.fork()\nif pid == 0: sys.exit(7)\n" + WAIT
            + "interpreters.create().run('print(x := 42)')\n"
        )
        self.assertEqual(output, "[Interpreter(0), Interpreter(1)]\n7\n42\n")

    def test_destructor_in_the_child(self):
        """A destructor of a thread that does not exist in the child."""
        output = self.script(
            "import contextvars, threading\n" + CREATE + "class D:\n"
            "    def __del__(self):\n"
            "        try: interpreters.create()\n"
            "        except RuntimeError: pass\n"
            "contextvars.ContextVar('v').set(D())\n"
            "def work():\n"
            "    pid = os.fork()\n"
            "    if pid == 0: os._exit(7)\n"
            "    " + WAIT + "thread = threading.Thread(target=work)\nthread.start()\nthread.join()\n"
        )
        self.assertEqual(output, "7\n")

    def test_hook_that_waits_for_a_thread_of_ours(self):
        """A lock held while one is created, and acquired before forks: neither waits forever."""
        output = self.script(
            "import os, threading\nlock = threading.Lock()\nin_hook = threading.Event()\n"
            "def before():\n    in_hook.set()\n    lock.acquire()\n"
            "os.register_at_fork(before=before, after_in_parent=lock.release)\n" + CREATE
            + "def work():\n"
            "    with lock:\n"
            "        held.set()\n"
            "        in_hook.wait()\n"
            "        try: interpreters.create()\n"
            "        except RuntimeError as error: print(error, flush=True)\n"
            "held = threading.Event()\n"
            "thread = threading.Thread(target=work)\n"
            "thread.start()\nheld.wait()\n"
            "pid = os.fork()\nif pid == 0: os._exit(7)\n" + WAIT
            + "thread.join()\ninterpreters.create().run('print(x := 42)')\n"
        )
        self.assertEqual(
            output, "cannot create an interpreter while the process forks\n7\n42\n"
        )

    def test_in_there_is_refused(self):
        for function in "fork", "forkpty":
            with self.subTest(function):
                output = self.script(
                    CREATE + "try: created.run('import os\\nif os." + function + "() == 0: os._exit(1)')\n"
                    "except interpreters.RunFailedError as error: print(error.type_name)\n"
                    f"pid = os.{function}()\npid = pid if type(pid) is int else pid[0]\n"
                    "if pid == 0: os._exit(7)\n" + WAIT
                )
                self.assertEqual(output, "RuntimeError\n7\n")

    def test_in_two_threads_at_once(self):
        output = self.script(
            "import os, threading, time\n"
            "os.register_at_fork(before=lambda: time.sleep(0.001))\n" + CREATE + "def work():\n"
            "    for _ in range(20):\n"
            "        pid = os.fork()\n"
            "        if pid == 0: os._exit(7)\n"
            "        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7\n"
            "threads = [threading.Thread(target=work) for _ in range(2)]\n"
            "for thread in threads: thread.start()\n"
            "for thread in threads: thread.join()\n"
            "created.run('print(x)')\n"
        )
        self.assertEqual(output, "42\n")


class Signals(support.TestCase):
    def test_interrupt_reaches_main_only(self):
        output = self.script(
            CREATE + "import signal\n"
            "try:\n"
            "    created.run('import os, signal; os.kill(os.getpid(), signal.SIGINT); y = 1')\n"
            "    for _ in range(1000): pass\n"
            "except KeyboardInterrupt: print(interpreters.get_current(), flush=True)\n"
            "created.run('print(y)')\n"
        )
        self.assertEqual(output, "Interpreter(0)\n1\n")


class ForeignCode(support.TestCase):
    @unittest.skipIf(sys.version_info[:2] == (3, 12), "3.12 has no ctypes there")
    def test_ctypes_callback_in_there(self):
        output = self.script(
            CREATE + "created.run('''import ctypes, interpreters\n"
            "kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)\n"
            "callback = kind(lambda n: n * interpreters.get_current().id)\n"
            "print(callback(42))''')\n"
            "import ctypes\n"
            "print(ctypes.CFUNCTYPE(ctypes.c_int)(lambda: interpreters.get_current().id)())\n"
        )
        self.assertEqual(output, "42\n0\n")

    def test_busy_interpreter_of_another_module(self):
        self.script(
            f"import {support.OTHER} as other, interpreters, threading, os\n"
            "one = other.create()\n"
            "entered, enter = os.pipe()\n"
            "leave, go = os.pipe()\n"
            "code = f'import os; os.write({enter}, b\"x\"); os.read({leave}, 1)'\n"
            "thread = threading.Thread(target=other.run_string, args=(one, code))\n"
            "thread.start()\n"
            "os.read(entered, 1)\n"
            "same = interpreters.Interpreter(int(one))\n"
            "assert same.is_running()\n"
            "for attempt in (same.destroy, lambda: same.run('x = 1')):\n"
            "    try: attempt()\n"
            "    except RuntimeError as error:\n"
            "        assert str(error) == 'interpreter 1 is already running', error\n"
            "    else: assert False\n"
            "os.write(go, b'x')\n"
            "thread.join()\n"
            "assert not same.is_running()\n"
            "same.run('x = 1')\n"
            "other.run_string(one, 'assert x == 1')\n"
            "same.destroy()\n"
            "try: other.run_string(one, '')\n"
            "except Exception as error: assert 'not recog' in str(error) or 'unrecog' in str(error), error\n"
            "else: assert False\n"
        )

    def test_main_seen_from_an_interpreter_of_another_module(self):
        self.script(
            f"import {support.OTHER} as other\n"
            "one = other.create()\n"
            "other.run_string(one, 'import interpreters\\n'\n"
            "    'assert interpreters.get_main().is_running()\\n'\n"
            "    'try: interpreters.get_main().run(str())\\n'\n"
            "    'except RuntimeError: pass\\n'\n"
            "    'else: assert False')\n"
        )

    def test_ours_in_another_module(self):
        output = self.script(
            CREATE + f"import {support.OTHER} as other\n"
            "ids = [each[0] if isinstance(each, tuple) else each for each in other.list_all()]\n"
            "assert [int(each) for each in ids] in ([0, 1], [1, 0])\n"
            "other.run_string(created.id, 'print(x)')\n"
            "assert not other.is_running(created.id)\n"
            "other.destroy(created.id)\n"
            "print(interpreters.enumerate())\n"
        )
        self.assertEqual(output, "42\n[Interpreter(0)]\n")


if __name__ == "__main__":
    support.main()
