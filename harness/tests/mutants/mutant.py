"""A mutant: one fault in the correct module, and the case or property that has to detect it."""

import _interpreters as low
import correct
import interpreters  # which is about to become the mutant: it has the names of `correct` already
from _thread import get_ident

MUTANTS = {}


def mutant(clause=None, *, kind=None, seed=None, shortest=None, quick=False):
    """Registers a mutant: a function that replaces one operation, or one without parameters that changes more.

    Either one clause detects it:
      clause    its id
    or the fault takes a sequence of operations, and generated programs detect it:
      kind      the signature of the failure, a regular expression
      seed      a seed that finds it soon; any seed finds it
      shortest  the shortest program that shows it: its actions, separated by ";"
      quick     it is found soon enough for the quick tests
    """
    def register(function):
        expected = {"clause": clause} if clause else {"kind": kind, "seed": seed, "shortest": shortest, "quick": quick}
        MUTANTS[function.__name__.replace("_", "-")] = function, expected
        return function
    return register


def replace(function):
    """Decorator: the function replaces the operation that its first parameter names, and gets the original there."""
    operation = function.__code__.co_varnames[0]
    owner = correct.Interpreter if hasattr(correct.Interpreter, operation) else interpreters
    original = getattr(owner, operation)
    setattr(owner, operation, lambda *arguments: function(original, *arguments))


def apply(name):
    function = MUTANTS[name][0]
    if function.__code__.co_argcount:
        replace(function)
    else:
        function()


class Counter(dict):
    """As collections.Counter, without an import that interpreters without this mutant would lack."""
    def __missing__(self, key):
        return 0


def count_failures(in_a_row=False):
    """Counts the runs that fail, for each id: all, or the last ones."""
    failures = Counter()

    @replace
    def run_and_count(run, self, code):
        try:
            run(self, code)
            if in_a_row:
                failures[self.id] = 0
        except low.RunFailedError:
            failures[self.id] += 1
            raise
    return failures


def creating_threads():
    """Keeps the thread that each id was created on."""
    threads = {}

    @replace
    def create_and_keep(create):
        made = create()
        threads[made.id] = get_ident()
        return made
    return threads
