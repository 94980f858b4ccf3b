"""Several threads at once: nothing overlaps, exactly one of several destroys succeeds."""

import os
import threading

import interpreters
import support
from support import Blocked

ROUNDS = 10 if support.SANITIZED else 40


def at_once(*functions):
    """Calls them in a thread each, started together; their results or exceptions, in order."""
    barrier = threading.Barrier(len(functions))
    results = [None] * len(functions)

    def call(index, function):
        barrier.wait()
        try:
            results[index] = function()
        except Exception as error:
            results[index] = error

    threads = [
        threading.Thread(target=call, args=(index, function))
        for index, function in enumerate(functions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(support.TIMEOUT)
    return results


class Concurrency(support.TestCase):
    def test_two_runs_never_overlap(self):
        created = self.create()
        with Blocked(created):
            self.assert_busy(created.id, created.run, "x = 1")
        self.assertEqual(self.evaluate(created, "'x' in globals()"), "False")

    def test_other_interpreters_run_meanwhile(self):
        one, two = self.create(), self.create()
        with Blocked(one), Blocked(two):
            self.assertTrue(one.is_running() and two.is_running())
            self.assertEqual(self.evaluate(self.create(), "6 * 7"), "42")

    def test_one_of_several_destroys_succeeds(self):
        slow = "import atexit, os\natexit.register(os.sched_yield)\natexit.register(os.listdir)"
        for _ in range(ROUNDS):
            created = self.create()
            created.run(slow)
            results = at_once(created.destroy, created.destroy, created.destroy)
            self.assertEqual(results.count(None), 1)
            for error in filter(None, results):
                self.assertIsInstance(error, RuntimeError)
                self.assertRegex(str(error), f"(unrecognized|already running|{created.id})")
            self.assertNotIn(created, interpreters.enumerate())

    def test_second_destroy_during_the_first(self):
        entered, enter = os.pipe()
        leave, go = os.pipe()
        created = self.create()
        created.run(
            "import atexit, os\n"
            "@atexit.register\n"
            f"def last():\n    os.write({enter}, b'x')\n    os.read({leave}, 1)\n"
        )
        thread = threading.Thread(target=created.destroy)
        thread.start()
        os.read(entered, 1)
        self.assert_busy(created.id, created.destroy)
        self.assert_busy(created.id, created.run, "x = 1")
        self.assertIs(created.is_running(), True)
        os.write(go, b"x")
        thread.join()
        self.assert_not_found(created.id, created.destroy)
        for end in (entered, enter, leave, go):
            os.close(end)

    def test_destroy_against_run(self):
        for _ in range(ROUNDS):
            created = self.create()
            ran, destroyed = at_once(
                lambda: created.run("import os; os.listdir()"), created.destroy
            )
            self.assertTrue(ran is None or destroyed is None)
            for error in filter(None, (ran, destroyed)):
                self.assertIsInstance(error, RuntimeError)
                self.assertNotIsInstance(error, interpreters.RunFailedError)
            if destroyed is not None:
                created.destroy()

    def test_creations_and_listings(self):
        def work():
            for _ in range(3):
                created = interpreters.create()
                created.run("x = 1")
                if created not in interpreters.enumerate():
                    return "not listed"
                created.destroy()
            return "done"

        self.assertEqual(at_once(*[work] * 4), ["done"] * 4)
        self.assertEqual(interpreters.enumerate(), [interpreters.get_main()])

    def test_each_thread_is_in_its_own(self):
        made = [self.create() for _ in range(4)]

        def work(created):
            asked = "__import__('interpreters').get_current().id"
            return {self.evaluate(created, asked) for _ in range(ROUNDS)}

        results = at_once(*[lambda each=each: work(each) for each in made])
        self.assertEqual(results, [{str(each.id)} for each in made])


if __name__ == "__main__":
    support.main()
