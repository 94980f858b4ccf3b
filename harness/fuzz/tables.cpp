// The case tables' reader, with the clauses of the project. Whatever it says is wrong with the
// input is one line with a place; and a table without complaints gives programs that can be sent,
// and that the host reads.
#include <chrono>
#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "cases/tables.h"
#include "harness/engine/wire.h"
#include "harness/fuzz/fuzz.h"
#include "harness/host/program.h"
#include "harness/host/wire.h"

namespace pep554::fuzz {
namespace {

const ClauseSet& clauses() {
  static const ClauseSet set = [] {
    Diagnostics diagnostics;
    ClauseSet loaded =
        load_clauses(PEP554_SOURCE_DIR "/spec/clauses.toml", "spec/clauses.toml", diagnostics);
    require(diagnostics.empty() && !loaded.clauses.empty(), "the project's clauses can be read");
    return loaded;
  }();
  return set;
}

void check_complaint(const Error& complaint) {
  const std::string line = to_string(complaint);
  require(line.find_first_of("\n\r\t\x1b") == std::string::npos, "a complaint is one plain line");
  require(complaint.where.file == "t.toml" && complaint.where.line > 0, "a complaint has a place");
  static_cast<void>(nlohmann::json(line).dump()); // throws when it is no UTF-8
}

void check_case(const Case& one) {
  const Program& program = one.program;
  require(one.expectations.size() == program.lanes.size(), "expectations for every lane");
  for (size_t lane = 0; lane < program.lanes.size(); ++lane) {
    require(one.expectations[lane].size() == program.lanes[lane].size(), "one for every step");
    for (const Step& step : program.lanes[lane])
      require(render(step).find('\n') == std::string::npos, "a step is shown on one line");
  }
  const auto now = std::chrono::steady_clock::now();
  require(now + program.limits.deadline > now, "a deadline lies ahead");
  const std::string frame = encode_frame(to_json(program));
  const host::Program read = host::program_from(host::decode(frame.substr(4)));
  require(read.lanes.size() == program.lanes.size() && read.deadline == program.limits.deadline,
          "the host reads the program that the engine sends");
}

} // namespace
} // namespace pep554::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using namespace pep554;
  Diagnostics diagnostics;
  std::vector<Case> cases;
  read_cases(fuzz::text_of(data, size), "t", "t.toml", fuzz::clauses(), cases, diagnostics);
  for (const Error& complaint : diagnostics.sorted())
    fuzz::check_complaint(complaint);
  if (!diagnostics.empty())
    return 0;
  fuzz::require(!cases.empty(), "a table without complaints has cases");
  for (const Case& one : cases)
    fuzz::check_case(one);
  return 0;
}
