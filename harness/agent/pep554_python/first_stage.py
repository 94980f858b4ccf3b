"""The first stage: makes a clean place for the target, and executes the second stage there."""

import json
import os
import struct
import subprocess
import sys

from pep554_python import temporary
from pep554_python.command import boot_command

FIRST_PROTOCOL_FD = 300
EXIT_REFUSED = 1
EXIT_USAGE = 2
PR_SET_CHILD_SUBREAPER = 36
KNOWN = ("path", "adapter", "adapters", "site")

# Executed in a clean Python of its own, where an import may do what it likes. Of `interpreters` it
# is enough that it is there: if it is broken, that is the target's answer.
PROBE = """
import importlib.util, sys
def there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except BaseException:
        return False
def usable(name):
    try:
        __import__(name)
    except ImportError:
        return False
    except BaseException:
        pass
    return there(name)
found = "interpreters" if there("interpreters") else ""
for name in sys.argv[1:]:
    found = found or (name if usable(name) else "")
sys.stdout.write("found:" + found)
"""


class Refusal(Exception):
    """Why the target cannot be started; one clear line."""


class Settings:
    def __init__(self):
        self.paths = []
        self.adapter = ""
        self.adapters = ""
        self.site = False
        self.unsupported_reason = ""  # what to say of a target without any module, else empty

    def take(self, key, value):
        if key == "path":
            self.paths.append(os.path.abspath(value))  # programs may change the directory
        elif key == "site":
            if value not in ("on", "off"):
                raise Refusal("option site is neither on nor off")
            self.site = value == "on"
        elif key in KNOWN:
            setattr(self, key, value)
        else:
            raise Refusal("unknown option %s (known: %s)" % (key, ", ".join(KNOWN)))

    def add_adapter(self):
        if not self.adapters:
            raise Refusal("option adapter=%s needs adapters=DIR" % self.adapter)
        if self.adapter == "auto":
            self.choose_adapter()
        if not self.adapter:
            return
        folder = os.path.join(os.path.abspath(self.adapters), self.adapter)
        file = os.path.join(folder, "interpreters.py")
        if not os.path.exists(file):
            raise Refusal("adapter %s: there is no %s" % (self.adapter, file))
        self.paths.insert(0, folder)

    def choose_adapter(self):
        order = read_order(os.path.join(self.adapters, "order"))
        modules = [module for _, module in order]
        found = probe(modules, self)
        self.adapter = dict((module, name) for name, module in order).get(found, "")
        if not found:
            self.unsupported_reason = "%s has none of the modules interpreters, %s" % (
                implementation(),
                ", ".join(modules),
            )


def implementation():
    """The implementation and its version, e.g. "pypy 7.3.11 (Python 3.9.16)"."""
    name = sys.implementation.name
    own = "%d.%d.%d" % tuple(sys.implementation.version[:3])
    language = "%d.%d.%d" % sys.version_info[:3]
    return "%s %s" % (name, own) + ("" if own == language else " (Python %s)" % language)


def read_order(file):
    """The pairs (adapter, module) of the file `order`, one a line, '#' begins a comment."""
    try:
        with open(file, encoding="utf-8") as lines:
            rows = [line.split("#")[0].split() for line in lines]
    except OSError as problem:
        raise Refusal("adapter=auto: %s: %s" % (file, problem.strerror))
    rows = [row for row in rows if row]
    for row in rows:
        if len(row) != 2:
            raise Refusal("%s: expected ADAPTER MODULE, not: %s" % (file, " ".join(row)))
    return [tuple(row) for row in rows]


