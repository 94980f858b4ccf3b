// The journal: whatever happened to the file, its whole records are read, or the line is named.
#include "reports/journal.h"

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/resource.h>

#include "harness/testing/scratch_folder.h"
#include "reports/results_json.h"
#include "reports/tests/generators.h"
#include "reports/tests/sample_run.h"

namespace pep554 {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
namespace fs = std::filesystem;

std::string text_in(const fs::path& dir) {
  std::ifstream file(dir / journal_name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

JournalStart start_of(const RunResult& run) {
  JournalStart start;
  start.version = run.version;
  start.text_sha256 = run.text_sha256;
  start.cases_sha256 = run.cases_sha256;
  start.selection_sha256 = "abc";
  start.count = run.cases.size();
  start.target = run.target;
  start.directory = "/somewhere";
  start.filter = run.filter;
  start.shard = run.shard;
  start.times = "times.json";
  start.repeat = 3;
  start.network = true;
  start.jobs = run.jobs;
  start.started = run.started;
  return start;
}

// The ids of a generated run may repeat; those of a real one do not.
RunResult with_ids(RunResult run) {
  for (size_t i = 0; i < run.cases.size(); ++i)
    run.cases[i].id = std::to_string(i);
  return run;
}

std::string journal_of(const RunResult& run) {
  const test::ScratchFolder scratch;
  const fs::path& dir = scratch.path();
  JournalWriter writer;
  EXPECT_EQ(writer.create(dir, start_of(run)), std::nullopt);
  for (const CaseResult& result : run.cases)
    EXPECT_EQ(writer.add(result, 5), std::nullopt);
  EXPECT_EQ(writer.end(9), std::nullopt);
  return text_in(dir);
}

// The journal's cases as text, for comparison.
std::vector<std::string> cases_of(const std::vector<CaseResult>& cases, size_t count) {
  std::vector<std::string> texts;
  for (size_t i = 0; i < count; ++i)
    texts.push_back(to_json(cases[i]).dump());
  return texts;
}

RC_GTEST_PROP(Journal, IsReadAsItWasWritten, ()) {
  const auto run = with_ids(*arbitrary_run());
  std::string error;
  const auto journal = journal_from(journal_of(run), error);
  RC_ASSERT(journal.has_value());
  RC_ASSERT(journal->complete && journal->at_ms == 9);
  RC_ASSERT(cases_of(journal->cases, journal->cases.size()) ==
            cases_of(run.cases, run.cases.size()));
  RC_ASSERT(to_json(journal->start.target) == to_json(run.target));
  RC_ASSERT(journal->start.jobs == run.jobs && journal->start.filter == run.filter);
  RC_ASSERT(journal->start.repeat == 3U && journal->start.network);
  RC_ASSERT(journal->start.shard == run.shard && journal->start.times == "times.json");
  RC_ASSERT(journal->start.cases_sha256 == run.cases_sha256);
  RC_ASSERT(journal->start.selection_sha256 == "abc");
}

RC_GTEST_PROP(Journal, AnyPrefixIsReadAsItsWholeRecords, ()) {
  const auto run = with_ids(*arbitrary_run());
  const std::string text = journal_of(run);
  const std::string prefix = text.substr(0, *rc::gen::inRange<size_t>(0, text.size() + 1));
  const auto lines = static_cast<size_t>(std::ranges::count(prefix, '\n'));
  std::string error;
  const auto journal = journal_from(prefix, error);
  RC_ASSERT(journal.has_value() == (lines > 0));
  if (!journal)
    return;
  const size_t count = std::min(lines - 1, run.cases.size());
  RC_ASSERT(cases_of(journal->cases, journal->cases.size()) == cases_of(run.cases, count));
  RC_ASSERT(journal->whole == prefix.rfind('\n') + 1);
  RC_ASSERT(journal->complete == (prefix == text));
}

RC_GTEST_PROP(Journal, AnyByteThatIsChangedIsNoticed, ()) {
  const auto run = with_ids(*arbitrary_run());
  std::string text = journal_of(run);
  const auto at = *rc::gen::inRange<size_t>(0, text.size());
  const auto line = 1 + std::ranges::count(text.substr(0, at), '\n');
  const bool last = at + 1 == text.size();
  text[at] = static_cast<char>(text[at] ^ *rc::gen::inRange(1, 256));
  std::string error;
  const auto journal = journal_from(text, error);
  if (last) { // its line feed: the record "end" counts as cut off
    RC_ASSERT(journal.has_value() && !journal->complete);
    return;
  }
  RC_ASSERT(!journal.has_value());
  RC_ASSERT(error.starts_with(std::to_string(line) + ": not a record of a journal: "));
}

std::string complaint(const std::string& text) {
  std::string error;
  EXPECT_EQ(journal_from(text, error), std::nullopt);
  return error;
}

TEST(JournalReader, NamesTheLine) {
  const std::string text = journal_of(sample_run());
  const size_t second = text.find('\n') + 1;
  const size_t third = text.find('\n', second) + 1;
  const std::string first = text.substr(0, second);
  const std::string one = text.substr(second, third - second);
  EXPECT_EQ(complaint(""), "1: there is no whole record: nothing to resume");
  EXPECT_EQ(complaint(first + "malformed\n" + one),
            "2: not a record of a journal: damaged: its check does not fit");
  EXPECT_EQ(complaint(one + first),
            "1: not a record of a journal: /record: a record \"case\" does not belong here");
  EXPECT_THAT(complaint(first + first), StartsWith("2: not a record of a journal: /record: "));
  EXPECT_THAT(complaint(first + one + one), HasSubstr("3: not a record of a journal: /case: there "
                                                      "is a result of "));
  EXPECT_THAT(complaint(text + one), HasSubstr("a record \"case\" does not belong here"));
  const size_t end = text.rfind('\n', text.size() - 2) + 1;
  EXPECT_THAT(complaint(first + one + text.substr(end)), HasSubstr("the end, after 1 of "));
}

TEST(JournalReader, SaysSoWhenThereIsNone) {
  std::string error;
  EXPECT_EQ(read_journal("/no/such/folder", error), std::nullopt);
  EXPECT_EQ(error, "/no/such/folder/journal.jsonl: there is no such file: nothing to resume");
}

TEST(JournalWriter, ContinuesAfterTheLastCompleteRecord) {
  const RunResult run = sample_run();
  const std::string text = journal_of(run);
  const test::ScratchFolder scratch;
  const fs::path& dir = scratch.path();
  std::ofstream(dir / journal_name) << text.substr(0, text.size() / 2);
  std::string error;
  const auto half = read_journal(dir, error);
  ASSERT_TRUE(half) << error;
  {
    JournalWriter writer;
    ASSERT_EQ(writer.resume(dir, *half), std::nullopt);
    JournalWriter second;
    EXPECT_THAT(second.resume(dir, *half).value_or(""), HasSubstr("another pep554 is writing it"));
    for (size_t i = half->cases.size(); i < run.cases.size(); ++i)
      ASSERT_EQ(writer.add(run.cases[i], 5), std::nullopt);
    ASSERT_EQ(writer.end(9), std::nullopt);
  }
  EXPECT_EQ(text_in(dir), text);
}

TEST(JournalWriter, SaysThatTheDiskIsFull) {
  const test::ScratchFolder scratch;
  const fs::path& dir = scratch.path();
  fs::create_symlink("/dev/full", dir / journal_name);
  JournalWriter writer;
  EXPECT_EQ(writer.create(dir, start_of(sample_run())),
            "cannot write " + (dir / journal_name).string() + ": No space left on device");
}

// Files of this process end at so many bytes, as on a disk that is full.
class FileLimit {
public:
  explicit FileLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~FileLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    static_cast<void>(std::signal(SIGXFSZ, handler_));
  }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;

private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST(JournalWriter, KeepsCompleteRecordsOnAFullDisk) {
  const RunResult run = sample_run();
  const size_t size = journal_of(run).size();
  const test::ScratchFolder scratch;
  const fs::path& dir = scratch.path();
  size_t added = 0;
  {
    JournalWriter writer;
    const FileLimit limit(size / 2);
    ASSERT_EQ(writer.create(dir, start_of(run)), std::nullopt);
    while (!writer.add(run.cases.at(added), 5))
      ++added;
    EXPECT_THAT(writer.add(run.cases.at(added), 5).value_or(""), HasSubstr("File too large"));
    EXPECT_NE(writer.end(9), std::nullopt);
  }
  std::string error;
  const auto journal = read_journal(dir, error);
  ASSERT_TRUE(journal) << error;
  EXPECT_GT(added, 0U);
  EXPECT_EQ(journal->cases.size(), added);
  EXPECT_EQ(journal->whole, fs::file_size(dir / journal_name));
}

} // namespace
} // namespace pep554
