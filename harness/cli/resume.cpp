#include "harness/cli/resume.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/build_info/build_info.h"
#include "harness/cli/shell.h"
#include "reports/digest.h"
#include "spec/text.h"

namespace pep554 {
namespace {

using nlohmann::json;

// All that a case asks for, and all that its result repeats of it.
json content(const Case& one) {
  json expectations = json::array();
  for (const auto& lane : one.expectations)
    for (const auto& expectation : lane)
      expectations.push_back(expectation ? describe(*expectation) : "");
  return {one.id,           one.title, one.clauses,          one.where.file, one.where.line,
          one.where.column, one.open,  to_json(one.program), expectations};
}

template <class Value>
std::string differs(const char* what, const Value& then, const Value& now) {
  return then == now ? "" : fmt::format("its {} is \"{}\", not \"{}\"", what, then, now);
}

std::string differing_fact(const TargetResult& then, const TargetResult& now) {
  for (size_t i = 0; i < std::max(then.facts.size(), now.facts.size()); ++i) {
    const auto fact = [&](const TargetResult& target) {
      return i < target.facts.size() ? target.facts[i].first + "=" + target.facts[i].second : "";
    };
    if (fact(then) != fact(now))
      return fmt::format("the target said of itself \"{}\", and now says \"{}\"", fact(then),
                         fact(now));
  }
  return "";
}

} // namespace

std::string cases_sha256(const Suite& suite) {
  json all = json::array();
  for (const Case& one : suite.cases)
    all.push_back(content(one));
  return sha256(all.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::int64_t timeout_ms(const RunOptions& options) {
  return options.timeout_seconds > 0
             ? std::max<std::int64_t>(1, static_cast<std::int64_t>(options.timeout_seconds * 1000))
             : 0;
}

bool adopt(const JournalStart& start, RunOptions& options, std::string& error) {
  if (options.targets.empty() && !options.target.empty())
    error = differs("target", start.target.name, options.target);
  if (error.empty() && !options.filter.empty())
    error = differs("filter", start.filter, options.filter);
  if (error.empty() && !options.cases.empty())
    error = differs("folder of cases", start.cases, options.cases.string());
  if (error.empty() && options.timeout_seconds > 0)
    error = differs("timeout in ms", start.timeout_ms, timeout_ms(options));
  if (error.empty() && options.repeat > 1)
    error = differs("repeat", start.repeat, options.repeat);
  if (error.empty() && options.network)
    error = differs("network", start.network, true);
  if (!error.empty())
    return false;
  if (options.targets.empty())
    options.target = start.target.name;
  options.repeat = start.repeat;
  options.network = start.network;
  options.filter = start.filter;
  options.cases = start.cases;
  options.timeout_seconds = static_cast<double>(start.timeout_ms) / 1000;
  if (options.jobs == 0)
    options.jobs = start.jobs;
  std::error_code failure;
  std::filesystem::current_path(start.directory, failure);
  if (failure)
    error =
        fmt::format("its directory {} is not to be had: {}", start.directory, failure.message());
  return error.empty();
}

JournalStart start_of(const Suite& suite, const RunOptions& options) {
  JournalStart start;
  start.version = build_version();
  start.text_sha256 = text_sha256();
  start.cases_sha256 = cases_sha256(suite);
  start.count = suite.cases.size();
  start.directory = std::filesystem::current_path().string();
  start.filter = options.filter;
  start.cases = options.cases.string();
  start.timeout_ms = timeout_ms(options);
  start.repeat = options.repeat;
  start.network = options.network;
  start.jobs = options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  return start;
}

std::string mismatch(const JournalStart& then, const JournalStart& now) {
  std::string why = differs("version of pep554", then.version, now.version);
  if (why.empty())
    why = differs("text", then.text_sha256, now.text_sha256);
  if (why.empty())
    why = differs("target", then.target.name, now.target.name);
  if (why.empty())
    why = differs("filter", then.filter, now.filter);
  if (why.empty())
    why = differs("timeout in ms", then.timeout_ms, now.timeout_ms);
  if (why.empty())
    why = differs("repeat", then.repeat, now.repeat);
  if (why.empty())
    why = differs("network", then.network, now.network);
  if (why.empty() && (then.cases_sha256 != now.cases_sha256 || then.count != now.count))
    why = "its cases are not those that are selected now";
  if (why.empty() && !now.target.facts.empty())
    why = differing_fact(then.target, now.target);
  return why;
}

std::string resume_command(const RunOptions& options) {
  std::string command = "pep554 run";
  if (!options.targets.empty())
    command += " --targets " + quoted(options.targets.string());
  return command + " --resume " + quoted(options.out.string());
}

} // namespace pep554
