#include "reports/merge.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/text.h"

namespace pep554 {
namespace {

// The name of a target without the folders of its files.
std::string without_folders(std::string_view target) {
  std::string name;
  for (const char c : target) {
    if (c == '/') {
      const size_t begin = name.find_last_of(":,= ");
      name.erase(begin == std::string::npos ? 0 : begin + 1);
    } else {
      name += c;
    }
  }
  return name;
}

std::string count_of_shards(const RunResult& run) {
  const size_t slash = run.shard.find('/');
  return slash == std::string::npos ? "" : run.shard.substr(slash + 1);
}

// How the results of two files differ in what must be the same; empty when in nothing.
class Comparison {
public:
  Comparison(const PartialRun& one, const PartialRun& other) : one_(one), other_(other) {}

  std::string error() {
    const RunResult& one = one_.run;
    const RunResult& other = other_.run;
    compare("version of pep554", one.version, other.version);
    compare("commit of pep554", one.commit, other.commit);
    compare("text, sha256", one.text_sha256, other.text_sha256);
    compare("tables of cases, sha256", one.cases_sha256, other.cases_sha256);
    if (without_folders(one.target.name) != without_folders(other.target.name))
      compare("target", one.target.name, other.target.name);
    compare("reason why nothing is supported", one.target.unsupported_reason,
            other.target.unsupported_reason);
    compare_facts(one.target.facts, other.target.facts);
    if (!one.shard.empty() && !other.shard.empty() && one.filter == other.filter)
      compare("number of shards", count_of_shards(one), count_of_shards(other));
    return error_;
  }

private:
  using Facts = std::vector<std::pair<std::string, std::string>>;

  void compare(std::string_view what, const std::string& one, const std::string& other) {
    if (one != other && error_.empty())
      error_ = fmt::format("{} and {} are not of one run: {}: \"{}\" and \"{}\"", one_.file,
                           other_.file, what, one, other);
  }

  void compare_facts(const Facts& one, const Facts& other) {
    for (size_t i = 0; i < std::max(one.size(), other.size()); ++i) {
      const auto name = [i](const Facts& facts) { return i < facts.size() ? facts[i].first : ""; };
      const auto value = [i](const Facts& facts) {
        return i < facts.size() ? facts[i].second : "";
      };
      compare(fmt::format("fact {} of the target", i + 1), name(one), name(other));
      compare("the target's " + name(one), value(one), value(other));
    }
  }

  const PartialRun& one_;
  const PartialRun& other_;
  std::string error_;
};

// A case that was not begun: it has no result, only a place.
bool is_unreached(const CaseResult& result) {
  return result.verdict == Verdict::not_run && result.reason == interrupted_reason;
}

// A result, and the part that it is of.
struct MergedCase {
  const CaseResult* result = nullptr;
  const PartialRun* part = nullptr;
};

// The one result of each case. Second results are reported, one line for each two files.
class CaseMerger {
public:
  explicit CaseMerger(const std::vector<PartialRun>& parts) {
    for (const PartialRun& part : parts)
      for (const CaseResult& result : part.run.cases)
        add({&result, &part});
  }

  const std::map<std::string, MergedCase>& cases() const { return cases_; }

  std::vector<std::string> errors() const {
    std::vector<std::string> lines;
    for (const auto& [files, second] : twice_)
      lines.push_back(fmt::format(
          "{} and {} both have {}: {} and {}{}", files.first, files.second, second.id, second.first,
          second.second,
          second.count == 1 ? ""
                            : fmt::format(" (and {})", counted(second.count - 1, "more case"))));
    return lines;
  }

private:
  struct Twice {
    std::string id;
    std::string first;
    std::string second;
    size_t count = 0;
  };

  void add(const MergedCase& next) {
    const auto [found, is_new] = cases_.emplace(next.result->id, next);
    if (is_new || is_unreached(*next.result))
      return;
    MergedCase& there = found->second;
    if (is_unreached(*there.result)) {
      there = next;
      return;
    }
    Twice& twice = twice_[{there.part->file, next.part->file}];
    const bool contradicts = there.result->verdict != next.result->verdict;
    // A contradiction is the better example.
    if (twice.count == 0 || (contradicts && twice.first == twice.second))
      twice = {next.result->id, std::string(to_string(there.result->verdict)),
               std::string(to_string(next.result->verdict)), twice.count};
    ++twice.count;
  }

  std::map<std::string, MergedCase> cases_;
  std::map<std::pair<std::string, std::string>, Twice> twice_; // by files
};

void merge_run(RunResult& into, const RunResult& run) {
  if (into.filter != run.filter)
    into.filter.clear();
  if (into.started.empty() || (!run.started.empty() && run.started < into.started))
    into.started = run.started;
  into.milliseconds = std::max(into.milliseconds, run.milliseconds);
  into.jobs = std::max(into.jobs, run.jobs);
}

} // namespace

std::vector<std::string> merge_errors(const std::vector<PartialRun>& parts) {
  std::vector<std::string> errors;
  for (size_t i = 1; i < parts.size(); ++i)
    if (std::string error = Comparison(parts.front(), parts[i]).error(); !error.empty())
      errors.push_back(std::move(error));
  if (errors.empty())
    errors = CaseMerger(parts).errors();
  return errors;
}

RunResult merged(const std::vector<PartialRun>& parts) {
  RunResult run = parts.front().run;
  std::set<std::string> isolations;
  for (const PartialRun& part : parts) {
    merge_run(run, part.run);
    isolations.insert(part.run.isolation);
  }
  run.isolation = fmt::format("{}", fmt::join(isolations, "; "));
  run.shard.clear();
  run.clauses.clear();
  run.cases.clear();
  run.unreached = 0;
  const CaseMerger merger(parts);
  for (const auto& [id, one] : merger.cases()) {
    run.unreached += is_unreached(*one.result) ? 1U : 0U;
    run.cases.push_back(*one.result);
  }
  return run;
}

std::vector<std::string> missing_shards(const std::vector<PartialRun>& parts) {
  std::set<std::string> there;
  size_t count = 0;
  for (const PartialRun& part : parts) {
    there.insert(part.run.shard);
    const std::string of = count_of_shards(part.run);
    const bool number = !of.empty() && of.size() < 6 &&
                        std::ranges::all_of(of, [](char c) { return c >= '0' && c <= '9'; });
    count = std::max<size_t>(count, number ? std::stoul(of) : 0);
  }
  std::vector<std::string> missing;
  for (size_t index = 1; index <= count; ++index)
    if (std::string shard = fmt::format("{}/{}", index, count); !there.contains(shard))
      missing.push_back(std::move(shard));
  return missing;
}

} // namespace pep554
