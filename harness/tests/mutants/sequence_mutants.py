"""Mutants that give a wrong answer after a few operations in a particular order: generated programs detect each."""

import _interpreters as low
import correct
import interpreters
from _thread import get_ident
from correct import Interpreter
from mutant import Counter, count_failures, creating_threads, mutant, replace


@mutant(kind="fail (enumerate|run|eval)( [A-Za-z]+)?", seed=2,
        shortest="create a; b = Interpreter(a.id); enumerate; destroy b; enumerate")
def alias_keeps_the_list():
    """The main interpreter caches its list; only destroy of an object that create returned clears the cache."""
    cache = []

    @replace
    def create_and_clear(create):
        made = create()
        made._created = True
        cache.clear()
        return made

    @replace
    def destroy_and_clear(destroy, self):
        destroy(self)
        if hasattr(self, "_created"):
            cache.clear()

    @replace
    def enumerate_cached(enumerate):
        if low.get_current() != low.get_main():
            return enumerate()
        if not cache:
            cache[:] = enumerate()
        return list(cache)


@mutant(kind="fail (run|eval)( [A-Za-z]+)?", seed=2,
        shortest="create a; run in a: raise; run in a: raise; run in a: raise")
def third_failure_is_swallowed():
    """run raises for two failures of an interpreter; the third is lost."""
    failures = count_failures()

    @replace
    def run_and_swallow(run, self, code):
        try:
            run(self, code)
        except low.RunFailedError:
            if failures[self.id] != 3:
                raise


@mutant(kind="fail (run|eval)( [A-Za-z]+)?", seed=1,
        shortest="create a; run in a: set sys.x; run in a: anything; destroy a; create b; run in b: read sys.x")
def warm_state_comes_again():
    """New interpreters inherit sys and builtins of a destroyed interpreter that was run twice."""
    import ast
    import os
    runs = Counter()
    states = []
    write_state = """
import builtins, posix, sys
def kept(module):
    return {name: value for name, value in vars(module).items() if name.startswith("pep554") and type(value) is str}
posix.write(%d, repr((kept(sys), kept(builtins), [path for path in sys.path if "pep554" in path])).encode())
"""
    add_state = "import builtins, sys; vars(sys).update(%r); vars(builtins).update(%r); sys.path += %r"

    @replace
    def run_and_count(run, self, code):
        runs[self.id] += 1
        run(self, code)

    @replace
    def destroy_and_keep(destroy, self):
        if runs[self.id] > 1:
            source, sink = os.pipe()
            try:
                low.run(self.id, write_state % sink)
                states.append(ast.literal_eval(os.read(source, 4096).decode()))
            except RuntimeError:
                pass  # it cannot be run, so there is nothing to keep
            os.close(source)
            os.close(sink)
        destroy(self)

    @replace
    def create_warm(create):
        made = create()
        for state in states:
            low.run(made.id, add_state % state)
        return made


@mutant(kind="fail (is_running|run|eval)( [A-Za-z]+)?", seed=6,
        shortest="create a; run in a, and stay there; on another thread create b; is_running a")
def create_forgets_who_runs():
    """While one interpreter runs, create of another makes is_running forget it."""
    forgotten = set()

    @replace
    def create_and_forget(create):
        forgotten.update(id for id in low.enumerate() if id != low.get_current() and low.is_running(id))
        return create()

    @replace
    def run_to_the_end(run, self, code):
        try:
            run(self, code)
        finally:
            forgotten.discard(self.id)

    @replace
    def is_known_to_run(is_running, self):
        return self.id not in forgotten and is_running(self)


@mutant(kind="fail (destroy|run|eval) [A-Za-z]+", seed=1, quick=True,
        shortest="create a; create b; destroy a; destroy b")
def destroy_by_an_old_index():
    """destroy looks an interpreter up in a table by the index that it was created with."""
    table = []
    index = {}

    @replace
    def create_and_append(create):
        made = create()
        index[made.id] = len(table)
        table.append(made.id)
        return made

    @replace
    def destroy_and_delete(destroy, self):
        destroy(self)
        del table[index[self.id]]


@mutant(kind="fail (create|destroy|run|eval)( [A-Za-z]+)?", seed=1,
        shortest="in main: create one and destroy it; create a; create b; create c")
