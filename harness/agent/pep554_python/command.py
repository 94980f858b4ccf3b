"""The command line of the target's process: the same Python, without user settings; its `-c` is the
second stage (boot.py)."""

# An expression, which leaves no name in __main__, and no file open: that would be a warning there.
# Arguments would be seen as sys.argv by every interpreter.
_BOOT = (
    "exec(compile((lambda f:(f.read(),f.close())[0])(open({0!r},'rb')),{0!r},'exec'),"
    "{{'__name__':'pep554_boot','ARGUMENTS':{1!r}}})"
)


def boot_command(python, folder, module, arguments):
    """The command that calls MODULE.main(*arguments), of this package, in a new process. `python`: the
    command and its options; `folder`: of the agent."""
    boot = folder + "/pep554_python/boot.py"
    return python + ["-c", _BOOT.format(boot, (folder, module, arguments))]
