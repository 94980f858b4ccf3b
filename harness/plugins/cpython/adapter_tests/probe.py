"""Runs an adapter over a stand-in for the module it wraps, which records every call."""

import sys
import types
from unittest import mock


class Planned(Exception):
    """The exception that the stand-in raises on demand."""


class Recorder:
    """Makes functions that record their calls, and return given answers."""

    def __init__(self):
        self.calls, self.answer, self.error = [], None, None

    def function(self, name):
        def recorded(*arguments, **named):
            self.calls.append((name, *arguments, *named.items()))
            if len(self.calls) > 9:
                raise RecursionError("called again and again")
            if self.error is not None:
                raise self.error
            return self.answer
        return recorded


def low_level(recorder, name):
    """A stand-in for a module of functions that take ids."""
    module = types.ModuleType(name)
    for function in ("list_all", "get_current", "get_main", "create", "is_running", "destroy",
                     "run_string"):
        setattr(module, function, recorder.function(function))
    module.RunFailedError = type("RunFailedError", (RuntimeError,), {})
    return module


def high_level(recorder, name, runs):
    """A stand-in for a module with a class Interpreter, which runs code by the method `runs`."""
    module = types.ModuleType(name)
    for function in ("list_all", "get_current", "get_main", "create"):
        setattr(module, function, recorder.function(function))
    for_all = {method: recorder.function(method) for method in ("is_running", "close", runs)}
    get, put, drop = map(recorder.function, ("get id", "set id", "delete id"))
    made = recorder.function("Interpreter")
    module.Interpreter = type("Interpreter", (), {
        **for_all, "__init__": made, "id": property(get, put, drop)})
    module.ExecutionFailed = type("ExecutionFailed", (RuntimeError,), {})
    module._interpreters = types.ModuleType("_wrapped_in_turn")
    return module


# Adapter, the name of what it wraps, and a stand-in for it. test.support.interpreters has two shapes.
SHAPES = {
    "xxsubinterpreters": ("xxsubinterpreters", "_xxsubinterpreters", low_level),
    "interpreters": ("interpreters", "_interpreters", low_level),
    "concurrent": ("concurrent", "concurrent.interpreters",
                   lambda recorder, name: high_level(recorder, name, "exec")),
    "testsupport until 3.12": ("testsupport", "test.support.interpreters",
                               lambda recorder, name: high_level(recorder, name, "run")),
    "testsupport in 3.13": ("testsupport", "test.support.interpreters",
                            lambda recorder, name: high_level(recorder, name, "exec")),
}


class Probe:
    """One adapter over a stand-in. Every problem that is found is a line in `problems`."""

    def __init__(self, shape, source):
        adapter, name, stand_in = SHAPES[shape]
        self.problems = []
        self.recorder = Recorder()
        self.wrapped = stand_in(self.recorder, name)
        self.pairs = adapter == "interpreters"  # its functions answer (id, where it comes from)
        self.module = types.ModuleType("interpreters")
        modules, inner = {name: self.wrapped}, self.wrapped
        while "." in name:  # the packages that it is in
            name, _, last = name.rpartition(".")
            modules[name] = types.SimpleNamespace(**{last: inner})
            inner = modules[name]
        with mock.patch.dict(sys.modules, modules):
            exec(compile(source, shape, "exec"), vars(self.module))
            self.modules = dict(sys.modules)
        self.expect("to be imported", [])

    def problem(self, text):
        self.problems.append(text)

    def expect(self, what, calls):
        """That these calls were made, with these very arguments, and no other."""
        made, self.recorder.calls = self.recorder.calls, []
        same = len(made) == len(calls) and all(
            len(one) == len(other) and one[0] == other[0]
            and all(a is b for a, b in zip(one[1:], other[1:])) for one, other in zip(made, calls))
        if not same:
            self.problem(f"{what}: expected the calls {calls}, got {made}")

    def passes(self, what, operation, call, answer, came_back):
        """Once with an answer, and once with an exception."""
        self.recorder.answer = answer
        try:
            got = operation()
        except BaseException as error:
            self.problem(f"{what}: expected an answer, got {error!r}")
        else:
            self.expect(what, [call])  # before anything is done with what it answered
            if not came_back(got):
                self.problem(f"{what}: the answer {answer!r} came back as {got!r}")
        self.recorder.calls.clear()
        self.recorder.answer, self.recorder.error = None, Planned()
        try:
            got = operation()
        except BaseException as error:
            if error is not self.recorder.error or error.__cause__ or error.__context__:
                self.problem(f"{what}: the exception came back as {error!r}")
        else:
            self.problem(f"{what}: an exception came back as the answer {got!r}")
        self.expect(f"{what}, which raises", [call])
        self.recorder.error = None


