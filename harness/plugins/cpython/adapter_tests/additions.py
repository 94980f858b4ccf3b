"""Adapters with one forbidden addition each: the adapter, the replaced text, and its replacement."""

# Seen by what they do.
ADDED = {
    "a conversion": ("xxsubinterpreters", "_low.is_running(self._id)", "bool(_low.is_running(self._id))"),
    "another argument": ("xxsubinterpreters", "_low.create()", "_low.create(isolated=False)"),
    "a check of the code": ("xxsubinterpreters", "        return _low.run_string",
                            "        str.encode(code)\n        return _low.run_string"),
    "a check of the id": ("xxsubinterpreters", "        self._id = id  #",
                          "        _low.is_running(id)\n        self._id = id  #"),
    "an id of its own": ("xxsubinterpreters", "self._id = id  #", "self._id = str(id)  #"),
    "a retry": ("xxsubinterpreters", "        return _low.destroy(self._id)",
                "        try:\n            return _low.destroy(self._id)\n        except Exception:\n"
                "            return _low.destroy(self._id)"),
    "a cure": ("xxsubinterpreters", "    return Interpreter(_low.get_current())",
               "    try:\n        return Interpreter(_low.get_current())\n    except Exception:\n"
               "        return Interpreter(_low.get_main())"),
    "another exception": ("xxsubinterpreters", "        return _low.run_string(self._id, code)",
                          "        try:\n            return _low.run_string(self._id, code)\n"
                          "        except Exception as error:\n"
                          "            raise RuntimeError(str(error)) from None"),
    "each once": ("xxsubinterpreters", "for id in _low.list_all()]",
                  "for id in dict.fromkeys(_low.list_all())]"),
    "those with an id": ("xxsubinterpreters", "for id in _low.list_all()]",
                         "for id in _low.list_all() if isinstance(id, int)]"),
    "an answer that is dropped": ("xxsubinterpreters", "return _low.run_string", "_low.run_string"),
    "an id that can be assigned": ("xxsubinterpreters", "_invented, _invented)",
                                   "lambda self, id: None, _invented)"),
    "an undeclared invention": ("xxsubinterpreters", '("write_id",)', "()"),
    "an invention that is none": ("concurrent", "__invents__ = ()", '__invents__ = ("write_id",)'),
    "words of its own": ("interpreters", "failure.formatted", "str(failure.formatted)"),
    "a failure that is hidden": ("interpreters", "        if failure is not None:\n"
                                 "            raise ExecutionFailed(failure.formatted)\n", ""),
    "a question more": ("interpreters", "        failure = _low.run_string",
                        "        _low.is_running(self._id)\n        failure = _low.run_string"),
    "a wait": ("interpreters", "        return _low.destroy", "        while _low.is_running("
               "self._id):\n            pass\n        return _low.destroy"),
    "the other half": ("interpreters", "_low.get_main()[0]", "_low.get_main()[1]"),
    "a method of its own": ("concurrent", "Interpreter.destroy = Interpreter.close",
                            "Interpreter.destroy = lambda self: bool(self.close())"),
    "a class of its own": ("concurrent", "Interpreter = _high.Interpreter\n",
                           "class Interpreter(_high.Interpreter):\n    pass\n\n"),
    "a list of its own": ("concurrent", "enumerate = _high.list_all",
                          "def enumerate():\n    return list(_high.list_all())"),
    "the wrong function": ("concurrent", "get_main = _high.get_main",
                           "get_main = _high.get_current"),
    "the wrong method": ("testsupport", '"exec", getattr', '"call", getattr'),
    "another low-level module": ("testsupport", "= _high._interpreters", "= _high"),
}
# Additions that show only in the source, not in any call.
UNSEEN = {
    "an import": ("xxsubinterpreters", "import _xxsubinterpreters as _low",
                  "import threading\nimport _xxsubinterpreters as _low"),
    "an import in a function": ("interpreters", "    return Interpreter(_low.create())",
                                "    import gc\n    return Interpreter(_low.create())"),
    "a state": ("xxsubinterpreters", "RunFailedError =", "known = {}\nRunFailedError ="),
    "a state by a call": ("xxsubinterpreters", "RunFailedError =", "known = dict()\nRunFailedError ="),
    "a state of the object": ("interpreters", "        self._id = id\n",
                              "        self._id = id\n        self._used = False\n"),
    "a condition": ("interpreters", "        return _low.destroy",
                    "        if code_is_odd:\n            return None\n        return _low.destroy"),
    "a loop": ("concurrent", "ExecutionFailed =", "for name in ():\n    pass\nExecutionFailed ="),
    "a handler": ("testsupport", "enumerate = _high.list_all",
                  "try:\n    enumerate = _high.list_all\nexcept AttributeError:\n    pass"),
    "a decorator": ("xxsubinterpreters", "def create():", "@staticmethod\ndef create():"),
    "a default": ("xxsubinterpreters", "def run(self, code):", "def run(self, code, times=1):"),
}
