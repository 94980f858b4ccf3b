#include "harness/doctor/protocol_trials.h"

#include <array>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pep554 {
namespace {

using nlohmann::json;

// A process that ends during a step is not the host's fault: the finding names the step.
void judge_operations(ProtocolTarget& target, const RunMessages& run, const json& steps) {
  target.findings().ok("operation.supported");
  for (size_t i = 0; i < steps.size(); ++i) {
    const std::string seen =
        fmt::format("{} {}", text_at(steps[i], "op"), describe_answer(run, 0, i));
    const std::string status = run.status(0, i);
    if (status.empty())
      return target.findings().error("operation.answers",
                                     fmt::format("{}; the end was {}", seen, run.end().dump()),
                                     advice_on(run.end()));
    target.findings().expect(status != "failed", "operation.answers", seen);
    if (status == "unsupported")
      target.findings().note("operation.supported", seen);
  }
  target.findings().expect(has(run.end(), "how", "exited") && has(run.end(), "code", 0) &&
                               has(run.end(), "completed", true),
                           "program.end",
                           "a program that came to its end ended as " + run.end().dump(),
                           advice_on(run.end()));
}

void judge_lanes(ProtocolTarget& target, const RunMessages& run) {
  target.findings().expect(has(run.end(), "completed", true), "lanes.two",
                           "two lanes that open gates for each other ended as " + run.end().dump(),
                           advice_on(run.end()));
  std::set<std::string> threads;
  for (const json& event : run.events("lane"))
    threads.insert(text_at(event, "text"));
  target.findings().expect(
      threads.size() == 2, "lanes.two",
      fmt::format("two lanes ran on the threads [{}]", fmt::join(threads, ", ")));
}

} // namespace

void judge_hello(ProtocolTarget& target) {
  const json plugin = target.hello().value("plugin", json());
  const json facts = target.hello().value("facts", json());
  const json extensions = target.hello().value("extensions", json());
  const auto is_pair = [](const json& fact) {
    return fact.is_array() && fact.size() == 2 && fact[0].is_string() && fact[1].is_string();
  };
  target.findings().expect(target.hello().value("protocol", json()) == 1, "hello.shape",
                           "protocol is " + target.hello().value("protocol", json()).dump());
  target.findings().expect(plugin.is_object() && !text_at(plugin, "name").empty() &&
                               plugin.contains("version") && plugin["version"].is_string(),
                           "hello.shape", "plugin is " + plugin.dump());
  target.findings().expect(facts.is_array() && std::ranges::all_of(facts, is_pair), "hello.shape",
                           "facts are " + facts.dump());
  target.findings().expect(
      extensions.is_array() &&
          std::ranges::all_of(extensions, [](const json& e) { return e.is_string(); }),
      "hello.shape", "extensions are " + extensions.dump());
}

void try_operations(ProtocolTarget& target) {
  const auto host = target.start();
  if (!host)
    return;
  const json steps{
      step("get_main", "", "m"),   step("get_current"),          step("create", "", "a"),
      step("enumerate"),           step("read_id", "a"),         step("construct", "a", "b"),
      step("is_running", "a"),     step("run", "a", "", "pass"), step("write_id", "a", "", "77"),
      step("destroy", "a"),        step("release", "a"),         step("open", "", "", "gate"),
      step("wait", "", "", "gate")};
  const RunMessages run = target.run(*host, target.one_lane(steps));
  if (run.ended())
    judge_operations(target, run, steps);
}

void try_names(ProtocolTarget& target) {
  const auto host = target.start();
  if (!host)
    return;
  const RunMessages run = target.run(
      *host, target.one_lane({step("get_main", "", "m"), step("read_id", "m"), step("release", "m"),
                              step("read_id", "m"), step("read_id", "unbound")}));
  if (!run.ended() || run.status(0, 0) != "ok")
    return;
  target.findings().expect(run.status(0, 1) != "failed", "operation.names",
                           "read_id on the name that get_main was given " +
                               describe_answer(run, 0, 1));
  target.findings().expect(run.status(0, 3) == "failed", "operation.names",
                           "read_id on a name that was released " + describe_answer(run, 0, 3));
  target.findings().expect(run.status(0, 4) == "failed", "operation.names",
                           "read_id on a name that was never bound " + describe_answer(run, 0, 4));
}

