"""Tests of the example beyond the suite: ends, signals, forks, many threads. Each test is a program."""

import os
import pathlib
import signal
import subprocess
import sys
import textwrap
import time
import unittest

HERE = pathlib.Path(__file__).parent
SECONDS = 60  # a program that takes longer hangs


def start(text):
    program = f"import sys; sys.path.insert(0, {str(HERE)!r})\nimport interpreters\n"
    return subprocess.Popen(
        [sys.executable, "-S", "-E", "-B", "-u", "-c", program + textwrap.dedent(text)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def gone(pid):
    """Whether the process has ended; it may be a zombie."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] in "ZX"


class Program(unittest.TestCase):
    def says(self, text, *lines, status=0):
        process = start(text)
        try:
            out, err = process.communicate(timeout=SECONDS)
        finally:
            process.kill()
        self.assertEqual(out.splitlines(), list(lines), err)
        self.assertEqual(process.returncode, status, err)
        return err

    def end_up(self, pids):
        deadline = time.monotonic() + SECONDS
        while not all(map(gone, pids)) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertTrue(all(map(gone, pids)), "a process outlived the main one")


class TheEnd(Program):
    # One is idle, one is in C code that holds the GIL; the idle one was made last, so it
    # would have the other's ends if they were inherited.
    ALIVE = """
        import os, threading, time
        busy = interpreters.create()
        idle = interpreters.create()
        for one in (busy, idle):
            one.run("import os; print(os.getpid())")
        code = "print('in', flush=True); sum(range(10 ** 15))"
        threading.Thread(target=busy.run, args=(code,), daemon=True).start()
        """

    def started(self, more):
        process = start(self.ALIVE + more)
        pids = [int(process.stdout.readline()) for _ in range(2)]
        self.addCleanup(self.clean, process, pids)
        self.assertEqual(process.stdout.readline(), "in\n")
        self.assertFalse(any(map(gone, pids)))
        return process, pids

    @staticmethod
    def clean(process, pids):
        for pid in (pid for pid in pids if not gone(pid)):
            os.kill(pid, signal.SIGKILL)
        process.kill()
        process.communicate()

    def test_none_outlives_a_main_that_is_killed(self):
        process, pids = self.started("time.sleep(1000)")
        process.kill()
        self.end_up(pids)

    def test_none_outlives_a_main_that_leaves_without_ado(self):
        process, pids = self.started("sys.stdin.read(0); time.sleep(0.2); os._exit(0)")
        self.end_up(pids)

    def test_none_outlives_a_main_that_ends_in_order(self):
        process, pids = self.started("time.sleep(0.2)")
        self.end_up(pids)
        self.assertEqual(process.wait(SECONDS), 0)

    def test_idle_ones_finalize_at_the_exit(self):
        self.says("""
            one = interpreters.create()
            one.run("import atexit, interpreters; atexit.register(print, 'bye')")
            one.run("atexit.register(lambda: print(len(interpreters.enumerate())))")
            """, "2", "bye")

    def test_one_that_ends_in_a_run(self):
        self.says("""
            one = interpreters.create()
            try:
                one.run("import os; os._exit(3)")
            except RuntimeError as error:
                print(error)
            print(interpreters.enumerate())
            """, "interpreter 1 ended in a run: status 3", "[Interpreter(0)]")

    def test_one_that_ends_while_idle(self):
        self.says("""
            import os
            reading, writing = os.pipe()
            one = interpreters.create()
            one.run(f"import os, threading; wait = lambda: (os.read({reading}, 1), os._exit(4))")
            one.run("threading.Thread(target=wait).start()")
            os.write(writing, b".")
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
            for each in (one.is_running, one.destroy, lambda: one.run("pass")):
                try:
                    each()
                except RuntimeError as error:
                    print(error)
            print(interpreters.enumerate())
            """, *["unrecognized interpreter ID 1"] * 3, "[Interpreter(0)]")

    def test_a_line_that_broke(self):
        # SIGPIPE as a program has it that embeds Python: it must not end the main interpreter.
        self.says("""
            import signal, socket
            from _processes.line import Line
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            ours, theirs = socket.socketpair()
            theirs.close()
            try:
                Line(ours).send("end")
            except BrokenPipeError:
                print("broken")
            """, "broken")


class Signals(Program):
    def test_an_interrupted_run_ends_the_interpreter(self):
        process = start("""
            one = interpreters.create()
            try:
                one.run("import os, time; print(os.getpid(), flush=True); time.sleep(1000)")
            except KeyboardInterrupt:
                print("interrupted", interpreters.enumerate())
            """)
        self.addCleanup(process.kill)
        pid = int(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SECONDS)
        self.assertEqual((out, err), ("interrupted [Interpreter(0)]\n", ""))
        self.assertTrue(gone(pid))

    def test_an_interrupt_does_not_affect_other_threads(self):
        self.says("""
            one = interpreters.create()
            one.run("import os, signal; os.kill(os.getpid(), signal.SIGINT); print('alive')")
            one.run("print('usable')")
            """, "alive", "usable")


class Threads(Program):
    def test_many_run_many_that_run_more(self):
        self.says("""
            import threading
            inner = "import interpreters; assert len(interpreters.enumerate()) > 8"
            code = f'''
            import interpreters, threading
            made = interpreters.create()
            threads = [threading.Thread(target=made.is_running) for _ in range(4)]
            [each.start() for each in threads]
            made.run({inner!r})
            [each.join() for each in threads]
            made.destroy()
            '''.replace("\\n            ", "\\n")
            many = [interpreters.create() for _ in range(8)]
            threads = [threading.Thread(target=one.run, args=(code,)) for one in many]
            [each.start() for each in threads]
            [each.join() for each in threads]
            print(len(interpreters.enumerate()), any(one.is_running() for one in many))
            """, "9 False")

    def test_a_busy_one_refuses(self):
        self.says("""
            import os, threading
            one = interpreters.create()
            inside, leave = os.pipe(), os.pipe()
            one = interpreters.create()
            code = f"import os; os.write({inside[1]}, b'.'); os.read({leave[0]}, 1)"
            thread = threading.Thread(target=one.run, args=(code,))
            thread.start()
            os.read(inside[0], 1)
            for each in (one.destroy, lambda: one.run("pass")):
                try:
                    each()
                except RuntimeError as error:
                    print(error)
            os.write(leave[1], b".")
            thread.join()
            one.run("print('usable')")
            """, *["interpreter 2 is already running"] * 2, "usable")


class Forks(Program):
    def test_a_fork_of_main_has_none(self):
        self.says("""
            import os
            one = interpreters.create()
            if os.fork() == 0:
                print(interpreters.enumerate())
                made = interpreters.create()
                made.run("print('of the fork')")
                sys.exit(7)
            print(os.waitstatus_to_exitcode(os.wait()[1]))
            one.run("print('of the first')")
            """, "[Interpreter(0)]", "of the fork", "7", "of the first")

    def test_a_fork_inside_is_none(self):
        self.says("""
            one = interpreters.create()
            one.run('''if True:
                import interpreters, os
                if os.fork() == 0:
                    try:
                        interpreters.enumerate()
                    except RuntimeError as error:
                        print(error, flush=True)
                else:
                    os.wait()
                ''')
            one.run("print('usable')")
            """, "the main interpreter does not answer", "usable")


class Failures(Program):
    def test_the_text_of_the_traceback_comes_back(self):
        self.says("""
            code = "import interpreters; interpreters.create().run('1 / 0')"
            try:
                interpreters.create().run(code)
            except interpreters.RunFailedError as error:
                print(error)
                print(error.traceback.splitlines()[-1])
            try:
                interpreters.create().run("1 / 0")
            except interpreters.RunFailedError as error:
                print(error.traceback)
            """, "RunFailedError: ZeroDivisionError: division by zero",
            "_processes.line.RunFailedError: ZeroDivisionError: division by zero",
            "Traceback (most recent call last):", '  File "<string>", line 1, in <module>',
            "ZeroDivisionError: division by zero", "")

    def test_no_python_to_start(self):
        self.says("""
            for sys.executable in ("", "/bin/true"):
                try:
                    interpreters.create()
                except RuntimeError as error:
                    print(error)
            print(interpreters.enumerate())
            """, "sys.executable is empty: there is no Python to start",
            "/bin/true did not start as an interpreter", "[Interpreter(0)]")


if __name__ == "__main__":
    unittest.main()