def probe(modules, settings):
    """The first module that the target has, `interpreters` before all others; else ""."""
    command = python(settings) + ["-c", PROBE] + modules
    done = subprocess.run(
        command,
        env=clean_environment(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    found = done.stdout.decode("utf-8", "replace").rpartition("found:")
    if done.returncode != 0 or not found[1]:
        raise Refusal("adapter=auto: looking for modules failed")
    return found[2]


def python(settings):
    if not sys.executable:
        raise Refusal("this Python does not know its own executable")
    command = [sys.executable]
    if not settings.site:
        command.append("-S")
    if sys.version_info >= (3, 12):
        command.append("-P")  # else the current directory comes first in subinterpreters
    return command


def make_temporary():
    parent = os.path.abspath(os.environ.get("TMPDIR") or "/tmp")
    try:
        return temporary.make(parent)
    except OSError as problem:
        raise Refusal("cannot make a folder in %s: %s" % (parent, problem.strerror))


def clean_environment(settings, folder=None):
    """Sets the module path by the environment, which every interpreter of the process reads.
    `folder`: the temporary one."""
    kept = {}
    for name, value in os.environb.items():
        if not name.startswith(b"PYTHON"):
            kept[name] = value
    kept[b"PYTHONHASHSEED"] = b"0"
    kept[b"PYTHONDONTWRITEBYTECODE"] = b"1"
    kept[b"PYTHONNOUSERSITE"] = b"1"
    if folder:
        kept[b"TMPDIR"] = os.fsencode(folder)
    if settings.paths:
        kept[b"PYTHONPATH"] = os.fsencode(os.pathsep.join(settings.paths))
    return kept


def moved_up(fd):
    import fcntl

    try:
        return fcntl.fcntl(fd, fcntl.F_DUPFD, FIRST_PROTOCOL_FD)
    except OSError:
        return fcntl.fcntl(fd, fcntl.F_DUPFD, 3)


def take_standard_streams():
    """Moves standard input and output to other descriptors; prints then go to stderr."""
    engine = moved_up(0), moved_up(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return engine


def send_refusal(fd, reason):
    payload = json.dumps({"msg": "refused", "reason": reason.replace("\n", " ")}).encode("ascii")
    framed = struct.pack(">I", len(payload)) + payload
    while framed:
        framed = framed[os.write(fd, framed) :]


def start_guard(engine, folder):
    """Starts a process that sends "refused" and removes the temporary folder, if this one ends before it
    has sent anything.

    Returns a descriptor and the guard's pid: a byte written there dismisses the guard.
    """
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(write)
        os.close(engine[0])
        if not os.read(read, 1):
            temporary.remove(folder)
            send_refusal(engine[1], "the process ended while the runtime started")
        os._exit(0)
    os.close(read)
    os.set_inheritable(write, True)
    return write, pid


def become_subreaper():
    """Makes this process a subreaper. The setting outlasts execve, so the target needs no ctypes. Without
    it, daemons of programs are not found."""
    try:
        import ctypes

        done = ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    except Exception:
        done = False
    if not done:
        sys.stderr.write("pep554_agent: not the subreaper: daemons of programs are not found\n")


def split_options(arguments):
    pairs = [argument.partition("=") for argument in arguments]
    for key, equals, _ in pairs:
        if not key or not equals:
            return None
    return [(key, value) for key, _, value in pairs]


def second_stage(settings, folder, version, engine, guard, private):
    target = (settings.adapter, settings.unsupported_reason, settings.paths)
    arguments = (engine, guard, version, python(settings), folder, private, target)
    return boot_command(python(settings), folder, "session", arguments)


def main(arguments, folder, version):
    options = split_options(arguments)
    if options is None:
        sys.stderr.write(
            "pep554_agent: an option is not key=value\n"
            "usage: EXECUTABLE pep554_agent.py [key=value ...]\n"
        )
        return EXIT_USAGE
    engine = take_standard_streams()
    settings = Settings()
    try:
        for key, value in options:
            settings.take(key, value)
        if settings.adapter:
            settings.add_adapter()
        python(settings)
        private = make_temporary()
    except Refusal as refusal:
        send_refusal(engine[1], "agent: %s" % refusal)
        return EXIT_REFUSED
    become_subreaper()
    guard = start_guard(engine, private)
    command = second_stage(settings, folder, version, engine, guard, private)
    os.execve(command[0], command, clean_environment(settings, private))
