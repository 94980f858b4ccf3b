"""enumerate, get_current, get_main, create."""

import gc
import os
import sys
import threading

import interpreters
import support


class Enumerate(support.TestCase):
    def test_a_fresh_list_of_interpreters(self):
        first = interpreters.enumerate()
        self.assertIs(type(first), list)
        self.assertIs(type(first[0]), interpreters.Interpreter)
        first.clear()
        self.assertEqual(len(interpreters.enumerate()), 1)

    def test_each_existing_one_once_in_order_of_creation(self):
        made = [self.create() for _ in range(4)]
        self.assertEqual(interpreters.enumerate(), [interpreters.get_main(), *made])

    def test_without_destroyed_ones(self):
        one, two, three = (self.create() for _ in range(3))
        two.destroy()
        self.assertEqual(interpreters.enumerate(), [interpreters.get_main(), one, three])
        self.assertRaises(RuntimeError, interpreters.get_main().destroy)
        self.assertEqual(len(interpreters.enumerate()), 3)

    def test_the_same_from_everywhere(self):
        one, two = self.create(), self.create()
        expected = ascii([each.id for each in interpreters.enumerate()])
        asked = "[i.id for i in __import__('interpreters').enumerate()]"
        self.assertEqual(self.evaluate(one, asked), expected)
        self.assertEqual(self.evaluate(two, asked), expected)
        answers = []
        thread = threading.Thread(target=lambda: answers.extend(interpreters.enumerate()))
        thread.start()
        thread.join()
        self.assertEqual(ascii([each.id for each in answers]), expected)


class Current(support.TestCase):
    def test_the_one_that_executes(self):
        created = self.create()
        asked = "__import__('interpreters').get_current().id"
        self.assertEqual(self.evaluate(created, asked), str(created.id))
        self.assertEqual(interpreters.get_current(), interpreters.get_main())

    def test_restored_after_failure_and_creation_and_destruction(self):
        created = self.create()
        self.assertEqual(interpreters.get_current().id, 0)
        self.assertRaises(interpreters.RunFailedError, created.run, "1/0")
        self.assertEqual(interpreters.get_current().id, 0)
        created.destroy()
        self.assertEqual(interpreters.get_current().id, 0)

    def test_main_from_everywhere(self):
        created = self.create()
        asked = "__import__('interpreters').get_main().id"
        self.assertEqual(self.evaluate(created, asked), "0")
        self.assertIn(interpreters.get_main(), interpreters.enumerate())


class Create(support.TestCase):
    def test_new_and_idle(self):
        before = interpreters.enumerate()
        threads = set(os.listdir("/proc/self/task"))
        names = dict(globals())
        created = self.create()
        self.assertIs(type(created), interpreters.Interpreter)
        self.assertNotIn(created, before)
        self.assertIs(created.is_running(), False)
        self.assertLessEqual(set(os.listdir("/proc/self/task")), threads)
        self.assertEqual(globals(), names)

    def test_ids_are_never_reused(self):
        ids = []
        for _ in range(5):
            created = self.create()
            ids.append(created.id)
            created.destroy()
        self.assertEqual(ids, sorted(set(ids)))

    def test_from_a_thread_that_dies(self):
        made = []
        thread = threading.Thread(target=lambda: made.append(self.create()))
        thread.start()
        thread.join()
        self.assertEqual(self.evaluate(made[0], "6 * 7"), "42")
        made[0].destroy()

    def test_child_outlives_its_creator(self):
        parent = self.create()
        parent.run("import interpreters; child = interpreters.create()")
        child = interpreters.enumerate()[-1]
        self.assertNotEqual(child, parent)
        parent.destroy()
        self.assertEqual(self.evaluate(child, "6 * 7"), "42")

    def test_separate_state(self):
        one, two = self.create(), self.create()
        one.run("import sys; x = 1; sys.path.append('here'); sys.modules['m'] = sys")
        two.run("import sys")
        self.assertEqual(self.evaluate(two, "'x' in globals()"), "False")
        self.assertEqual(self.evaluate(two, "'here' in sys.path"), "False")
        self.assertEqual(self.evaluate(two, "'m' in sys.modules"), "False")
        self.assertNotIn("m", sys.modules)

    def test_types_of_another_one_are_not_seen(self):
        created = self.create()
        created.run("class OnlyInThere: pass\nkept = OnlyInThere()")
        names = {type(each).__name__ for each in gc.get_objects()}
        self.assertNotIn("OnlyInThere", names)

    def test_refused_creation_leaves_nothing(self):
        output = self.script(
            "import interpreters, sys\n"
            "def refuse(event, args):\n"
            "    if event == 'cpython.PyInterpreterState_New' and not allowed:\n"
            "        raise PermissionError('refused')\n"
            "allowed = False\n"
            "sys.addaudithook(refuse)\n"
            "try: interpreters.create()\n"
            "except PermissionError as error: print(error)\n"
            "print(interpreters.enumerate(), interpreters.get_current(), flush=True)\n"
            "allowed = True\n"
            "interpreters.create().run('print(6 * 7)')\n"
        )
        self.assertEqual(output, "refused\n[Interpreter(0)] Interpreter(0)\n42\n")

    def test_many(self):
        made = [self.create() for _ in range(60)]
        self.assertEqual(len(interpreters.enumerate()), 61)
        for each in reversed(made):
            each.destroy()


if __name__ == "__main__":
    support.main()
