"""An adapter adds nothing: what is called reaches the module it wraps, once, and so does the answer.

What an adapter does is held against a stand-in (probe.py), and its source against what it may consist
of (source.py); and both against adapters that add something (additions.py).
"""

import ast
import pathlib
import unittest

from additions import ADDED, UNSEEN
from probe import SHAPES, behaviour
from source import source_problems

ADAPTERS = pathlib.Path(__file__).parent.parent / "adapters"


def read(adapter):
    return (ADAPTERS / adapter / "interpreters.py").read_text(encoding="utf-8")


def folders():
    return sorted(path.parent.name for path in ADAPTERS.glob("*/interpreters.py"))


def changed(adapter, old, new):
    source = read(adapter)
    assert old in source, f"{adapter} has no {old!r}: fix the test"
    return source.replace(old, new)


class Adapters(unittest.TestCase):
    def test_forward_and_nothing_else(self):
        for shape, (adapter, _, _) in SHAPES.items():
            with self.subTest(shape):
                self.assertEqual(behaviour(shape, read(adapter)), [])

    def test_consist_of_nothing_else(self):
        for adapter in folders():
            with self.subTest(adapter):
                self.assertEqual(source_problems(adapter, read(adapter)), [])

    def test_are_all_known_here_and_in_the_order(self):
        lines = (ADAPTERS / "order").read_text(encoding="utf-8").splitlines()
        order = [tuple(line.split()) for line in lines if line and not line.startswith("#")]
        self.assertEqual(sorted(name for name, _ in order), folders())
        self.assertEqual(set(order), {(adapter, name) for adapter, name, _ in SHAPES.values()})

    def test_the_low_level_module_has_no_more_than_a_name(self):
        [path] = ADAPTERS.glob("*/_interpreters.py")
        docstring, line = ast.parse(path.read_text(encoding="utf-8")).body
        self.assertIsInstance(docstring.value, ast.Constant)
        self.assertEqual(ast.unparse(line), "from _xxsubinterpreters import *")


class WhatIsAdded(unittest.TestCase):
    def test_is_seen_in_what_it_does(self):
        for name, (adapter, old, new) in ADDED.items():
            source = changed(adapter, old, new)
            shapes = [shape for shape in SHAPES if SHAPES[shape][0] == adapter]
            with self.subTest(name):
                self.assertTrue(any(behaviour(shape, source) for shape in shapes))

    def test_is_seen_in_the_source(self):
        for name, (adapter, old, new) in UNSEEN.items():
            with self.subTest(name):
                self.assertNotEqual(source_problems(adapter, changed(adapter, old, new)), [])


if __name__ == "__main__":
    unittest.main()
