// The protocol's readers. The input is a stream of frames, cut into portions by its first byte, and
// is also taken for the body of one frame. Both readers of frames must see the same frames, and
// what one side reads from a body must be good for all that is done with it.
#include <chrono>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/engine/history.h"
#include "harness/engine/judge.h"
#include "harness/engine/wire.h"
#include "harness/fuzz/fuzz.h"
#include "harness/host/macros.h"
#include "harness/host/program.h"
#include "harness/host/records.h"
#include "harness/host/wire.h"

namespace pep554::fuzz {
namespace {

using nlohmann::json;

template <typename Reader>
std::vector<std::string> bodies_of(Reader& reader, std::string_view stream, size_t portion) {
  std::vector<std::string> bodies;
  while (!stream.empty()) {
    reader.feed(stream.substr(0, portion));
    stream.remove_prefix(std::min(portion, stream.size()));
    while (auto body = reader.next())
      bodies.push_back(std::move(*body));
  }
  return bodies;
}

// The engine reads a host's message: it throws json's exception, or returns a value that can be
// written and read again.
template <typename Read>
void engine_reads(const json& document, Read read) {
  try {
    read(document);
  } catch (const json::exception&) {
    return;
  }
}

// A case to judge a hostile history by: every step has an expectation, and the program repeats.
Case any_case() {
  Case subject;
  subject.id = "fuzz.case";
  subject.clauses = {"create.object"};
  subject.program.lanes = {{{Op::create, "", "a", ""},
                            {Op::run, "a", "", "$emit(1)"},
                            {Op::enumerate, "", "", ""},
                            {Op::is_running, "a", "", ""},
                            {Op::read_id, "a", "", ""},
                            {Op::destroy, "a", "", ""}},
                           {{Op::get_current, "", "b", ""}}};
  subject.program.finish = Finish::finalize;
  subject.program.repeat = 64;
  subject.expectations.resize(2);
  for (size_t lane = 0; lane < 2; ++lane)
    subject.expectations[lane].resize(subject.program.lanes[lane].size(), Expectation{});
  subject.expectations[0][1]->emits = {"1"};
  subject.expectations[0][1]->during = {"{a.id} {lane.thread}"};
  subject.expectations[0][2]->exactly = {"a", "b"};
  subject.expectations[0][3]->truth = false;
  subject.expectations[0][4]->same = "a";
  subject.expectations[1][0]->differs = {"a"};
  return subject;
}

void read_history(const json& document) {
  static const Case subject = any_case();
  const History history = history_from(document);
  const CaseResult result = judge(subject, history);
  require(result.steps.size() == 7, "each step has its result");
  const json written = to_json(history);
  const History again = history_from(json::parse(written.dump()));
  require(to_json(again) == written, "a history that was written reads as it was written");
}

void engine_side(const std::string& body) {
  json document;
  try {
    document = parse_body(body);
  } catch (const json::exception&) {
    return;
  }
  engine_reads(document, [](const json& it) { event_from(it); });
  engine_reads(document, [](const json& it) { termination_from(it); });
  engine_reads(document, read_history);
}

// As the host does before it forks, and its child afterwards.
void prepare(const host::Program& program) {
  const auto end = std::chrono::steady_clock::now() + program.deadline;
  require(end >= std::chrono::steady_clock::now() - std::chrono::seconds(1), "time goes on");
  host::GateTable gates;
  for (const std::string& name : host::gates_of(program))
    gates[name] = {7, 8};
  for (size_t lane = 0; lane < program.lanes.size(); ++lane)
    for (size_t step = 0; step < program.lanes[lane].size(); ++step)
      host::expand(program.lanes[lane][step].text, {9, lane, step, &gates});
}

void host_side(const std::string& body) {
  const json message = host::decode(body);
  if (!message.is_object())
    return;
  host::encode({{"msg", "end"}, {"id", message.value("id", json())}});
  try {
    prepare(host::program_from(message.value("program", message)));
  } catch (const std::exception&) {
    return;
  }
}

} // namespace
} // namespace pep554::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using namespace pep554;
  std::string_view input = fuzz::text_of(data, size);
  if (input.empty())
    return 0;
  const size_t portion = 1 + static_cast<std::uint8_t>(input.front());
  input.remove_prefix(1);
  FrameReader engine;
  host::FrameReader host;
  const auto bodies = fuzz::bodies_of(engine, input, portion);
  fuzz::require(bodies == fuzz::bodies_of(host, input, portion), "both sides see the same frames");
  fuzz::require(engine.broken() == (host.state() == host::FrameReader::State::oversized),
                "both sides give up at the same frame");
  for (const std::string& body : bodies) {
    fuzz::engine_side(body);
    fuzz::host_side(body);
  }
  fuzz::engine_side(std::string(input));
  fuzz::host_side(std::string(input));
  const size_t whole = host::whole_characters(input);
  fuzz::require(whole <= input.size() && input.size() - whole < 4,
                "at most three bytes wait for the rest of a character");
  return 0;
}
