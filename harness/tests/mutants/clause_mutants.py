"""Mutants that break one clause: the cases of that clause detect each."""

import _interpreters as low
import correct
import interpreters
from correct import Interpreter
from mutant import mutant, replace


@mutant("create.distinct")
def create_reuses(create):
    """create returns an idle interpreter, if there is one."""
    for one in correct.enumerate():
        if one.id != low.get_main() and not one.is_running():
            return one
    return create()


@mutant("create.current-unchanged")
def create_switches():
    """get_current, called after create, returns the new interpreter."""
    last = []

    @replace
    def create_and_remember(create):
        last[:] = [create()]
        return last[0]

    @replace
    def get_last(get_current):
        return last.pop() if last else get_current()


@mutant("id.no-delete")
def deletable_id():
    """id can be deleted, though not assigned."""
    Interpreter.id = Interpreter.id.deleter(lambda self: setattr(self, "_id", None))


@mutant("destroy.removes")
def destroy_does_nothing(destroy, self):
    """destroy returns, and destroys nothing."""


@mutant("destroy.others")
def destroy_takes_all(destroy, self):
    """destroy destroys every idle interpreter."""
    destroy(self)
    for id in low.enumerate():
        if not low.is_running(id) and id != low.get_main():
            low.destroy(id)


@mutant("enumerate.elements")
def enumerate_of_ids(enumerate):
    """enumerate lists ids, not interpreters."""
    return low.enumerate()


@mutant("enumerate.fresh")
def enumerate_shares_its_list():
    """enumerate returns the same list, until the number of interpreters changes."""
    kept = []
    size = 0

    @replace
    def enumerate_kept(enumerate):
        nonlocal size
        now = enumerate()
        if len(now) != size:
            kept[:] = now
            size = len(now)
        return kept


@mutant("enumerate.once")
def enumerate_twice(enumerate):
    """enumerate lists the main interpreter twice."""
    return enumerate() + [correct.get_main()]


@mutant("enumerate.current")
def enumerate_without_current(enumerate):
    """enumerate leaves out the interpreter that calls it, unless that is the main one."""
    me = low.get_current()
    return [one for one in enumerate() if one.id != me or me == low.get_main()]


@mutant("enumerate.main")
def enumerate_without_main(enumerate):
    """enumerate leaves the main interpreter out."""
    return [one for one in enumerate() if one.id != low.get_main()]


@mutant("get_current.inside")
def get_current_is_main(get_current):
    """get_current returns the main interpreter."""
    return correct.get_main()


@mutant("get_main.same-everywhere")
def get_main_is_current(get_main):
    """get_main returns the interpreter that calls it."""
    return correct.get_current()


@mutant("interpreter.same")
def interpreter_makes_new():
    """Interpreter(id) creates a new interpreter."""
    class Interpreter(correct.Interpreter):
        def __init__(self, id):
            super().__init__(id if id == low.get_main() else low.create())
    interpreters.Interpreter = Interpreter


@mutant("is_running.busy")
def is_running_is_false(is_running, self):
    """is_running is always False."""
    return False


@mutant("is_running.idle")
def is_running_is_true(is_running, self):
    """is_running is True for every interpreter that exists."""
    return self.id in low.enumerate()


@mutant("run.whole-text")
def run_cuts_at_nul(run, self, code):
    """run executes the text up to the first NUL."""
    run(self, code.split("\0")[0])


@mutant("run.failure-contained")
def run_destroys_after_failure(run, self, code):
    """run destroys the interpreter when the code fails."""
    try:
        run(self, code)
    except low.RunFailedError:
        self.destroy()
        raise


@mutant("run.failure-known")
def run_hides_failures(run, self, code):
    """run returns normally when the code fails."""
    try:
        run(self, code)
    except low.RunFailedError:
        pass


@mutant("run.code")
def run_in_main(run, self, code):
    """run executes the code in the interpreter that calls it."""
    if self.id not in low.enumerate():
        raise RuntimeError(f"unrecognized interpreter ID {self.id}")
    exec(code, {"__name__": "__main__"})


@mutant("run.os-thread")
def run_in_new_thread():
    """run executes the code on a thread of its own."""
    import threading

    @replace
    def run_there(run, self, code):
        failures = []

        def work():
            try:
                run(self, code)
            except BaseException as failure:
                failures.append(failure)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        if failures:
            raise failures[0]


@mutant("run.exit-contained")
def run_obeys_exit(run, self, code):
    """SystemExit inside ends the process."""
    try:
        run(self, code)
    except low.RunFailedError as failure:
        if failure.type_name == "SystemExit":
            import os
            os._exit(3)
        raise


@mutant("run.waits")
def run_returns_early(run, self, code):
    """run returns while the code is still executed."""
    import _thread
    _thread.start_new_thread(run, (self, code))


@mutant("id.read-only")
def writable_id():
    """id is a plain attribute."""
    class Interpreter(correct.Interpreter):
        id = None

        def __init__(self, id):
            super().__init__(id)
            self.id = id
    correct.Interpreter = interpreters.Interpreter = Interpreter
