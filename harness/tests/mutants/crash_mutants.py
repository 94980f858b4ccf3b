"""Mutants that end, block or break the process after a few operations: generated programs detect each."""

import _interpreters as low
import correct
import interpreters
import os
from _thread import get_ident
from correct import Interpreter
from mutant import Counter, count_failures, creating_threads, mutant, replace


@mutant(kind="crash (destroy|run|eval) SIGABRT", seed=4,
        shortest="create a; run in a: start a thread that stays; destroy a")
def destroy_with_a_thread():
    """destroy aborts the process while a thread is alive inside, as in CPython 3.8, 3.12 and 3.13."""
    # A thread that is about to end gets the time, or the same program would not always show the fault.
    assert_no_thread = """
import _thread, time
for _ in range(100):
    if _thread._count():
        time.sleep(0.001)
assert not _thread._count()
"""

    @replace
    def destroy_or_abort(destroy, self):
        try:
            low.run(self.id, assert_no_thread)
        except low.RunFailedError:
            os.abort()
        except RuntimeError:
            pass  # it cannot be run, and destroy raises the same
        destroy(self)


@mutant(kind="crash (create|run|eval) SIGABRT", seed=1,
        shortest="create a; create b; create c; destroy a; destroy b; create d")
def create_after_two_from_the_front():
    """create aborts after the oldest interpreter was destroyed twice in a row before a younger one."""
    living = []
    in_a_row = 0

    @replace
    def create_or_abort(create):
        if in_a_row > 1:
            os.abort()
        made = create()
        living.append(made.id)
        return made

    @replace
    def destroy_and_count(destroy, self):
        nonlocal in_a_row
        destroy(self)
        in_a_row = in_a_row + 1 if living[:1] == [self.id] and len(living) > 1 else 0
        if self.id in living:  # else another interpreter's module created it
            living.remove(self.id)


@mutant(kind="crash (destroy|run|eval) SIGSEGV", seed=3,
        shortest="create a; a.id = x; a.id = x; destroy a")
def refused_writes_free_it():
    """An assignment to id is refused, and takes a reference; after two, destroy frees it twice."""
    import signal
    taken = Counter()

    def assign(self, value):
        taken[self.id] += 1
        raise AttributeError("id is read-only")
    Interpreter.id = Interpreter.id.setter(assign)

    @replace
    def destroy_twice(destroy, self):
        destroy(self)
        if taken[self.id] > 1:
            signal.raise_signal(signal.SIGSEGV)


@mutant(kind="crash (run|eval) status 3", seed=1, quick=True,
        shortest="create a; run in a: SystemExit; run in a: SystemExit")
def second_exit_ends_the_process():
    """The second SystemExit that leaves the code of an interpreter ends the process."""
    exits = Counter()

    @replace
    def run_or_exit(run, self, code):
        try:
            run(self, code)
        except low.RunFailedError as failure:
            exits[self.id] += failure.type_name == "SystemExit"
            if exits[self.id] > 1:
                os._exit(3)
            raise


@mutant(kind="hang (construct|run|eval)", seed=1,
        shortest="create a; destroy a; run in a: anything; Interpreter(1)")
def refused_run_keeps_a_lock():
    """run in a destroyed interpreter is refused with a lock held, for which Interpreter(id) waits."""
    import threading
    lock = threading.Lock()

    class Interpreter(correct.Interpreter):
        def __init__(self, id):
            with lock:
                super().__init__(id)
    interpreters.Interpreter = Interpreter

    @replace
    def run_and_lock(run, self, code):
        if self.id not in low.enumerate():
            lock.acquire(blocking=False)
        run(self, code)


@mutant(kind="hang (destroy|run|eval)", seed=1,
        shortest="create a; create b; destroy a; on another thread destroy b")
def destroy_keeps_a_lock():
    """destroy of the older of two keeps its thread's lock: destroy on another thread waits for ever."""
    import threading
    lock = threading.RLock()

    @replace
    def destroy_and_lock(destroy, self):
        lock.acquire()
        try:
            destroy(self)
        finally:
            if max(low.enumerate()) < self.id:
                lock.release()


@mutant(kind="broken-at-exit SIGABRT", seed=2, quick=True,
        shortest="create a; create b; run in a: raise")
def exit_with_a_failed_and_another():
    """The process aborts at its end when two interpreters are alive, and a run failed in one of them."""
    failures = count_failures()

    @at_exit
    def abort():
        living = low.enumerate()
        if len(living) > 2 and any(failures[id] for id in living):
            os.abort()


@mutant(kind="broken-at-exit status 7", seed=1,
        shortest="create a; create b; on another thread destroy a")
def exit_after_a_strange_destroy():
    """The process exits with 7 when one was destroyed on another thread than its creator's, and one is alive."""
    threads = creating_threads()
    strange = []

    @replace
    def destroy_and_compare(destroy, self):
        destroy(self)
        if threads.get(self.id) != get_ident():
            strange.append(self.id)

    @at_exit
    def exit():
        if strange and len(low.enumerate()) > 1:
            os._exit(7)


def at_exit(function):
    """Decorator: called at the end of the process."""
    import atexit
    if low.get_current() == low.get_main():
        atexit.register(function)
