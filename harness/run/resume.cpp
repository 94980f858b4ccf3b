#include "harness/run/resume.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include <fmt/format.h>

#include "harness/build_info/build_info.h"
#include "harness/run/cases_digest.h"
#include "spec/text.h"

namespace pep554 {
namespace {

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

// The first that is not empty is the error.
Result<> all_empty(const std::vector<std::string>& differences) {
  for (const std::string& one : differences)
    if (!one.empty())
      return fail(one);
  return {};
}

} // namespace

std::int64_t timeout_ms(const RunSettings& settings) {
  return settings.timeout_seconds > 0
             ? std::max<std::int64_t>(1, static_cast<std::int64_t>(settings.timeout_seconds * 1000))
             : 0;
}

Result<> adopt(const StoreHeader& start, RunSettings& options, std::string* target) {
  const RunSettings usual;
  const auto given = [](bool is_given, auto... differing) {
    return is_given ? differs(differing...) : "";
  };
  auto same = all_empty(
      {given(target != nullptr && !target->empty(), "target", start.target.name,
             target != nullptr ? *target : ""),
       given(!options.filter.empty(), "filter", start.filter, options.filter),
       given(!options.shard.empty(), "shard", start.shard, options.shard),
       given(!options.times.empty(), "file of times", start.times, options.times.string()),
       given(!options.cases.empty(), "folder of cases", start.cases, options.cases.string()),
       given(options.timeout_seconds > 0, "timeout in ms", start.timeout_ms, timeout_ms(options)),
       given(options.repeat > 1, "repeat", start.repeat, options.repeat),
       given(options.network, "network", start.network, true),
       given(options.seed != usual.seed, "seed", start.seed, options.seed),
       given(options.examples != usual.examples, "number of examples", start.examples,
             options.examples)});
  if (!same)
    return same;
  if (target != nullptr)
    *target = start.target.name;
  options.seed = start.seed;
  options.examples = start.examples;
  options.repeat = start.repeat;
  options.network = start.network;
  options.filter = start.filter;
  options.shard = start.shard;
  options.times = start.times;
  options.cases = start.cases;
  options.timeout_seconds = static_cast<double>(start.timeout_ms) / 1000;
  if (options.jobs == 0)
    options.jobs = start.jobs;
  std::error_code failure;
  std::filesystem::current_path(start.directory, failure);
  if (failure)
    return fail(
        fmt::format("its directory {} is not to be had: {}", start.directory, failure.message()));
  return {};
}

StoreHeader header_of(const Suite& suite, const RunSettings& options) {
  StoreHeader start;
  start.version = build_version();
  start.commit = build_commit();
  start.text_sha256 = text_sha256();
  start.cases_sha256 = suite.cases_sha256;
  start.selection_sha256 = cases_digest(suite);
  start.directory = std::filesystem::current_path().string();
  start.filter = options.filter;
  start.shard = options.shard;
  start.times = options.times.string();
  start.cases = options.cases.string();
  start.timeout_ms = timeout_ms(options);
  start.repeat = options.repeat;
  start.network = options.network;
  start.seed = options.seed;
  start.examples = options.examples;
  start.isolation = options.isolation;
  start.jobs = options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  return start;
}

Result<> fits(const StoreHeader& then, const StoreHeader& now) {
  return all_empty(
      {differs("version of pep554", then.version, now.version),
       differs("commit of pep554", then.commit, now.commit),
       differs("text", then.text_sha256, now.text_sha256),
       differs("target", then.target.name, now.target.name),
       differs("filter", then.filter, now.filter), differs("shard", then.shard, now.shard),
       differs("timeout in ms", then.timeout_ms, now.timeout_ms),
       differs("repeat", then.repeat, now.repeat), differs("network", then.network, now.network),
       differs("seed", then.seed, now.seed),
       differs("number of examples", then.examples, now.examples),
       then.selection_sha256 == now.selection_sha256
           ? ""
           : "its cases are not those that are selected now",
       then.cases_sha256 == now.cases_sha256 ? ""
                                             : "its tables have other cases than they have now",
       now.target.facts.empty() ? "" : differing_fact(then.target, now.target)});
}

} // namespace pep554
