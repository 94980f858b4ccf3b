"""The command line of a process that is to be the target: the same Python, clean, whose `-c` is the
second stage (boot.py)."""

# An expression, which leaves no name in __main__, and no file open: that would be a warning there.
# Arguments would be seen as sys.argv by every interpreter.
_BOOT = (
    "exec(compile((lambda f:(f.read(),f.close())[0])(open({0!r},'rb')),{0!r},'exec'),"
    "{{'__name__':'pep554_boot','ARGUMENTS':{1!r}}})"
)


def boot_command(python, folder, module, arguments):
    """`python`: the command and its options; `folder`: of the agent. In the new process it is
    MODULE.main(*arguments) that is called, a module of this package."""
    boot = folder + "/pep554_python/boot.py"
    return python + ["-c", _BOOT.format(boot, (folder, module, arguments))]
