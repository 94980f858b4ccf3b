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

} // namespace

std::int64_t timeout_ms(const RunSettings& settings) {
  return settings.timeout_seconds > 0
             ? std::max<std::int64_t>(1, static_cast<std::int64_t>(settings.timeout_seconds * 1000))
             : 0;
}

bool adopt(const StoreHeader& start, RunSettings& options, std::string* target,
           std::string& error) {
  const RunSettings usual;
  if (target != nullptr && !target->empty())
    error = differs("target", start.target.name, *target);
  if (error.empty() && !options.filter.empty())
    error = differs("filter", start.filter, options.filter);
  if (error.empty() && !options.shard.empty())
    error = differs("shard", start.shard, options.shard);
  if (error.empty() && !options.times.empty())
    error = differs("file of times", start.times, options.times.string());
  if (error.empty() && !options.cases.empty())
    error = differs("folder of cases", start.cases, options.cases.string());
  if (error.empty() && options.timeout_seconds > 0)
    error = differs("timeout in ms", start.timeout_ms, timeout_ms(options));
  if (error.empty() && options.repeat > 1)
    error = differs("repeat", start.repeat, options.repeat);
  if (error.empty() && options.network)
    error = differs("network", start.network, true);
  if (error.empty() && options.seed != usual.seed)
    error = differs("seed", start.seed, options.seed);
  if (error.empty() && options.examples != usual.examples)
    error = differs("number of examples", start.examples, options.examples);
  if (!error.empty())
    return false;
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
    error =
        fmt::format("its directory {} is not to be had: {}", start.directory, failure.message());
  return error.empty();
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

std::string mismatch(const StoreHeader& then, const StoreHeader& now) {
  std::string why = differs("version of pep554", then.version, now.version);
  if (why.empty())
    why = differs("commit of pep554", then.commit, now.commit);
  if (why.empty())
    why = differs("text", then.text_sha256, now.text_sha256);
  if (why.empty())
    why = differs("target", then.target.name, now.target.name);
  if (why.empty())
    why = differs("filter", then.filter, now.filter);
  if (why.empty())
    why = differs("shard", then.shard, now.shard);
  if (why.empty())
    why = differs("timeout in ms", then.timeout_ms, now.timeout_ms);
  if (why.empty())
    why = differs("repeat", then.repeat, now.repeat);
  if (why.empty())
    why = differs("network", then.network, now.network);
  if (why.empty())
    why = differs("seed", then.seed, now.seed);
  if (why.empty())
    why = differs("number of examples", then.examples, now.examples);
  if (why.empty() && then.selection_sha256 != now.selection_sha256)
    why = "its cases are not those that are selected now";
  if (why.empty() && then.cases_sha256 != now.cases_sha256)
    why = "its tables have other cases than they have now";
  if (why.empty() && !now.target.facts.empty())
    why = differing_fact(then.target, now.target);
  return why;
}

} // namespace pep554