void try_emitting(ProtocolTarget& target) {
  const auto host = target.start();
  if (!host)
    return;
  const RunMessages run = target.run(
      *host,
      target.one_lane({step("create", "", "a"), step("run", "a", "", "$emit('doctor: %d' % 42)")}));
  const std::vector<std::string> emitted = run.emitted();
  if (emitted == std::vector<std::string>{"doctor: 42"})
    target.findings().ok("operation.emit");
  else
    target.findings().note("operation.emit",
                           fmt::format("run of \"$emit('doctor: %d' % 42)\" emitted [{}], and {}",
                                       fmt::join(emitted, ", "), describe_answer(run, 0, 1)));
}

// Whatever becomes of the program, the host has to report it.
void try_surrogates(ProtocolTarget& target) {
  const auto host = target.start();
  if (!host)
    return;
  const json program =
      target.one_lane({step("create", "", "a"), step("run", "a", "", "$emit(chr(0xd800))"),
                       step("run", "a", "", "raise ValueError(chr(0xd800))")});
  host->send({{"msg", "run"}, {"id", 1}, {"program", program}});
  const RunMessages run = listen(*host, target.timeout() * 2);
  target.findings().expect(run.ended(), "operation.surrogates",
                           "after code with chr(0xd800), " + run.failure);
}

void try_eval(ProtocolTarget& target) {
  const auto host = target.start();
  if (!host)
    return;
  const RunMessages run = target.run(
      *host, target.one_lane({step("eval", "", "", "kept = interpreters"),
                              step("eval", "", "", "kept"), step("eval", "", "", "1/0")}));
  if (!run.ended())
    return;
  const bool claimed = target.claims("pep554.eval/1");
  const std::array<const char*, 3> wanted{claimed ? "ok" : "unsupported",
                                          claimed ? "ok" : "unsupported",
                                          claimed ? "raised" : "unsupported"};
  for (size_t i = 0; i < wanted.size(); ++i)
    target.findings().expect(run.status(0, i) == wanted.at(i), "operation.eval",
                             fmt::format("pep554.eval/1 is {}claimed, and eval {}",
                                         claimed ? "" : "not ", describe_answer(run, 0, i)));
}

void try_processes(ProtocolTarget& target) {
  const auto host = target.start();
  if (!host)
    return;
  const json program = target.one_lane({step("enumerate"), step("create", "", "a")});
  const RunMessages first = target.run(*host, program, 1);
  const RunMessages second = target.run(*host, program, 2);
  if (!first.ended() || !second.ended())
    return;
  const json one = first.messages.front().value("pid", json());
  if (one.is_number()) // else another check has reported it
    target.findings().expect(
        one != second.messages.front().value("pid", json()) && one != host->pid(),
        "program.process", fmt::format("two programs ran in the process {}", one.dump()));
  target.findings().expect(first.answer(0, 0) == second.answer(0, 0), "program.process",
                           fmt::format("enumerate in one program {}, in the next it {}",
                                       describe_answer(first, 0, 0),
                                       describe_answer(second, 0, 0)));
}

void try_lanes(ProtocolTarget& target) {
  const auto host = target.start();
  if (!host)
    return;
  const json lanes{{step("wait", "", "", "b"), step("get_main"), step("open", "", "", "a")},
                   {step("get_main"), step("open", "", "", "b"), step("wait", "", "", "a"),
                    step("get_current")}};
  const RunMessages run = target.run(*host, target.program(lanes));
  if (!run.ended())
    return;
  if (target.claims("pep554.thread/1"))
    return judge_lanes(target, run);
  for (const size_t lane : {0U, 1U})
    target.findings().expect(
        run.status(lane, 0) == "unsupported", "lanes.two",
        fmt::format("pep554.thread/1 is not claimed, and the first step of lane {} {}", lane,
                    describe_answer(run, lane, 0)));
}

void try_finalize(ProtocolTarget& target) {
  const auto host = target.start();
  if (!host)
    return;
  json program = target.one_lane(json::array({step("create", "", "a")}));
  program["finish"] = "finalize";
  const RunMessages run = target.run(*host, program);
  if (!run.ended() || run.answer(0, 0).is_null())
    return;
  target.findings().expect(run.events("finalize").size() == 1, "finalize.events",
                           "there was no event finalize");
  target.findings().expect(run.events("finalized").size() == 1, "finalize.events",
                           "there was no event finalized; the end was " + run.end().dump(),
                           advice_on(run.end()));
  target.findings().expect(has(run.end(), "how", "exited"), "finalize.events",
                           "after finalize the process ended as " + run.end().dump(),
                           advice_on(run.end()));
}

} // namespace pep554
