// The journal of a run, DIR/journal.jsonl: its results as they come, so that a run that was broken
// off can be finished. One record a line, only ever appended:
//
//   {"record":"run","format":3,"version":"0.1.0","text_sha256":"...","cases_sha256":"...",
//    "selection_sha256":"...","count":190,
//    "target":{"name":...,"facts":[...],"unsupported_reason":""},"directory":"...","filter":"",
//    "shard":"","times":"","cases":"","timeout_ms":0,"repeat":1,"network":false,"jobs":2,
//    "started":"...","check":"..."}
//   {"record":"case","at_ms":1204,"case":{as in results.json},"check":"..."}     one each
//   {"record":"end","at_ms":9931,"check":"..."}                      the run is complete
//
// `check` is the beginning of the SHA-256 of what stands before it on the line. Each record is
// given to the system by one write as soon as it is there, so the end of pep554 loses none; the
// disk is made to have them (fsync) after the first record, once a second, and after the last, so
// the end of the machine loses those of a second.
//
// Text after the last line feed is an incomplete record and is ignored. Any other malformed record
// is an error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/result.h"

namespace pep554 {

inline constexpr int journal_format = 3; // grows when a key changes its meaning or goes away
inline constexpr const char* journal_name = "journal.jsonl";

// The first record: what the run is.
struct JournalStart {
  std::string version;          // of pep554
  std::string text_sha256;      // of the text judged against
  std::string cases_sha256;     // of what all cases of the tables ask for
  std::string selection_sha256; // of what the selected cases ask for
  std::uint64_t count = 0;      // of the selected cases
  TargetResult target;
  std::string directory; // where pep554 ran: relative names are seen from there
  std::string filter;
  std::string shard;           // "I/N"; empty: not sharded
  std::string times;           // file of times that balance the shards; empty: none
  std::string cases;           // folder of other tables; empty: the suite's own
  std::int64_t timeout_ms = 0; // 0: what each case says
  unsigned repeat = 1;         // executions of each case
  bool network = false;        // was it open to what the cases ran
  unsigned jobs = 0;
  std::string started; // UTC, ISO 8601
};

struct Journal {
  JournalStart start;
  std::vector<CaseResult> cases; // in the order in which they ended
  std::int64_t at_ms = 0;        // how long the run had taken at the last record
  bool complete = false;
  std::uint64_t whole = 0; // bytes of its whole records
};

// Reads a journal from its text. Nothing when it is none; `error` is then "LINE: what".
std::optional<Journal> journal_from(std::string_view text, std::string& error);

// Reads the journal in a folder. `error` is one line that names the file.
std::optional<Journal> read_journal(const std::filesystem::path& dir, std::string& error);

// What the record says of the run: everything but the cases, the times and the isolation.
void describe(RunResult& run, const JournalStart& start);

// Appends records. One thread at a time may use an object. A call that fails says so by a sentence
// that names the file and the reason; the file then ends with the last whole record, and nothing
// more is written.
class JournalWriter {
public:
  using Error = std::optional<std::string>;

  JournalWriter();
  ~JournalWriter(); // what was written is brought to the disk
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  // Begins the journal of a folder, in place of what was there.
  Error create(const std::filesystem::path& dir, const JournalStart& start);
  // Goes on with one that was read; what was cut off is taken away. Also an error: another pep554
  // is writing it.
  Error resume(const std::filesystem::path& dir, const Journal& journal);

  Error add(const CaseResult& result, std::int64_t at_ms);
  Error end(std::int64_t at_ms);

private:
  class File;
  std::unique_ptr<File> file_;
};

} // namespace pep554
