"""The low-level module under the draft's name, which CPython 3.13 and newer use themselves."""

from _processes import *
