"""The module under test in this Python, and the facts about both."""

import posix
import sys

from pep554_python import errors


class Refusal(Exception):
    """Why the target cannot be used; one clear line."""


class Lacking:
    """Replaces the module of a target that has none: every operation is unsupported."""

    def __init__(self, why):
        object.__setattr__(self, "_why", why)

    def __getattr__(self, name):
        raise NotImplementedError(self._why)


class Target:
    """`names`: the namespace of eval, the dict of __main__, which Python empties at the end."""

    def __init__(self, adapter, unsupported_reason, paths):
        self.adapter = adapter
        self.unsupported_reason = unsupported_reason  # empty, or why there is no module
        self.module = None if unsupported_reason else _import_module(paths)
        self.names = sys.modules["__main__"].__dict__
        self.names["interpreters"] = Lacking(unsupported_reason) if unsupported_reason else self.module

    def invents(self, slot):
        """Whether the adapter says of a slot that it is none of the implementation's."""
        try:
            return slot in self.module.__invents__
        except BaseException:
            return False

    def facts(self):
        return _facts(self.module) + [("adapter", self.adapter), ("via", "process")]

    def let_go(self, handles):
        """Called before the end: remaining handles become a variable of __main__, as in a program that
        ends with live interpreters."""
        self.names["handles"] = handles
        self.module = self.names = None


def flush_python():
    """Flushes the streams: output from the module's import does not belong to programs."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            pass


def _import_module(paths):
    try:
        import interpreters

        return interpreters
    except BaseException as problem:
        first = " (first on the path: %s)" % ", ".join(paths) if paths else ""
        raise Refusal("cannot import interpreters: %s%s" % (errors.line(problem), first))


def _yes(flag):
    return "yes" if flag else "no"


def _on(flag):
    return "on" if flag else "off"


def _env(name):
    return posix.environ.get(name.encode(), b"").decode("utf-8", "replace")


def _version():
    level = {"final": ""}.get(sys.version_info[3], "%s%d" % sys.version_info[3:])
    return "%d.%d.%d" % sys.version_info[:3] + level


def _facts(module):
    """Those of the plugin cpython, in its order."""
    return [
        ("implementation", sys.implementation.name),
        ("version", _version()),
        ("build", " ".join(sys.version.split())),
        ("platform", sys.platform + " " + posix.uname()[4]),
        ("gil", _on(getattr(sys, "_is_gil_enabled", lambda: True)())),
        ("debug", _yes(hasattr(sys, "gettotalrefcount"))),
        ("hash_seed", _env("PYTHONHASHSEED")),
        ("allocator", _env("PYTHONMALLOC") or "default"),
        ("site", _on("site" in sys.modules)),
        ("prefix", sys.prefix),
        ("executable", sys.executable or ""),
        ("module", str(getattr(module, "__name__", ""))),
        ("module_file", _file(module)),
        ("adapter_invents", " ".join(getattr(module, "__invents__", ()))),
    ]


def _file(module):
    if module is None:
        return ""
    return str(getattr(module, "__file__", None) or "built-in")
