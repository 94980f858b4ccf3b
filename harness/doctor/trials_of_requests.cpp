#include "harness/doctor/protocol_trials.h"

#include <array>

#include <fmt/format.h>

namespace pep554 {

using nlohmann::json;

void try_deadline(ProtocolTarget& target) {
  const auto host = target.start();
  if (!host)
    return;
  json program = target.one_lane(json::array({step("wait", "", "", "never")}));
  program["deadline_ms"] = 300;
  const RunMessages run = target.run(*host, program);
  if (!run.ended())
    return;
  target.findings().expect(has(run.end(), "how", "deadline"), "program.deadline",
                           "a program that waits for ever ended as " + run.end().dump());
  const RunMessages after = target.run(*host, target.one_lane(json::array({step("enumerate")})), 2);
  target.findings().expect(after.ended() && has(after.end(), "completed", true), "program.deadline",
                           "the program after it did not come to its end");
}

void try_bad_programs(ProtocolTarget& target) {
  const auto host = target.start();
  if (!host)
    return;
  const json bad = json::parse(R"([{"lanes": [[{"op": "dance"}]]}, {},
                                   {"lanes": [[{"op": "run", "text": "x"}]]}])");
  for (const json& program : bad) {
    host->send({{"msg", "run"}, {"id", 5}, {"program", program}});
    const RunMessages run = listen(*host, target.timeout());
    if (!target.findings().expect(
            run.ended(), "request.bad-program",
            fmt::format("after the program {}, {}", program.dump(), run.failure)))
      return;
    target.findings().expect(
        run.messages.size() == 1 && has(run.end(), "how", "not_run") &&
            !text_at(run.end(), "note").empty(),
        "request.bad-program",
        fmt::format("the program {} ended as {}", program.dump(), run.end().dump()));
  }
}

void try_unknown_fields(ProtocolTarget& target) {
  const auto host = target.start();
  if (!host)
    return;
  json program = target.one_lane(json::array({step("enumerate")}));
  program["colour"] = "red";
  program["lanes"][0][0]["speed"] = 9;
  host->send({{"msg", "run"}, {"id", 6}, {"program", program}, {"shape", json::array()}});
  const RunMessages run = listen(*host, target.timeout());
  target.findings().expect(run.ended() && has(run.end(), "completed", true),
                           "request.unknown-fields",
                           run.ended() ? "the program ended as " + run.end().dump() : run.failure);
}

void try_ahead(ProtocolTarget& target) {
  const auto host = target.start();
  if (!host)
    return;
  const json program = target.one_lane(json::array({step("enumerate")}));
  const std::array<json, 3> ids{json(std::int64_t{1} << 40U), json("a text"), json(3)};
  std::string together;
  for (const json& id : ids)
    together += encode_frame({{"msg", "run"}, {"id", id}, {"program", program}});
  host->send_bytes(together);
  for (const json& id : ids) {
    const RunMessages run = listen(*host, target.timeout());
    if (!target.findings().expect(
            run.ended(), "request.ahead",
            fmt::format("of the program {} sent ahead, {}", id.dump(), run.failure)))
      return;
    check_messages(run, program, id, target.findings());
  }
}

void try_ends(ProtocolTarget& target) {
  const auto judge = [&](ProtocolConnection& host, int wanted, const char* check,
                         const char* after) {
    const auto status = host.wait(target.timeout());
    target.findings().expect(status == wanted, check,
                             status
                                 ? fmt::format("after {} it exited with status {}", after, *status)
                                 : fmt::format("after {} it went on", after));
  };
  if (const auto host = target.start()) {
    host->send({{"msg", "quit"}});
    judge(*host, 0, "host.quit", "\"quit\"");
  }
  if (const auto host = target.start()) {
    host->close_input();
    judge(*host, 0, "host.end-of-stream", "the end of its input");
  }
  if (const auto host = target.start()) {
    host->send({{"msg", "dance"}});
    judge(*host, 3, "request.unknown", "the request \"dance\"");
  }
}

} // namespace pep554
