"""Names, signatures, docstrings and types of both modules; which arguments they take."""

import inspect
import types

import interpreters
import support
from support import low

PUBLIC = ["enumerate", "get_current", "get_main", "create", "Interpreter", "RunFailedError"]
HIGH = {"enumerate": "()", "get_current": "()", "get_main": "()", "create": "()"}
LOW = {**HIGH, "is_running": "(id)", "destroy": "(id)", "run": "(id, code)"}
METHODS = {"is_running": "(self, /)", "destroy": "(self, /)", "run": "(self, /, code)"}


class Surface(support.TestCase):
    def test_public_names_are_exactly_these(self):
        self.assertEqual(sorted(interpreters.__all__), sorted(PUBLIC))
        public = [name for name in dir(interpreters) if not name.startswith("_")]
        self.assertEqual(sorted(public), sorted(PUBLIC))
        names = [name for name in dir(low) if not name.startswith("_")]
        self.assertEqual(sorted(names), sorted([*LOW, "RunFailedError"]))

    def test_signatures(self):
        for module, functions in ((interpreters, HIGH), (low, LOW)):
            for name, signature in functions.items():
                function = getattr(module, name)
                self.assertIsInstance(function, types.BuiltinFunctionType)
                self.assertEqual(str(inspect.signature(function)), signature)
        for name, signature in METHODS.items():
            method = getattr(interpreters.Interpreter, name)
            self.assertEqual(str(inspect.signature(method)), signature)
        self.assertEqual(str(inspect.signature(interpreters.Interpreter)), "(id)")

    def test_docstrings(self):
        owners = [(interpreters, HIGH), (low, LOW), (interpreters.Interpreter, METHODS)]
        for owner, names in owners:
            self.assertTrue(owner.__doc__)
            for name in names:
                self.assertTrue(getattr(owner, name).__doc__.strip())
        self.assertIn("read-only", interpreters.Interpreter.id.__doc__)

    def test_error_type(self):
        self.assertIs(interpreters.RunFailedError, low.RunFailedError)
        self.assertEqual(interpreters.RunFailedError.__bases__, (RuntimeError,))
        self.assertEqual(interpreters.RunFailedError.__module__, "interpreters")
        plain = interpreters.RunFailedError("by hand")
        self.assertEqual((plain.type_name, plain.message, plain.traceback), (None, None, None))

    def test_functions_take_no_arguments(self):
        for module in (interpreters, low):
            for name in HIGH:
                with self.subTest(module=module.__name__, name=name):
                    self.assertRaises(TypeError, getattr(module, name), 1)
                    self.assertRaises(TypeError, getattr(module, name), isolated=True)
        self.assertEqual(len(interpreters.enumerate()), 1)

    def test_keywords_and_positions(self):
        created = self.create()
        self.assertEqual(interpreters.Interpreter(id=created.id), created)
        self.assertIsNone(created.run(code="x = 1"))
        self.assertIsNone(low.run(id=created.id, code="x = 1"))
        self.assertIsNone(low.run(created.id, "x = 1"))
        self.assertIs(low.is_running(id=created.id), False)
        self.assertIsNone(low.destroy(id=created.id))

    def test_wrong_calls(self):
        created = self.create()
        wrong = [
            (interpreters.Interpreter,),
            (interpreters.Interpreter, 0, 0),
            (created.run,),
            (created.run, "", ""),
            (created.destroy, 1),
            (created.is_running, 1),
            (low.run, created.id),
            (low.is_running,),
            (low.destroy,),
        ]
        for function, *args in wrong:
            with self.subTest(function=function, args=args):
                self.assertRaises(TypeError, function, *args)
        self.assertRaises(TypeError, created.run, source="")

    def test_high_level_wraps_the_low_level(self):
        create = low.create
        del low.create
        self.addCleanup(setattr, low, "create", create)
        self.assertRaises(AttributeError, interpreters.create)
        low.create = lambda: 42
        self.assertEqual(interpreters.create().id, 42)

    def test_errors_of_the_low_level_module(self):
        def fail():
            raise OSError(7, "no")

        for name in ("enumerate", "get_current", "create"):
            self.addCleanup(setattr, low, name, getattr(low, name))
            setattr(low, name, fail)
            self.assertRaises(OSError, getattr(interpreters, name))
            for wrong in ("one", ["one"]):
                setattr(low, name, lambda value=wrong: value)
                self.assertRaises(TypeError, getattr(interpreters, name))

    def test_low_level_deals_in_ints(self):
        created = low.create()
        self.assertIs(type(created), int)
        self.assertEqual(low.enumerate(), [low.get_main(), created])
        self.assertIs(type(low.enumerate()), list)
        self.assertEqual(low.get_current(), low.get_main())
        low.destroy(created)
        self.assertEqual(low.enumerate(), [low.get_main()])


if __name__ == "__main__":
    support.main()
