"""Tests of a host: its answers to each operation, lanes, and macros."""

from host_case import CREATE, WithHost, evaluate, run, step


class Opening(WithHost):
    def test_hello(self):
        hello = self.host.hello
        self.assertEqual((hello["protocol"], hello["plugin"].get("abi", 1)), (1, 1))
        self.assertNotIn("lacks", hello)
        keys = [key for key, _ in hello["facts"]]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertIn("implementation", keys)

    def test_quits(self):
        self.host.send({"msg": "quit", "more": 1})
        self.assertEqual(self.host.wait(), 0)

    def test_end_of_the_stream(self):
        self.assertEqual(self.host.wait(), 0)

    def test_end_within_a_frame(self):
        self.host.send_bytes(b"\0\0\0\x20{")
        self.assertEqual(self.host.wait(), 0)


class Operations(WithHost):
    def test_each_with_its_answer(self):
        got = self.host.run([
            step("get_main", as_="m"), step("get_current"), CREATE, step("enumerate"),
            step("read_id", on="a"), step("construct", on="a", as_="b"), step("read_id", on="b"),
            step("is_running", on="b"), run("b", "x = 1"), run("a", "$emit(x + 41)"),
            step("destroy", on="a"), step("enumerate"), step("release", on="a"),
        ])
        self.ok(got)
        main, current, made, both, id, built, same, running, _, _, _, rest, _ = got.answers()
        self.assertEqual(current["ids"], main["ids"])
        self.assertCountEqual(both["ids"], main["ids"] + made["ids"])
        self.assertEqual([id["text"]], made["ids"])
        self.assertEqual(built["ids"], made["ids"])
        self.assertEqual(same["text"], id["text"])
        self.assertIs(running["truth"], False)
        self.assertEqual(rest["ids"], main["ids"])
        self.assertEqual(got.emitted(), ["42"])

    def test_construct_from_a_text(self):
        got = self.host.run([CREATE])
        id = got.answers()[0]["ids"][0]
        got = self.host.run([CREATE, step("construct", text=id, as_="b"), run("b", "$emit(1)")])
        self.ok(got)

    def test_errors_have_a_category_and_texts(self):
        got = self.host.run([
            CREATE, run("a", "raise ValueError('planned')"), step("destroy", on="a"),
            run("a", "pass"), step("write_id", on="a", text="5"), step("destroy", on="a"),
            step("release", on="a"), step("read_id", on="a"),
        ])
        _, failed, _, gone, written, twice, _, released = got.answers()
        self.assertEqual(failed["raised"]["category"], "script-failed")
        self.assertIn("planned", failed["raised"]["message"])
        self.assertTrue(failed["raised"]["type"])
        self.assertEqual(gone["raised"]["category"], "not-found")
        self.assertEqual(twice["raised"]["category"], "not-found")
        self.assertEqual(released["status"], "failed")
        self.assertIn(written["status"], ("raised", "unsupported"))
        self.assertTrue(got.end["completed"])

    def test_long_texts_are_cut_between_characters(self):
        got = self.host.run([CREATE, run("a", "raise ValueError('x' + chr(8364) * 100_000)")])
        message = got.answers()[1]["raised"]["message"]
        self.assertLessEqual(len(message.encode()), 1023)
        self.assertGreater(len(message.encode()), 1000)
        self.assertNotIn("\ufffd", message)

    def test_an_unbound_name_fails(self):
        for one in (
            step("read_id", on="x"),
            step("write_id", on="x", text="1"),
            step("is_running", on="x"),
            step("destroy", on="x"),
            step("release", on="x"),
            step("construct", on="x"),
            run("x", ""),
        ):
            got = self.host.run([one])
            self.assertEqual(got.answers()[0]["status"], "failed", one)
            self.assertTrue(got.end["completed"])

    def test_a_name_goes_to_another(self):
        got = self.host.run([CREATE, CREATE, step("read_id", on="a"), step("release", on="a")])
        self.ok(got)
        self.assertEqual([got.answers()[2]["text"]], got.answers()[1]["ids"])

    def test_no_lanes_and_empty_lanes(self):
        for lanes in ([], [[]], [[], []]):
            got = self.host.run(*lanes)
            self.assertTrue(got.end["completed"])
            self.assertEqual(len(got.events("lane")), len(lanes))


