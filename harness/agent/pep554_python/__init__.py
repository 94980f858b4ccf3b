"""The host protocol answered by the Python that is the target.

Two stages share one process. The first (first_stage.py) runs as the user started it, has the whole
standard library, and prepares everything that can be seen from outside: options, environment,
descriptors. Then it executes the same Python again, clean, and the second stage (boot.py) becomes
the host: it forks once per program, as pep554-host does, whose files have the same names.
For a program in a fresh process, the fork executes the second stage once more (fresh.py).

The second stage lives in the very interpreter that is judged, so it imports little, and only what
it hides again from sys.modules before the target is imported.
"""
