// pep554_bench_driver GROUP SIZE: measures one group with the reference, and prints it as JSON;
// report.py makes figures of it. GROUP: life, nothing (one program after the other),
// throughput_life, throughput_nothing, endurance, examples. SIZE: full, quick, smoke.
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/bench/examples.h"
#include "harness/bench/measure.h"
#include "harness/run/paths.h"
#include "harness/run/suite.h"
#include "harness/run/targets.h"

namespace {

using namespace pep554;
using nlohmann::json;

const std::map<std::string, bench::Size> sizes{
    {"full", {20, 40, 100'000, 400}}, {"quick", {8, 20, 5'000, 100}}, {"smoke", {1, 2, 20, 4}}};

// Examples of the most general property, which has the largest share.
json examples(const bench::Subjects& who, bench::Size size) {
  const Paths paths = bench::value_of(find_paths());
  Diagnostics errors;
  const Suite suite = load_suite(paths, {}, errors);
  if (!errors.empty())
    throw std::runtime_error(to_string(errors.sorted().front()));
  return bench::examples(who, suite.properties.front(), gating(suite.clauses), size);
}

using Measure = std::function<json(const bench::Subjects&, bench::Size)>;

const std::map<std::string, Measure> groups{
    {"life", [](const auto& who, auto size) { return bench::isolated(who, "life", size); }},
    {"nothing",
     [](const auto& who, auto size) {
       size.batch *= 10;
       return bench::isolated(who, "nothing", size);
     }},
    {"throughput_life",
     [](const auto& who, auto size) { return bench::throughput(who, "life", size); }},
    {"throughput_nothing",
     [](const auto& who, auto size) {
       size.crowd *= 5;
       return bench::throughput(who, "nothing", size);
     }},
    {"endurance",
     [](const auto& who, auto size) { return bench::endurance(who, "nothing", size); }},
    {"examples", examples},
};

bench::Subjects subjects() {
  const Paths paths = bench::value_of(find_paths());
  return {bench::value_of(parse_target("reference", paths)).command,
          (paths.host.parent_path() / "pep554_bench_floor").string()};
}

} // namespace

int main(int argc, char** argv) {
  const auto group = groups.find(argc == 3 ? argv[1] : "");
  const auto size = sizes.find(argc == 3 ? argv[2] : "");
  if (group == groups.end() || size == sizes.end()) {
    fmt::print(stderr, "usage: pep554_bench_driver GROUP SIZE\n");
    return 2;
  }
  try {
    fmt::print("{}\n", group->second(subjects(), size->second).dump());
  } catch (const std::exception& problem) {
    fmt::print(stderr, "pep554_bench_driver: {}\n", problem.what());
    return 4;
  }
  return 0;
}