class Evaluation(WithHost):
    NEEDS = ("pep554.eval/1",)

    def test_one_namespace_a_program(self):
        got = self.host.run(
            [evaluate("n = 41"), evaluate("$emit(n + 1)"), evaluate("$emit(__name__)")]
        )
        self.ok(got)
        self.assertEqual(got.emitted(), ["42", "__main__"])
        got = self.host.run([evaluate("n")])
        self.assertEqual(got.answers()[0]["raised"]["type"], "NameError")

    def test_the_module_is_bound(self):
        self.ok(self.host.run([evaluate("interpreters.create().run('pass')")]))

    def test_categories(self):
        for source, category in (
            ("raise TypeError", "bad-argument"),
            ("raise OverflowError", "bad-argument"),
            ("raise NotImplementedError", "unsupported"),
            ("raise RuntimeError('interpreter already running')", "busy"),
            ("class RunFailedError(Exception): pass\nclass E(RunFailedError): pass\nraise E",
             "script-failed"),
            ("class InterpreterNotFoundError(Exception): pass\nraise InterpreterNotFoundError",
             "not-found"),
            ("raise RuntimeError('unrecognized interpreter ID 7')", "not-found"),
            ("raise KeyError", "other"),
            ("raise SystemExit(3)", "other"),
            ("raise KeyboardInterrupt", "other"),
            ("x = (", "other"),
            ("x\0", "bad-argument"),
        ):  # fmt: skip
            got = self.host.run([evaluate(source)])
            answer = got.answers()[0]
            self.assertEqual(answer["status"], "raised", source)
            if source != "x\0":  # SyntaxError from 3.12 on
                self.assertEqual(answer["raised"]["category"], category, source)
            self.assertTrue(got.end["completed"])

    def test_categories_of_operations(self):
        got = self.host.run([
            CREATE, run("a", "1/0"), run("a", "raise SystemExit"), run("a", "x\0"),
            step("get_main", as_="m"), run("m", ""), step("construct", text="77", as_="b"),
            run("b", ""), step("construct", text="x", as_="c"), step("destroy", on="c"),
        ])
        categories = [answer.get("raised", {}).get("category") for answer in got.answers()]
        self.assertEqual(categories[1:4], ["script-failed"] * 2 + ["bad-argument"])
        self.assertEqual(categories[5::2], ["busy", "not-found", "bad-argument"])
        self.assertEqual(got.answers()[1]["raised"]["type"], "RunFailedError")
        self.assertTrue(got.end["completed"])

    def test_odd_exceptions(self):
        got = self.host.run([
            evaluate("class E(Exception):\n def __str__(s): 1/0\nraise E"),
            evaluate("raise ValueError('a\\0b\\udc80')"),
            evaluate("raise type('N' * 300, (Exception,), {})"),
        ])
        first, second, third = [answer["raised"] for answer in got.answers()]
        self.assertEqual(
            (first["type"], first["message"]), ("E", "(str() of the exception failed)")
        )
        self.assertEqual(second["message"], "a\\x00b\\udc80")
        self.assertEqual(third["type"], "N" * 127)

    def test_missing_names_are_unsupported(self):
        got = self.host.run([
            evaluate("del interpreters.create, interpreters.Interpreter.destroy"),
            step("create"),
            step("get_main", as_="m"),
            step("destroy", on="m"),
            evaluate(
                "def get_current(): raise AttributeError('mine')\n"
                "interpreters.get_current = get_current"
            ),
            step("get_current"),
        ])
        statuses = [answer["status"] for answer in got.answers()]
        self.assertEqual(statuses, ["ok", "unsupported", "ok", "unsupported", "ok", "raised"])

    def test_the_module_may_answer_anything(self):
        got = self.host.run([
            evaluate(
                "class Odd:\n id = property(lambda s: 1/0)\n is_running = lambda s: s\n"
                " __bool__ = lambda s: 1/0\n"
                "class Odder:\n id = 7\n"
                " def __getattr__(s, name): raise KeyError(name)\n"
                "interpreters.create = Odd\ninterpreters.get_main = lambda: None\n"
                "interpreters.get_current = Odder\ninterpreters.enumerate = lambda: 7"
            ),
            CREATE,
            step("is_running", on="a"),
            step("get_main", as_="m"),
            step("is_running", on="m"),
            step("get_current", as_="o"),
            step("is_running", on="o"),
            step("enumerate"),
        ])
        _, made, running, main, of_none, odder, of_odder, listed = got.answers()
        self.assertEqual(made["raised"]["type"], "ZeroDivisionError")
        self.assertEqual(running["raised"]["type"], "ZeroDivisionError")
        self.assertEqual(main["raised"]["type"], "AttributeError")
        self.assertEqual(of_none["raised"]["type"], "AttributeError")
        self.assertEqual(odder["ids"], ["7"])
        self.assertEqual(of_odder["raised"]["type"], "KeyError")
        self.assertEqual(listed["raised"]["type"], "TypeError")
        self.assertTrue(got.end["completed"])

    def test_an_object_without_an_id_is_a_wrong_answer(self):
        got = self.host.run([
            evaluate("interpreters.create = lambda: None\ninterpreters.enumerate = lambda: [1]\n"
                     "class Odd: run = 1\ninterpreters.get_main = Odd"),
            CREATE, run("a", "1"), step("enumerate"), step("get_main", as_="m"),
            step("destroy", on="m"),
        ])
        wrong, incomplete = got.answers()[1:4], got.answers()[4:]
        self.assertEqual([one["raised"]["type"] for one in wrong], ["AttributeError"] * 3)
        self.assertEqual([one["status"] for one in incomplete], ["unsupported"] * 2)

    def test_handles_are_let_go(self):
        got = self.host.run([
            evaluate(
                "gone = []\n"
                "class Thing:\n id = '7'\n def __del__(s): gone.append(1)\n"
                "interpreters.create = Thing\n"
                "interpreters.enumerate = lambda: [Thing(), Thing()]"
            ),
            CREATE,
            step("create"),
            evaluate("$emit(len(gone))"),
            CREATE,
            evaluate("$emit(len(gone))"),
            step("release", on="a"),
            evaluate("$emit(len(gone))"),
            step("enumerate"),
            evaluate("$emit(len(gone))"),
        ])
        self.ok(got)
        self.assertEqual(got.emitted(), ["1", "2", "3", "5"])


