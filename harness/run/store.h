// The store of a run, DIR/histories.jsonl: the history of every execution, as they come. Verdicts
// are not in it: they are computed from it, by the run, by --resume, and by pep554 judge. One
// record a line, only ever appended:
//
//   {"record":"run","format":3,"version":"0.1.0","commit":"d7edfaf","text_sha256":"...",
//    "cases_sha256":"...","selection_sha256":"...","shard":"","times":"",
//    "target":{"name":...,"facts":[...],"unsupported_reason":""},"absolute_target":"...",
//    "directory":"...","filter":"","cases":"","timeout_ms":0,"repeat":1,"network":false,"jobs":2,
//    "seed":20170905,"examples":240,"isolation":"...","started":"...","check":"..."}
//   {"record":"execution","at_ms":1204,"item":"destroy.removes","mode":"first",
//    "programs":[{...}],"histories":[{...}],"baseline_bytes":0,"check":"..."}
//   {"record":"execution","at_ms":9204,"item":"property.anything","mode":"first","example":12,
//    "kind":"example","check_of":"answers","scenario":{...},"programs":[...],...}
//   {"record":"end","at_ms":9931,"check":"..."}                      the run is complete
//
// `programs` are as in the message "run" of the host protocol, `histories` as in history.json of a
// failure (harness/engine/history.h), shortened by `stored` below. Two are compared with each
// other. `check` is the beginning of the SHA-256 of what stands before it on the line. Each record
// is given to the system by one write as soon as it is there, so the end of pep554 loses none; the
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

#include <nlohmann/json.hpp>

#include "cases/properties/property.h"
#include "cases/properties/scenario.h"
#include "harness/engine/history.h"
#include "harness/engine/leak.h"
#include "harness/engine/result.h"

namespace pep554 {

inline constexpr int store_format = 4; // grows when a key changes its meaning or goes away
inline constexpr const char* store_name = "histories.jsonl";

// The first record: what the run is.
struct StoreHeader {
  std::string version;          // of pep554
  std::string commit;           // that it was built from
  std::string text_sha256;      // of the text judged against
  std::string cases_sha256;     // of what all items of the suite ask for
  std::string selection_sha256; // of what the selected ones ask for
  TargetResult target;
  std::string absolute_target; // the same target, as any directory may name it
  std::string directory;       // where pep554 ran: relative names are seen from there
  std::string filter;
  std::string shard;           // "I/N"; empty: not sharded
  std::string times;           // file of times that balance the shards; empty: none
  std::string cases;           // folder of other tables; empty: the suite's own
  std::int64_t timeout_ms = 0; // 0: what each case says
  unsigned repeat = 1;         // executions of each case
  bool network = false;        // was it open to what the cases ran
  unsigned jobs = 0;
  std::uint64_t seed = 0;     // of generated examples
  std::uint64_t examples = 0; // of all properties together
  std::string isolation;      // as RunResult has it
  std::string started;        // UTC, ISO 8601
};

// One execution of a case, or of an example of a property.
struct Execution {
  enum class Kind {
    table,    // of a case in the tables
    example,  // the generated example number `example`
    smallest, // what that example was shrunk to
  };
  std::string item; // id of the case, or "property.NAME"
  AttemptMode mode = AttemptMode::first;
  Kind kind = Kind::table;
  std::uint64_t example = 0;
  properties::Check check = properties::Check::answers; // of a generated one
  properties::Scenario scenario;                        // of a generated one
  std::vector<nlohmann::json> programs;                 // one, or two that are compared
  std::vector<History> histories;                       // of each
  Baseline baseline;                                    // to judge it with
  std::string finding; // of a smallest one: the folder that has it, relative to the store's
  std::string alone;   // ... and how its script ended without pep554
};

struct Store {
  StoreHeader header;
  std::vector<Execution> executions; // in the order in which they ended
  std::int64_t at_ms = 0;            // how long the run had taken at the last record
  bool complete = false;
  std::uint64_t whole = 0; // bytes of its whole records
  std::string check;       // of the last of them
};

// The history as it is stored, and judged: of the output the last 8 KiB of each stream; of what
// code emitted the first MiB in all; of each text of an answer the first 64 KiB. No verdict depends
// on the rest. An ordinary record has some KiB; one that lists a million ids is the largest.
History stored(History history);

// Reads a store from its text. An error has a line, and the file `display_path`.
Result<Store> store_from(std::string_view text, const std::string& display_path = "");

// Reads the store in a folder.
Result<Store> read_store(const std::filesystem::path& dir);

// Appends records. One thread at a time may use an object. After an error, the file ends with the
// last whole record, and nothing more is written.
class StoreWriter {
public:
  StoreWriter();
  ~StoreWriter(); // what was written is brought to the disk
  StoreWriter(const StoreWriter&) = delete;
  StoreWriter& operator=(const StoreWriter&) = delete;

  // Begins the store of a folder, in place of what was there.
  Result<> create(const std::filesystem::path& dir, const StoreHeader& header);
  // Goes on with one that was read; what was cut off is taken away. Also an error: another pep554
  // is writing it.
  Result<> resume(const std::filesystem::path& dir, const Store& store);

  Result<> add(const Execution& execution, std::int64_t at_ms);
  Result<> end(std::int64_t at_ms);

  // Bytes of the file.
  std::uint64_t size() const;

private:
  class File;
  std::unique_ptr<File> file_;
  std::string check_; // of the last record
};

} // namespace pep554