class LowLevel(Probe):
    """Ids come wrapped in objects, which is all that is invented."""

    def run(self):
        ids = [object(), object()]
        ids.append(ids[0])  # what is listed twice stays so
        answer = [(id, object()) for id in ids] if self.pairs else list(ids)
        self.passes("enumerate", self.module.enumerate, ("list_all",), answer,
                    lambda got: type(got) is list and len(got) == 3
                    and all(self.is_object(one, id) for one, id in zip(got, ids)))
        for function in ("get_current", "get_main", "create"):
            id = object()
            paired = self.pairs and function != "create"
            self.passes(function, getattr(self.module, function), (function,),
                        (id, object()) if paired else id,
                        lambda got: self.is_object(got, id))
        self.object()
        return self.problems

    def is_object(self, got, id):
        return type(got) is self.module.Interpreter and got.id is id

    def object(self):
        id, code = object(), object()
        one = self.module.Interpreter(id)
        if one.id is not id:
            self.problem("id: it is another object")
        self.expect("Interpreter, id", [])
        for change in (lambda: setattr(one, "id", 1), lambda: delattr(one, "id")):
            try:
                change()
                self.problem("id: an invented attribute can be changed")
            except NotImplementedError:
                pass
        if self.module.__invents__ != ("write_id",):
            self.problem("__invents__ does not say that write_id is")
        for method in ("is_running", "destroy"):
            answer = object()
            self.passes(method, getattr(one, method), (method, id), answer,
                        lambda got: got is answer)
        answer = None if self.pairs else object()
        self.passes("run", lambda: one.run(code), ("run_string", id, code), answer,
                    lambda got: got is answer)
        if self.pairs:
            self.failure(one, id, code)

    def failure(self, one, id, code):
        """run_string answers about an exception; the adapter raises what it says."""
        self.recorder.answer = types.SimpleNamespace(formatted=object())
        try:
            one.run(code)
            self.problem("run: a failure that was answered is not raised")
        except self.module.ExecutionFailed as error:
            if len(error.args) != 1 or error.args[0] is not self.recorder.answer.formatted:
                self.problem("run: a failure is raised with other words")
        self.expect("run, which fails", [("run_string", id, code)])


class HighLevel(Probe):
    """Functions, class and objects are those of the module that is wrapped."""

    def run(self):
        for name, real in (("enumerate", "list_all"), ("get_current",) * 2, ("get_main",) * 2,
                           ("create",) * 2):
            answer = object()
            self.passes(name, getattr(self.module, name), (real,), answer,
                        lambda got: got is answer)
        if self.module.__invents__ != ():
            self.problem("__invents__: nothing is")
        if hasattr(self.wrapped, "_interpreters") and "sys" in vars(self.module):
            if self.modules.get("_interpreters") is not self.wrapped._interpreters:
                self.problem("_interpreters: it is another module")
        self.object()
        return self.problems

    def object(self):
        id, code, value = object(), object(), object()
        self.recorder.answer = None
        one = self.module.Interpreter(id)
        if type(one) is not self.wrapped.Interpreter:
            self.problem("Interpreter: it is another class")
        self.expect("Interpreter", [("Interpreter", one, id)])
        runs = "exec" if hasattr(self.wrapped.Interpreter, "exec") else "run"
        answer = object()
        for what, operation, call in (
                ("id", lambda: one.id, ("get id", one)),
                ("is_running", lambda: one.is_running(), ("is_running", one)),
                ("destroy", lambda: one.destroy(), ("close", one)),
                ("run", lambda: one.run(code), (runs, one, code))):
            self.passes(what, operation, call, answer, lambda got: got is answer)
        for what, operation, call in (
                ("id =", lambda: setattr(one, "id", value), ("set id", one, value)),
                ("del id", lambda: delattr(one, "id"), ("delete id", one))):
            self.passes(what, operation, call, None, lambda got: got is None)


def behaviour(shape, source):
    """Errors in the adapter's behaviour, one line each."""
    probe = LowLevel if SHAPES[shape][2] is low_level else HighLevel
    try:
        return probe(shape, source).run()
    except Exception as error:
        return [f"it cannot be tried: {error!r}"]