class Lanes(WithHost):
    NEEDS = ("pep554.thread/1",)

    def test_gates_order_them(self):
        got = self.host.run(
            [step("wait", text="b"), CREATE, step("open", text="a")],
            [
                step("create", as_="b"),
                step("open", text="b"),
                step("open", text="b"),
                step("wait", text="a"),
                step("wait", text="a"),
                step("enumerate"),
            ],
        )
        self.ok(got)
        made = got.answers(0)[1]["ids"] + got.answers(1)[0]["ids"]
        self.assertLessEqual(set(made), set(got.answers(1)[5]["ids"]))
        order = [(e["lane"], e["step"]) for e in got.events("returned")]
        self.assertLess(order.index((1, 0)), order.index((0, 1)))

    def test_threads_of_their_own(self):
        # One lane after the other: CPython 3.11 can deadlock when two create at once.
        lanes = [
            [step("wait", text=f"g{n}"), CREATE, run("a", "pass"), step("open", text=f"g{n + 1}")]
            for n in range(3)
        ]
        got = self.host.run([step("open", text="g0"), *lanes[0][1:]], *lanes[1:])
        self.ok(got)
        threads = {event["lane"]: event["text"] for event in got.events("lane")}
        self.assertEqual(len(set(threads.values())), 3)

    def test_the_thread_is_the_one_named(self):
        code = "import threading\n$emit(threading.get_native_id())"
        got = self.host.run(
            [CREATE, run("a", code), step("open", text="g")],
            [step("wait", text="g"), step("create", as_="b"), run("b", code)],
        )
        self.ok(got)
        threads = {event["lane"]: event["text"] for event in got.events("lane")}
        self.assertEqual(got.emitted(), [threads[0], threads[1]])

    def test_is_running_from_another(self):
        got = self.host.run(
            [
                CREATE,
                step("open", text="made"),
                step("wait", text="in"),
                step("is_running", on="a"),
                run("a", "pass"),
                step("open", text="asked"),
            ],
            [step("wait", text="made"), run("a", "$open('in')\n$wait('asked')")],
        )
        self.assertTrue(got.end["completed"])
        self.assertIs(got.answers(0)[3]["truth"], True)
        self.assertEqual(got.answers(0)[4]["raised"]["category"], "busy")

    def test_many(self):
        lanes = [[step("wait", text="go")] for _ in range(20)] + [[step("open", text="go")]]
        self.ok(self.host.run(*lanes))


class Macros(WithHost):
    def test_in_literals_and_in_code_within_code(self):
        got = self.host.run([
            CREATE,
            run("a", "exec('$emit(1+1)')\nexec(\"exec('$emit(2+2)')\")\nexec('''$emit(3+3)''')"),
            run("a", "$emit(str($emit('inner'))[:0] + 'outer')"),
            run("a", "f'{$emit(7)}' ; '%s' % $emit(8)"),
        ])
        self.ok(got)
        self.assertEqual(got.emitted(), ["2", "4", "6", "inner", "outer", "7", "8"])
        self.assertEqual([e["step"] for e in got.events("emitted")], [1, 1, 1, 2, 2, 3, 3])

    def test_gates_in_code(self):
        code = (
            "$open(\"x\")\nexec('$wait(\\'x\\')')\nexec(\"exec('$wait(\\\"x\\\")')\")\n$wait('x')"
        )
        self.ok(self.host.run([CREATE, run("a", code)]))

    def test_text_similar_to_a_macro_is_unchanged(self):
        texts = ["$emit", "$wait()", "$wait('a b')", "$open('a\")", "$wait(\\'a')", "$", "$$emit"]
        code = f"x = {texts!r}".replace("$", "\\x24") + "\nfor t in x: $emit(t)"
        got = self.host.run([CREATE, run("a", code)])
        self.assertEqual(got.emitted(), texts)
        for text in texts[:6]:
            got = self.host.run([CREATE, run("a", f"t = {text!r}\n$emit(len(t))")])
            self.assertEqual(got.emitted(), [str(len(text))], text)

    def test_long_and_odd_values(self):
        got = self.host.run(
            [CREATE, run("a", "$emit(chr(0xdc80) + chr(0x1f600) * 2000)\n$emit('')")]
        )
        first, second = got.emitted()
        self.assertEqual(first, "\\udc80" + "\U0001f600" * 1499)
        self.assertEqual(second, "")
