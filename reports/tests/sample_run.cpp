#include "reports/tests/sample_run.h"

#include <algorithm>
#include <map>

#include "reports/tests/sample_text.h"

namespace pep554 {
namespace {

using State = StepResult::State;

struct Outcome {
  Verdict verdict = Verdict::pass;
  std::string reason = {};
  std::string output_tail = {};
  std::string trace = {};
  std::vector<Attempt> attempts = {};
};

StepResult prepared(std::string text, std::string got) {
  return {0, std::move(text), "", "", std::move(got), State::prepared};
}

StepResult judged(std::string text, std::string expected, std::string got, State state) {
  return {0, std::move(text), "", std::move(expected), std::move(got), state};
}

StepResult with_code(StepResult step, std::string code, size_t lane = 0) {
  step.code = std::move(code);
  step.lane = lane;
  return step;
}

// As judge() would have it.
std::string signature_of(std::string_view id, Verdict verdict) {
  const std::map<std::string_view, std::string> known{
      {"destroy.removes-from-the-list", "fail enumerate"},
      {"destroy.twice", "crash destroy SIGSEGV"},
      {"destroy.used", "leak descriptors destroy"},
      {"is_running.other-thread", "hang is_running"},
      {"run.endless-output", "limit-exceeded run output"},
      {"run.exit", "broken-at-exit SIGABRT"},
      {"run.on-a-thread", "flaky fail run"}};
  if (verdict == Verdict::pass || verdict == Verdict::observed)
    return {};
  const auto found = known.find(id);
  return found != known.end() ? found->second : std::string(to_string(verdict));
}

CaseResult make_case(std::string id, std::string title, std::vector<std::string> clauses,
                     Outcome outcome, std::vector<StepResult> steps) {
  CaseResult result;
  result.title = std::move(title);
  result.where = {"cases/" + id.substr(0, id.find('.')) + ".toml", 3 + 9 * id.size(), 1};
  result.clauses = std::move(clauses);
  result.verdict = outcome.verdict;
  result.reason = std::move(outcome.reason);
  result.signature = signature_of(id, outcome.verdict);
  result.output_tail = std::move(outcome.output_tail);
  result.trace = std::move(outcome.trace);
  result.attempts = std::move(outcome.attempts);
  result.steps = std::move(steps);
  result.replay = "pep554 run --target build/bin/reference --case " + id;
  result.microseconds = static_cast<std::int64_t>(1000 + 317 * id.size());
  result.id = std::move(id);
  return result;
}

std::vector<CaseResult> good_cases() {
  const auto create = prepared("a = interpreters.create()", "interpreter 1");
  return {
      make_case(
          "create.distinct", "Interpreters that were created are different ones",
          {"create.initializes", "create.distinct"}, {},
          {create, judged("b = interpreters.create()", "not a", "interpreter 2", State::agreed)}),
      make_case("enumerate.order", "The order of the list", {"enumerate.order"},
                {Verdict::observed, "listed in the order of creation"},
                {prepared("interpreters.enumerate()", "a list of main")}),
  };
}

CaseResult failed_case() {
  const auto code = "import sys\n"
                    "sys.modules.clear()  # <not> markup & not harmless\n"
                    "$emit(len(sys.modules))";
  return make_case(
      "destroy.removes-from-the-list", "A destroyed interpreter is no longer listed",
      {"destroy.removes", "destroy.destroys"},
      {Verdict::fail,
       "interpreters.enumerate(): expected: lists exactly main; got: a list of main, a",
       hostile_text()},
      {prepared("main = interpreters.get_main()", "interpreter 0"),
       prepared("a = interpreters.create()", "interpreter 1"),
       with_code(prepared("a.run(...)", "None"), code),
       judged("a.destroy()", "", "None", State::prepared),
       judged("interpreters.enumerate()", "lists exactly main", "a list of main, a",
              State::disagreed)});
}

CaseResult hung_case() {
  return make_case(
      "is_running.other-thread", "While code runs on another thread the answer is True",
      {"is_running.answer"},
      {Verdict::hang, "a.is_running() had no answer: still running at the deadline of 10000 ms, "
                      "killed"},
      {prepared("a = interpreters.create()", "interpreter 1"),
       with_code(prepared("a.run(...)", ""), "import time\nwhile True:\n    time.sleep(1)", 1),
       judged("a.is_running()", "True", "", State::no_answer),
       judged("a.is_running()", "False", "", State::not_reached)});
}

std::vector<CaseResult> bad_cases() {
  return {
      failed_case(),
      hung_case(),
      make_case("destroy.twice", "An interpreter is destroyed twice", {"destroy.twice"},
                {Verdict::crash, "a.destroy() had no answer: the process was ended by SIGSEGV",
                 "Fatal Python error: Segmentation fault\n",
                 "Current thread 0x00007f303e608740 (most recent call first):\n"
                 "  File \"interpreters.py\", line 46 in destroy\n"},
                {}),
      make_case("destroy.used", "An interpreter that has run code is destroyed",
                {"destroy.destroys"},
                {Verdict::leak, "3 descriptors were open that were not open before"}, {}),
      make_case(
          "isolation.names", "A global name is not visible in another interpreter", {"run.code"},
          {Verdict::blocked, "interpreters.create() prepares the case, but RuntimeError: "
                             "interpreter creation failed"},
          {prepared("a = interpreters.create()", "RuntimeError: interpreter creation failed")}),
      make_case("run.endless-output", "Code that prints without end", {"run.code"},
                {Verdict::limit_exceeded, "more than 1048576 bytes of output, killed",
                 std::string(300, 'y') + "\n"},
                {}),
      make_case("run.exit", "The runtime finalizes after code was run", {"run.code"},
                {Verdict::broken_at_exit, "every answer was right, but the runtime could not be "
                                          "finalized: the process was ended by SIGABRT"},
                {}),
      make_case("run.host", "Code that the host cannot report", {"run.code"},
                {Verdict::host_fault, "a.run(...) had no answer: the host is at fault: it sent "
                                      "malformed data: a message \"event\" has the id 8 instead "
                                      "of 7"},
                {}),
      make_case("run.not-run", "Code with a null character", {"run.code"},
                {Verdict::not_run, "no host could be started"}, {}),
      make_case("run.on-a-thread", "Code is executed on the thread that called run", {"run.code"},
                {Verdict::flaky,
                 "fail 1, pass 2 of 3 attempts; fail: it ran elsewhere",
                 "",
                 "",
                 {{AttemptMode::first, Verdict::fail, "it ran elsewhere"},
                  {AttemptMode::alone, Verdict::pass, ""},
                  {AttemptMode::fresh, Verdict::pass, ""}}},
                {}),
      make_case("run.surface", "Code is given by name", {"run.code"},
                {Verdict::unsupported, "eval: unsupported: the plugin has no pep554.eval"}, {}),
  };
}

std::vector<CaseResult> sample_properties() {
  CaseResult pass = make_case("property.ids-differ", "No two interpreters have the same id",
                              {"run.code"}, {Verdict::pass, ""}, {});
  pass.property = {20170905, 16, 16, 0, {}, "", ""};
  CaseResult fail =
      make_case("property.run-again", "Code that is run again does the same", {"run.code"},
                {Verdict::fail, "a.run('x = 1') raised RuntimeError, expected ok"},
                {prepared("a = interpreters.create()", "a")});
  fail.property = {20170905,
                   16,
                   15,
                   2,
                   7,
                   "failures/fail-run-RuntimeError",
                   "python3.11 failures/fail-run-RuntimeError/repro.py: confirmed"};
  return {pass, fail};
}

RunResult base_run() {
  RunResult run;
  run.version = "0.1.0";
  run.commit = "0a1b2c3";
  run.isolation = "landlock, no_new_privs; not: pid namespace (Operation not permitted)";
  run.text_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  run.cases_sha256 = "76543210fedcba9876543210fedcba9876543210fedcba9876543210fedcba98";
  run.target = {"reference",
                {{"plugin", "cpython"},
                 {"python", "3.11.2 (main, Debian 12)"},
                 {"site", "off"},
                 {"platform", "linux-x86_64"}},
                {}};
  run.started = "2026-01-02T03:04:05Z";
  run.milliseconds = 12'345;
  run.jobs = 2;
  run.clauses = sample_clauses();
  return run;
}

} // namespace

RunResult sample_run() {
  auto run = base_run();
  run.cases = good_cases();
  std::ranges::move(bad_cases(), std::back_inserter(run.cases));
  std::ranges::move(sample_properties(), std::back_inserter(run.cases));
  std::ranges::sort(run.cases, {}, &CaseResult::id);
  judge_sample(run);
  run.claim = "reference is not conformant to the first draft of PEP 554: 2 of 7 stated and "
              "implied clauses passed.";
  return run;
}

RunResult conformant_run() {
  auto run = base_run();
  run.cases = good_cases();
  std::erase_if(run.clauses, [&run](const ClauseResult& clause) {
    return std::ranges::none_of(run.cases, [&clause](const CaseResult& result) {
      return std::ranges::find(result.clauses, clause.id) != result.clauses.end();
    });
  });
  judge_sample(run);
  run.conformant = true;
  run.sound = true;
  run.claim = "reference is conformant to the first draft of PEP 554: all 2 stated and implied "
              "clauses were judged, and passed.";
  return run;
}

} // namespace pep554
