"""The source of adapters: the allowed syntax, and the exact additional statements of each."""

import ast

# The syntax that any adapter may use. Further statements are listed below, verbatim.
ALLOWED = (ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.ClassDef, ast.Return, ast.Assign,
           ast.Expr, ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.Tuple, ast.Call,
           ast.Load, ast.Store, ast.Pass)
IMPORTS = {
    "xxsubinterpreters": ["import _xxsubinterpreters as _low"],
    "interpreters": ["import _interpreters as _low"],
    "concurrent": ["import concurrent.interpreters as _high"],
    "testsupport": ["import sys", "import test.support.interpreters as _high"],
}
WRAPPER = [
    "self._id = id",
    "raise NotImplementedError(\"the attribute is the adapter's, not the implementation's\")",
    "id = property(lambda self: self._id, _invented, _invented)",
    "del _invented",
]
STATED = {
    "xxsubinterpreters": WRAPPER + ["return [Interpreter(id) for id in _low.list_all()]"],
    "interpreters": WRAPPER + [
        "return [Interpreter(id) for id, *_ in _low.list_all()]",
        "failure = _low.run_string(self._id, code)",
        "if failure is not None:\n    raise ExecutionFailed(failure.formatted)",
    ],
    "concurrent": ["Interpreter.destroy = Interpreter.close",
                   "Interpreter.run = Interpreter.exec"],
    "testsupport": ["Interpreter.destroy = Interpreter.close",
                    "sys.modules['_interpreters'] = _high._interpreters",
                    "Interpreter.run = getattr(Interpreter, 'exec', getattr(Interpreter, 'run', None))"],
}


class Source(ast.NodeVisitor):
    """Walks an adapter's source; every problem that is found is a line in `problems`."""

    def __init__(self, adapter):
        self.adapter, self.problems, self.inside = adapter, [], []

    def visit(self, node):
        text = ast.unparse(node)
        if text in STATED[self.adapter] or isinstance(node, ast.alias):
            return
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if text not in IMPORTS[self.adapter] or len(self.inside) > 1:
                self.problem(node, "an import of something else")
            return
        if not isinstance(node, ALLOWED):
            self.problem(node, "no part of an adapter")
        if isinstance(node, ast.Assign):
            self.assignment(node)
        if isinstance(node, ast.Call) and not any(
                isinstance(one, ast.FunctionDef) for one in self.inside):
            self.problem(node, "a call while it is imported")
        if isinstance(node, ast.FunctionDef) and (node.decorator_list or node.args.defaults
                                                  or node.args.kw_defaults):
            self.problem(node, "a decorator, or a default")
        self.inside.append(node)
        self.generic_visit(node)
        self.inside.pop()

    def assignment(self, node):
        if any(isinstance(one, ast.FunctionDef) for one in self.inside) or not all(
                isinstance(target, ast.Name) for target in node.targets):
            self.problem(node, "a state")

    def problem(self, node, what):
        line = getattr(node, "lineno", 0)
        text = ast.unparse(node) or type(node).__name__
        self.problems.append(f"line {line}: {what}: {text.splitlines()[0]}")


def source_problems(adapter, source):
    """Errors in the adapter's source, one line each."""
    walk = Source(adapter)
    walk.visit(ast.parse(source))
    return walk.problems
