"""The low-level module under the draft's name."""

from _xxsubinterpreters import *