def third_create_comes_again():
    """The third create after a destroy returns the newest interpreter that exists."""
    created = []
    creates = None  # since the last destroy

    @replace
    def create_or_reuse(create):
        nonlocal creates
        living = [id for id in created if id in low.enumerate()]
        if creates is not None:
            creates += 1
            if creates == 3 and living:
                return Interpreter(living[-1])
        made = create()
        created.append(made.id)
        return made

    @replace
    def destroy_and_count_anew(destroy, self):
        nonlocal creates
        destroy(self)
        creates = 0


@mutant(kind="fail (enumerate|run|eval)( [A-Za-z]+)?", seed=1,
        shortest="create a; run in a: raise; run in a: raise; destroy a; enumerate")
def failed_stays_listed():
    """An interpreter whose last two runs failed stays in the list when it is destroyed."""
    failures = count_failures(in_a_row=True)
    listed = []

    @replace
    def destroy_and_list(destroy, self):
        destroy(self)
        if failures[self.id] > 1:
            listed.append(self)

    @replace
    def enumerate_all(enumerate):
        return enumerate() + listed


@mutant(kind="fail (run|eval)( [A-Za-z]+)?", seed=1,
        shortest="create a; create b; destroy a; run in a: anything")
def dead_runs_in_the_newest(run, self, code):
    """run in a destroyed interpreter runs the code in the newest that exists."""
    living = low.enumerate()
    if self.id not in living and max(living) != low.get_main():
        low.run(max(living), code)
    else:
        run(self, code)


@mutant(kind="fail (destroy|run|eval)( [A-Za-z]+)?", seed=1,
        shortest="create a; run in a: atexit.register, raise; run in a: raise; destroy a")
def two_failures_lose_the_callbacks():
    """destroy of an interpreter that failed twice does not call its exit callbacks."""
    failures = count_failures()

    @replace
    def destroy_fast(destroy, self):
        if failures[self.id] > 1 and self.id in low.enumerate():
            low.run(self.id, "import atexit; atexit._clear()")
        destroy(self)


@mutant(kind="fail (run|eval)( [A-Za-z]+)?", seed=1,
        shortest="get_main; create a; run in a: create one, run there: get_main")
def main_is_the_creator():
    """get_main returns the creator, in an interpreter that another than the main one created."""
    import sys

    @replace
    def create_and_tell(create):
        made = create()
        if low.get_current() != low.get_main():
            low.run(made.id, f"import sys; sys._creator = {low.get_current():d}")
        return made

    @replace
    def get_creator(get_main):
        return Interpreter(sys._creator) if hasattr(sys, "_creator") else get_main()


@mutant(kind="fail (enumerate|run|eval)( [A-Za-z]+)?", seed=1,
        shortest="create a; create b; Interpreter(a.id); enumerate")
def construct_registers_again():
    """Interpreter(id) lists the interpreter once more, unless it is the newest."""
    again = []

    class Interpreter(correct.Interpreter):
        def __init__(self, id):
            super().__init__(id)
            if id != low.get_main() and id != max(low.enumerate()):
                again.append(self)
    interpreters.Interpreter = Interpreter

    @replace
    def enumerate_with_those(enumerate):
        return enumerate() + [one for one in again if one.id in low.enumerate()]


@mutant(kind="fail (write_id|run|eval)( [A-Za-z]+)?", seed=3,
        shortest="create a; run in a: raise; a.id = x")
def failure_unlocks_the_id():
    """After a run that failed, id can be assigned until one has succeeded."""
    failures = count_failures(in_a_row=True)

    def assign(self, value):
        if not failures[self.id]:
            raise AttributeError("id is read-only")
    Interpreter.id = Interpreter.id.setter(assign)


@mutant(kind="fail (is_running|run|eval)( [A-Za-z]+)?", seed=2,
        shortest="create a; on another thread run in a: raise; is_running a")
def failure_on_a_thread_sticks():
    """A run that fails on another thread than the creator's leaves the interpreter running."""
    threads = creating_threads()
    stuck = set()

    @replace
    def run_and_stick(run, self, code):
        try:
            run(self, code)
        except low.RunFailedError:
            if threads.get(self.id) != get_ident():
                stuck.add(self.id)
            raise

    @replace
    def is_stuck(is_running, self):
        return self.id in stuck or is_running(self)
