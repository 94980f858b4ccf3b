"""Tests of a host: repeated programs, and their growth per repetition."""

from host_case import CREATE, WithHost, evaluate, run, step

COUNTS = ("descriptors", "threads", "processes")
LEAKS = {
    "memory": "globals().setdefault('kept', []).append(bytearray(b'x') * (100 << 10))",
    "descriptors": "import os\nos.dup(0)",
    "threads": (
        "import _thread\nheld = _thread.allocate_lock()\nheld.acquire()\n"
        "up = _thread.allocate_lock()\nup.acquire()\n"
        "def wait(held=held, up=up):\n up.release()\n held.acquire()\n"
        "_thread.start_new_thread(wait, ())\nup.acquire()"
    ),
    "processes": "import os\nif os.fork() == 0:\n while True: os.read(os.pipe()[0], 1)",
}
STEP = {"memory": 100 << 10, "descriptors": 1, "threads": 1, "processes": 1}
TIMES = 40
COUNTED = TIMES - TIMES // 8


class Repeated(WithHost):
    NEEDS = ("pep554.eval/1",)

    def repeat(self, *steps, times=TIMES, **fields):
        fields.setdefault("deadline_ms", 60_000)
        return self.host.run(list(steps), repeat=times, **fields)

    def measured(self, got, field):
        return [event[field] for event in got.events("measured")]

    def grown(self, got, field):
        """By step."""
        self.assertEqual([event["step"] for event in got.events("grown")],
                         list(range(len(got.program["lanes"][0]))))  # fmt: skip
        return [event[field] for event in got.events("grown")]

    def test_an_empty_program_does_not_grow(self):
        got = self.ok(self.repeat(evaluate(""), evaluate("")))
        self.assertEqual(self.measured(got, "repetition"), list(range(TIMES + 1)))
        for field in COUNTS:
            self.assertEqual(len(set(self.measured(got, field))), 1, field)
            self.assertEqual(self.grown(got, field), [0, 0], field)
        self.assertEqual(set(self.measured(got, "files")), {0})
        memory = self.measured(got, "memory")
        self.assertGreater(memory[0], 1 << 20)
        self.assertLess(abs(memory[-1] - memory[TIMES // 8]), 256 << 10)
        self.assertLess(max(map(abs, self.grown(got, "memory"))), 256 << 10)

    def test_each_leak_is_seen_with_its_step(self):
        for field, leak in LEAKS.items():
            got = self.ok(self.repeat(evaluate(""), evaluate(leak), evaluate("")))
            series = self.measured(got, field)
            growth = series[-1] - series[TIMES // 8]
            before, guilty, after = self.grown(got, field)
            if field == "memory":
                for number in (growth, guilty):
                    self.assertGreater(number, 0.9 * STEP[field] * COUNTED)
                    if not self.sanitizer():  # whose shadow grows too
                        self.assertLess(number, 1.2 * STEP[field] * COUNTED)
                self.assertLess(max(abs(before), abs(after)), 0.1 * guilty)
            else:
                self.assertEqual((growth, before, guilty, after), (COUNTED, 0, COUNTED, 0), field)
            for other in set(COUNTS) - {field}:
                self.assertEqual(self.grown(got, other), [0, 0, 0], (field, other))

    def test_shrinking_usage_is_reported(self):
        source = (
            "import os\nif 'fds' not in globals(): fds = [os.dup(0) for _ in range(100)]\n"
            "os.close(fds.pop())"
        )
        got = self.ok(self.repeat(evaluate(source)))
        self.assertEqual(self.grown(got, "descriptors"), [-COUNTED])

    def test_zombies_are_processes(self):
        source = (
            "import os\npid = os.fork()\nif pid == 0: os._exit(0)\n"
            "while open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()[0] != 'Z': pass"
        )
        got = self.ok(self.repeat(evaluate(source), times=16))
        self.assertEqual(self.measured(got, "processes"), list(range(17)))

    def test_files(self):
        source = (
            "import os, tempfile\n"
            "open(tempfile.mkdtemp(dir=os.environ['TMPDIR']) + '/file', 'w').close()"
        )
        got = self.ok(self.repeat(evaluate(source), times=10))
        self.assertEqual(self.measured(got, "files"), list(range(0, 22, 2)))
        self.assertEqual(got.end["files"], 20)

    def test_events_are_those_of_the_first_time(self):
        got = self.ok(self.repeat(evaluate("$emit('here')\nprint('o', flush=True)"), times=5))
        self.assertEqual(got.emitted(), ["here"])
        self.assertEqual(len(got.events("lane")), 1)
        self.assertEqual(len(got.events("called")), 5)
        self.assertEqual(len(got.events("returned")), 1)
        self.assertEqual(got.output(1), "o\n" * 5)

    def test_another_answer_is_the_last(self):
        source = "n = globals().get('n', 0) + 1\n1 / (n != 4)"
        got = self.repeat(evaluate(source), evaluate(""))
        self.assertTrue(got.end["completed"])
        self.assertEqual(self.measured(got, "repetition"), [0, 1, 2, 3, 4])
        returned = [(event["step"], event["answer"]["status"]) for event in got.events("returned")]
        self.assertEqual(returned, [(0, "ok"), (1, "ok"), (0, "raised")])
        self.assertEqual(len(got.events("called")), 8)

    def test_the_same_error_each_time_is_no_other_answer(self):
        got = self.repeat(evaluate("1/0"), times=8)
        self.assertEqual(self.measured(got, "repetition"), list(range(9)))
        self.assertEqual(len(got.events("returned")), 1)

    def test_names_and_gates_are_new(self):
        got = self.repeat(step("read_id", on="a"), CREATE, step("destroy", on="a"), times=8)
        self.assertEqual(self.measured(got, "repetition"), list(range(9)))
        self.assertEqual([answer["status"] for answer in got.answers()], ["failed", "ok", "ok"])

    def test_ends_at_three_quarters_of_the_deadline(self):
        got = self.repeat(evaluate("import time\ntime.sleep(0.02)"), times=10**9, deadline_ms=2000)
        self.ok(got)
        self.assertGreater(len(self.measured(got, "memory")), 4)
        self.assertEqual(len(self.grown(got, "memory")), 1)

    def test_once_is_no_repetition(self):
        for times in (0, 1):
            got = self.ok(self.repeat(evaluate(""), times=times))
            self.assertEqual(got.events("measured") + got.events("grown"), [])

    def test_a_crash_in_the_middle(self):
        source = "import os\nn = globals().get('n', 0) + 1\nif n == 4: os.abort()"
        got = self.repeat(evaluate(source))
        self.assertEqual((got.end["how"], got.end["completed"]), ("signaled", False))
        self.assertEqual(self.measured(got, "repetition"), [0, 1, 2, 3])
        self.assertEqual(len(got.events("called")), 4)
        self.assertEqual(got.events("grown"), [])


class RepeatedInterpreters(WithHost):
    def test_finalizes_after_the_last(self):
        got = self.ok(self.host.run([CREATE, run("a", "pass")], repeat=3, finish="finalize"))
        kinds = [event["e"] for event in got.events()]
        self.assertEqual(kinds[-3:], ["grown", "finalize", "finalized"])
        self.assertEqual(len(got.events("measured")), 4)

    def test_several_lanes(self):
        if "pep554.thread/1" not in self.host.hello["extensions"]:
            self.skipTest("the host does not offer pep554.thread/1")
        lane = [step("wait", text="g"), step("create", as_="b"), step("destroy", on="b")]
        got = self.ok(
            self.host.run(
                [CREATE, step("open", text="g"), step("destroy", on="a")], lane, repeat=10
            )
        )
        self.assertEqual(len(got.events("measured")), 11)
        if self.sanitizer() != "tsan":  # it has a thread of its own, and lets others linger
            self.assertEqual({event["threads"] for event in got.events("measured")}, {1})
        self.assertEqual(len({event["descriptors"] for event in got.events("measured")[1:]}), 1)
        self.assertEqual(got.events("grown"), [])
