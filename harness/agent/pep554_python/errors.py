"""From an exception to the field "raised" of an answer, by the rules of the plugin cpython."""

TYPE_BYTES = 127
MESSAGE_BYTES = 1023


def cut(text, most):
    """At most `most` bytes of UTF-8, whole characters; a NUL is escaped as \\x00."""
    escaped = text[: most + 1].replace("\0", "\\x00").encode("utf-8", "backslashreplace")
    return escaped[:most].decode("utf-8", "ignore")


def whole(text):
    """The text with surrogates escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def status(status, message):
    """An answer that is not about an exception."""
    raised = {"category": "other", "type": "", "message": cut(message, MESSAGE_BYTES)}
    return {"status": status, "raised": raised}


def raised(problem, module):
    """The answer for an exception. `module` is the implementation's, or None."""
    message = _message(problem)
    return {
        "status": "raised",
        "raised": {
            "category": _category(problem, message, module),
            "type": cut(_name(type(problem)), TYPE_BYTES),
            "message": cut(message, MESSAGE_BYTES),
        },
    }


def line(problem):
    """As one line "Type: message"."""
    return whole("%s: %s" % (_name(type(problem)), _message(problem)))


def _name(kind):
    try:
        name = kind.__name__
        return name if isinstance(name, str) else ""
    except BaseException:
        return ""


def _message(problem):
    try:
        return str(problem)
    except BaseException:
        return "(str() of the exception failed)"


def _is_named(kind, names):
    """Whether the type, or one that it derives from, has one of these names."""
    try:
        return any([_name(base) in names for base in kind.__mro__])
    except BaseException:
        return False


def _is_run_failure(kind, module):
    if _is_named(kind, ("RunFailedError", "ExecutionFailed")):
        return True
    try:
        return issubclass(kind, module.RunFailedError)
    except BaseException:
        return False  # there is none, or what is exposed is no class


def _category(problem, message, module):
    kind = type(problem)
    if _is_run_failure(kind, module):
        return "script-failed"
    if _is_named(kind, ("InterpreterNotFoundError",)) or (
        issubclass(kind, RuntimeError) and "unrecognized interpreter ID" in message
    ):
        return "not-found"
    if message.endswith("already running") or message == "interpreter running":
        return "busy"
    if issubclass(kind, NotImplementedError):
        return "unsupported"
    if issubclass(kind, (TypeError, ValueError, OverflowError)):
        return "bad-argument"
    return "other"
