"""Read by a type checker only (test_packaging.py): every line is right, or has a comment with its error."""

import interpreters
from interpreters import Interpreter, RunFailedError

created: Interpreter = interpreters.create()
same = Interpreter(created.id)
same = Interpreter(id=created.id)
everyone: list[Interpreter] = interpreters.enumerate()
number: int = interpreters.get_current().id + interpreters.get_main().id
answers: set[bool] = {created.is_running(), created == same, created in {same}}
created.run("x = 1")
try:
    created.run(code="1/0")
except RunFailedError as error:
    print((error.type_name or "") + (error.message or "") + (error.traceback or ""))
created.destroy()

created.id = 5  # type: ignore[misc]
created.run(b"x = 1")  # type: ignore[arg-type]
created.run()  # type: ignore[call-arg]
Interpreter("1")  # type: ignore[arg-type]
interpreters.create(1)  # type: ignore[call-arg]
interpreters.list_all()  # type: ignore[attr-defined]
