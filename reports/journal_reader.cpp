#include <limits>
#include <set>

#include <fmt/format.h>

#include "reports/journal.h"
#include "reports/journal_line.h"
#include "reports/results_json.h"
#include "spec/read_file.h"
#include "spec/readable.h"

namespace pep554 {
namespace {

using nlohmann::ordered_json;

JournalStart start_from(JsonReader& in) {
  if (in.any("format") != journal_format)
    in.fail("format", fmt::format("only format {} can be read", journal_format));
  JournalStart start;
  start.version = in.text("version");
  start.text_sha256 = in.text("text_sha256");
  start.cases_sha256 = in.text("cases_sha256");
  start.selection_sha256 = in.text("selection_sha256");
  start.count = in.count("count");
  start.target = target_result_from(in.any("target"), "/target");
  start.directory = in.text("directory");
  start.filter = in.text("filter");
  start.shard = in.text("shard");
  start.times = in.text("times");
  start.cases = in.text("cases");
  start.timeout_ms = in.integer("timeout_ms");
  start.repeat = in.narrow_count("repeat");
  start.network = in.truth("network");
  start.jobs = in.narrow_count("jobs");
  start.started = in.text("started");
  return start;
}

// A journal being read, record by record.
class Reading {
public:
  // Throws ResultsError when it is no record, or not one that may follow.
  void take(std::string_view line) {
    const ordered_json record = record_from(line);
    JsonReader in(record);
    const std::string kind = in.text("record");
    if (started_ == (kind == "run") || journal_.complete)
      in.fail("record", fmt::format("a record \"{}\" does not belong here", readable(kind)));
    if (kind == "run") {
      journal_.start = start_from(in);
      started_ = true;
    } else {
      journal_.at_ms = in.integer("at_ms");
      if (kind == "case")
        take_case(in);
      else if (kind == "end")
        take_end(in);
      else
        in.fail("record", fmt::format("\"{}\" is not a record", readable(kind)));
    }
    in.finish();
    journal_.whole += line.size() + 1;
  }

  bool started() const { return started_; }
  Journal journal() { return std::move(journal_); }

private:
  void take_case(JsonReader& in) {
    CaseResult result = case_result_from(in.any("case"), "/case");
    if (!ids_.insert(result.id).second)
      in.fail("case", fmt::format("there is a result of {} already", readable(result.id)));
    journal_.cases.push_back(std::move(result));
  }

  void take_end(const JsonReader& in) {
    if (journal_.cases.size() != journal_.start.count)
      in.fail("record", fmt::format("the end, after {} of {} cases", journal_.cases.size(),
                                    journal_.start.count));
    journal_.complete = true;
  }

  Journal journal_;
  std::set<std::string> ids_;
  bool started_ = false;
};

} // namespace

std::optional<Journal> journal_from(std::string_view text, std::string& error) {
  Reading reading;
  size_t number = 1;
  for (size_t end = 0; (end = text.find('\n')) != std::string_view::npos; ++number) {
    try {
      reading.take(text.substr(0, end));
    } catch (const ResultsError& problem) {
      error = fmt::format("{}: not a record of a journal: {}", number, on_one_line(problem.what()));
      return std::nullopt;
    }
    text.remove_prefix(end + 1);
  }
  if (!reading.started()) {
    error = "1: there is no whole record: nothing to resume";
    return std::nullopt;
  }
  return reading.journal();
}

void describe(RunResult& run, const JournalStart& start) {
  run.version = start.version;
  run.text_sha256 = start.text_sha256;
  run.cases_sha256 = start.cases_sha256;
  run.target = start.target;
  run.filter = start.filter;
  run.shard = start.shard;
  run.started = start.started;
  run.jobs = start.jobs;
}

std::optional<Journal> read_journal(const std::filesystem::path& dir, std::string& error) {
  const std::filesystem::path path = dir / journal_name;
  const auto text = read_file(path, error);
  if (!text) {
    error = fmt::format("{}: {}: nothing to resume", path.string(), error);
    return std::nullopt;
  }
  auto journal = journal_from(*text, error);
  if (!journal)
    error = fmt::format("{}:{}", path.string(), error);
  return journal;
}

} // namespace pep554
