"""Blocks the network for programs by a seccomp filter, which all processes of the host inherit. Used by
the first stage, whose ctypes the target never sees."""

import os
import struct
import sys

_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER = 1
_SPEC_ALLOW = 4  # else kernels before 5.16 slow down all code of a filtered process
_EACCES, _ENOSYS = 13, 38
_ALLOW = 0x7FFF0000
_ANSWER = 0x00050000  # and the error
_IO_URING_SETUP = 425  # of every architecture; its operations need no system call of their own
# AUDIT_ARCH of the machine, and the numbers of socket(2) and seccomp(2) there.
_MACHINES = {"x86_64": (0xC000003E, 41, 317), "aarch64": (0xC00000B7, 198, 277)}
_FAMILIES = (2, 10, 16, 17)  # AF_INET, AF_INET6, AF_NETLINK, AF_PACKET
# Instructions of BPF, and where struct seccomp_data has what they load.
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16


def _program(architecture, socket):
    """Pairs of an instruction and its operand, with the jumps taken if equal and if not."""
    refuse_after = len(_FAMILIES)
    code = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 0, refuse_after + 4, architecture),
        (_LOAD, 0, 0, _NUMBER),
        (_IF_EQUAL, refuse_after + 4, 0, _IO_URING_SETUP),
        (_IF_EQUAL, 0, refuse_after + 1, socket),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
    ]
    for index, family in enumerate(_FAMILIES):
        code.append((_IF_EQUAL, refuse_after - index, 0, family))
    for answer in (_ALLOW, _ANSWER | _EACCES, _ANSWER | _ENOSYS):
        code.append((_RETURN, 0, 0, answer))
    return b"".join([struct.pack("=HBBI", *instruction) for instruction in code])


def _install(code, seccomp):
    import ctypes

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]

    libc = ctypes.CDLL(None, use_errno=True)
    program = ctypes.byref(Program(len(code) // 8, code))
    word = ctypes.c_ulong
    libc.prctl(_PR_SET_NO_NEW_PRIVS, word(1), word(0), word(0), word(0))
    for flags in (_SPEC_ALLOW, 0):  # which kernels before 4.17 do not know
        if libc.syscall(word(seccomp), word(_SET_MODE_FILTER), word(flags), program) == 0:
            return
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def refuse():
    """Refuses sockets that reach beyond the machine, unless PEP554_NETWORK=on is in the
    environment."""
    machine = os.uname().machine
    if os.environ.get("PEP554_NETWORK") == "on" or machine not in _MACHINES:
        return
    if sys.maxsize < 1 << 32:
        return  # its system calls are the ones of another machine
    architecture, socket, seccomp = _MACHINES[machine]
    try:
        _install(_program(architecture, socket), seccomp)
    except Exception as problem:
        sys.stderr.write("pep554_agent: the network is not refused to programs: %s\n" % problem)
