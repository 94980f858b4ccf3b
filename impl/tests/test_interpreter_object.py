"""The class Interpreter: construction from an id, the read-only id, equality, hash, repr, copying."""

import copy
import gc
import pickle
import sys
import unittest.mock
import weakref

import interpreters
import support
from support import low
from interpreters import Interpreter


class Index:
    def __init__(self, value):
        self._value = value

    def __index__(self):
        return self._value


class OnceIndex:
    """Answers -5 from the second time on."""

    def __init__(self, value):
        self._answers = iter([value])

    def __index__(self):
        return next(self._answers, -5)


class FailingIndex:
    def __index__(self):
        raise ZeroDivisionError("no index")


class IntSubclass(int):
    pass


class Construction(support.TestCase):
    def test_denotes_the_interpreter_with_the_id(self):
        created = self.create()
        other = Interpreter(created.id)
        created.run("x = 41")
        other.run("x += 1")
        self.assertEqual(self.evaluate(created, "x"), "42")

    def test_ints_and_indexes(self):
        created = self.create()
        for value in (IntSubclass(created.id), Index(created.id)):
            self.assertEqual(Interpreter(value), created)
            self.assertIs(type(Interpreter(value).id), int)
            self.assertIs(low.is_running(value), False)
        self.assertEqual(Interpreter(OnceIndex(created.id)), created)

    def test_negative_answer_of_a_replaced_low_level_module(self):
        with unittest.mock.patch.object(low, "create", lambda: -1):
            with self.assertRaises(ValueError):
                interpreters.create()

    def test_unknown_id(self):
        unknown = self.create().id + 1
        self.assert_not_found(unknown, Interpreter, unknown)
        self.assert_not_found(2**63 - 1, Interpreter, 2**63 - 1)
        self.assertEqual(len(interpreters.enumerate()), 2)

    def test_wrong_ids(self):
        cases = [
            (TypeError, [True, False, 1.0, "1", b"1", None, object(), [0], Interpreter(0)]),
            (ValueError, [-1, -(2**63), -(2**64), -(2**200), Index(-1)]),
            (OverflowError, [2**63, 2**64, 2**200, 1 << 100_000, Index(2**64)]),
            (ZeroDivisionError, [FailingIndex()]),
        ]
        functions = [Interpreter, low.is_running, low.destroy]
        functions.append(lambda value: low.run(value, ""))
        for error, values in cases:
            for value in values:
                for function in functions:
                    with self.subTest(error=error, type=type(value).__name__):
                        self.assertRaises(error, function, value)
        self.assertEqual(interpreters.enumerate(), [interpreters.get_main()])

    def test_again_of_a_made_object_changes_nothing(self):
        created = self.create()
        created.__init__(0)
        self.assertNotEqual(created.id, 0)

    def test_subclass(self):
        class Sub(Interpreter):
            pass

        created = self.create()
        sub = Sub(created.id)
        sub.remark = "an attribute of its own"
        self.assertEqual(sub, created)
        self.assertEqual(created, sub)
        self.assertEqual(repr(sub), f"Sub({created.id})")
        sub.run("x = 1")
        self.assertIs(type(interpreters.enumerate()[1]), Interpreter)


class Id(support.TestCase):
    def test_read_only(self):
        created = self.create()
        before = created.id
        with self.assertRaises(AttributeError):
            created.id = 7
        with self.assertRaises(AttributeError):
            del created.id
        self.assertEqual(created.id, before)
        self.assertIs(type(created.id), int)

    def test_no_other_attributes(self):
        created = self.create()
        with self.assertRaises(AttributeError):
            created.other = 1
        with self.assertRaises(TypeError):
            Interpreter.other = 1

    def test_outlives_the_interpreter(self):
        created = self.create()
        before = created.id
        created.destroy()
        self.assertEqual(created.id, before)
        self.assertEqual(repr(created), f"Interpreter({before})")


class Values(support.TestCase):
    def test_equality_and_hash_by_id(self):
        one, two = self.create(), self.create()
        same = Interpreter(one.id)
        self.assertIsNot(same, one)
        self.assertTrue(same == one)
        self.assertFalse(same != one)
        self.assertFalse(one == two)
        self.assertTrue(one != two)
        self.assertEqual(len({one, two, same}), 2)
        self.assertEqual(hash(one), hash(same))

    def test_not_equal_to_anything_else(self):
        created = self.create()
        self.assertFalse(created == created.id)
        self.assertTrue(created != created.id)
        self.assertFalse(created == None)  # noqa: E711
        with self.assertRaises(TypeError):
            created < created

    def test_repr(self):
        created = self.create()
        self.assertEqual(repr(created), f"Interpreter({created.id})")
        self.assertEqual(repr(interpreters.get_main()), "Interpreter(0)")

    def test_no_pickle_and_no_copy(self):
        created = self.create()
        attempts = [copy.copy, copy.deepcopy]
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            attempts.append(lambda value, p=protocol: pickle.dumps(value, p))
        for attempt in attempts:
            with self.assertRaisesRegex(TypeError, "cannot pickle or copy.*Interpreter"):
                attempt(created)


class References(support.TestCase):
    def test_losing_the_last_object_keeps_the_interpreter(self):
        number = self.create().id
        gc.collect()
        self.assertIn(number, [each.id for each in interpreters.enumerate()])
        Interpreter(number).run("x = 1")

    def test_no_references_are_leaked(self):
        created = self.create()
        watched = [None, Interpreter, interpreters.RunFailedError, created]

        def use():
            for _ in range(500):
                Interpreter(created.id)
                interpreters.enumerate()
                interpreters.get_main()
                created.run("x = 1")
                created == created
                self.assertRaises(TypeError, Interpreter, "1")
                self.assertRaises(interpreters.RunFailedError, created.run, "1/0")
            gc.collect()
            return [sys.getrefcount(each) for each in watched]

        use()  # fills caches
        counts = [use() for _ in range(6)]
        # A leak or a lost reference shows in every round; caches change only in some.
        for each in zip(*counts):
            changes = [abs(after - before) for before, after in zip(each, each[1:])]
            self.assertLess(min(changes), 250, each)

    def test_code_is_not_kept(self):
        class Code(str):
            pass

        code = Code("x = 1")
        gone = weakref.ref(code)
        self.create().run(code)
        del code
        gc.collect()
        self.assertIsNone(gone())


if __name__ == "__main__":
    support.main()
