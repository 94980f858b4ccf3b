"""is_running(): true exactly while a run executes, from any caller."""

import threading

import interpreters
import support
from support import Blocked

ASK = "__import__('interpreters').Interpreter({}).is_running()"


class IsRunning(support.TestCase):
    def test_false_when_idle(self):
        created = self.create()
        self.assertIs(created.is_running(), False)
        created.run("x = 1")
        self.assertIs(created.is_running(), False)
        self.assertRaises(interpreters.RunFailedError, created.run, "1/0")
        self.assertIs(created.is_running(), False)

    def test_true_from_another_thread(self):
        created = self.create()
        with Blocked(created):
            self.assertIs(created.is_running(), True)
            self.assertIs(interpreters.Interpreter(created.id).is_running(), True)
        self.assertIs(created.is_running(), False)

    def test_until_a_failing_run_is_over(self):
        created = self.create()
        with Blocked(created, after="1/0") as blocked:
            self.assertIs(created.is_running(), True)
        self.assertEqual(blocked.error.type_name, "ZeroDivisionError")
        self.assertIs(created.is_running(), False)

    def test_true_from_inside(self):
        created = self.create()
        self.assertEqual(self.evaluate(created, ASK.format(created.id)), "True")

    def test_true_from_a_sibling(self):
        one, two = self.create(), self.create()
        with Blocked(one):
            self.assertEqual(self.evaluate(two, ASK.format(one.id)), "True")
            self.assertEqual(self.evaluate(two, ASK.format(two.id)), "True")
        self.assertEqual(self.evaluate(two, ASK.format(one.id)), "False")

    def test_true_of_a_parent_in_a_nested_run(self):
        parent, child = self.create(), self.create()
        parent.run(
            "import interpreters\n"
            f"interpreters.Interpreter({child.id}).run('''import interpreters\n"
            f"answers = [each.is_running() for each in interpreters.enumerate()]''')"
        )
        self.assertEqual(self.evaluate(child, "answers"), "[True, True, True]")
        self.assertIs(parent.is_running(), False)

    def test_main(self):
        self.assertIs(interpreters.get_main().is_running(), True)
        created = self.create()
        self.assertEqual(self.evaluate(created, ASK.format(0)), "True")
        answers = []
        thread = threading.Thread(
            target=lambda: answers.append(interpreters.get_main().is_running())
        )
        thread.start()
        thread.join()
        self.assertEqual(answers, [True])

    def test_leftover_thread_does_not_count(self):
        created = self.create()
        created.run(
            "import os, _thread\n"
            "leave, go = os.pipe()\n"
            "def wait():\n    os.read(leave, 1)\n    done.release()\n"
            "done = _thread.allocate_lock()\n"
            "done.acquire()\n"
            "_thread.start_new_thread(wait, ())"
        )
        self.assertIs(created.is_running(), False)
        created.run("os.write(go, b'x'); done.acquire()")
        support.wait_for_threads(created)

    def test_suspended_generator_does_not_count(self):
        created = self.create()
        created.run("def f():\n    yield\ng = f()\nnext(g)")
        self.assertIs(created.is_running(), False)

    def test_destroyed(self):
        created = self.create()
        created.destroy()
        self.assert_not_found(created.id, created.is_running)

    def test_in_exit_callbacks(self):
        output = self.script(
            "import interpreters\n"
            "created = interpreters.create()\n"
            "created.run('''import atexit, interpreters\n"
            "@atexit.register\n"
            "def last():\n"
            "    own = interpreters.get_current()\n"
            "    print(own, own.is_running(), interpreters.get_main().is_running())\n"
            "    try: own.run(\"x = 1\")\n"
            "    except RuntimeError as error: print(error)''')\n"
            "created.destroy()\n"
        )
        self.assertEqual(
            output, "Interpreter(1) True True\ninterpreter 1 is already running\n"
        )


if __name__ == "__main__":
    support.main()
