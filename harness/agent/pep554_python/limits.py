"""Sets the resource limits of a program's process, as far as the kernel enforces them."""

import posix

try:
    import resource
except ImportError:
    resource = None  # without it, nothing here is limited

_FILE_BYTES = 256 << 20
_LARGEST = 0x7FFFFFFFFFFFFFFF
# More tasks than the program's, since the kernel counts all that the user has, and threads among
# them. It stops only what forks faster than the supervisor counts.
_SPARE_TASKS = 1024


def _limit(kind, most):
    hard = resource.getrlimit(kind)[1]
    most = min(most, _LARGEST)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(kind, (most, most))


def _tasks():
    """How many there are, of every user: the fourth field is "running/all"."""
    with open("/proc/loadavg", "rb") as file:
        return int(file.read().split()[3].partition(b"/")[2])


def _limit_time(deadline_ms):
    """Every core may compute for as long as the deadline can be put off."""
    try:
        cores = len(posix.sched_getaffinity(0))
    except (AttributeError, OSError):
        cores = 1024
    _limit(resource.RLIMIT_CPU, -(-3 * deadline_ms // 1000) * cores + 5)


def _limit_processes(most):
    if posix.geteuid() == 0:
        return  # the kernel does not hold it against root
    try:
        _limit(resource.RLIMIT_NPROC, _tasks() + most + _SPARE_TASKS)
    except (OSError, ValueError, IndexError):
        pass


def apply(program):
    """To this process and its children, for good."""
    if resource is None:
        return
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, _FILE_BYTES)
    _limit_time(program.deadline_ms)
    _limit_processes(program.processes)
    _limit(resource.RLIMIT_NOFILE, program.open_files)
    if program.memory_bytes > 0:
        _limit(resource.RLIMIT_AS, program.memory_bytes)
