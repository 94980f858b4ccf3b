// The store: whatever happened to the file, its whole records are read, or the line is named.
#include "harness/run/store.h"

#include <csignal>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/resource.h>

#include "cases/properties/generator.h"
#include "cases/properties/scenario_json.h"
#include "harness/engine/program.h"
#include "harness/run/store_line.h"
#include "harness/testing/scratch_folder.h"

namespace pep554 {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

std::string text_in(const fs::path& dir) {
  std::ifstream file(dir / store_name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

StoreHeader header() {
  StoreHeader made;
  made.version = "1";
  made.commit = "0a1b2c3";
  made.text_sha256 = "abc";
  made.target.name = "reference";
  made.target.facts = {{"implementation", "cpython"}};
  made.directory = "/somewhere";
  made.repeat = 3;
  made.network = true;
  made.jobs = 2;
  made.seed = ~std::uint64_t{0};
  made.examples = 7;
  return made;
}

History history(std::string out) {
  History made;
  made.out = std::move(out);
  made.events = {{Event::Kind::called, {0, 0}, 4, "", {}},
                 {Event::Kind::returned, {0, 0}, 5, "", {}}};
  made.termination.kind = Termination::Kind::exited;
  made.microseconds = 9;
  made.shortage = "few descriptors";
  return made;
}

// One of the tables, or an example of a property with one program or two.
Execution any_execution() {
  Execution made;
  made.item = *rc::gen::element<std::string>("destroy.removes", "property.anything");
  made.mode = *rc::gen::element(AttemptMode::first, AttemptMode::alone, AttemptMode::fresh);
  made.baseline.memory = *rc::gen::inRange(0, 100000) / 3.0;
  const auto count = *rc::gen::inRange<size_t>(1, 3);
  for (size_t i = 0; i < count; ++i) {
    made.programs.push_back(to_json(Program{}));
    made.histories.push_back(history(*rc::gen::string<std::string>()));
  }
  for (History& one : made.histories) // what JSON cannot hold is replaced
    for (char& c : one.out)
      c = static_cast<char>(static_cast<unsigned char>(c) & 0x7FU);
  made.kind = *rc::gen::element(Execution::Kind::table, Execution::Kind::example,
                                Execution::Kind::smallest);
  if (made.kind == Execution::Kind::table)
    return made;
  made.example = *rc::gen::arbitrary<std::uint64_t>();
  made.check = *rc::gen::element(properties::Check::answers, properties::Check::leaves_nothing,
                                 properties::Check::same_again, properties::Check::in_any_order);
  made.scenario = properties::generate(properties::everything(), 554, made.example % 1000);
  made.finding = "failures/crash";
  made.alone = "confirmed";
  return made;
}

std::vector<Execution> any_executions() {
  std::vector<Execution> all(*rc::gen::inRange<size_t>(0, 6));
  for (Execution& one : all)
    one = any_execution();
  return all;
}

std::string store_of(const std::vector<Execution>& executions) {
  const test::ScratchFolder scratch;
  StoreWriter writer;
  EXPECT_TRUE(writer.create(scratch.path(), header()));
  for (const Execution& one : executions)
    EXPECT_TRUE(writer.add(one, 5));
  EXPECT_TRUE(writer.end(9));
  EXPECT_EQ(writer.size(), fs::file_size(scratch.path() / store_name));
  return text_in(scratch.path());
}

bool equal(const Execution& left, const Execution& right) {
  return left.item == right.item && left.mode == right.mode && left.kind == right.kind &&
         left.example == right.example && left.check == right.check &&
         left.scenario == right.scenario && left.programs == right.programs &&
         left.histories == right.histories && left.baseline.memory == right.baseline.memory &&
         left.finding == right.finding && left.alone == right.alone;
}

bool equal(const std::vector<Execution>& left, const std::vector<Execution>& right, size_t count) {
  return left.size() == count &&
         std::equal(left.begin(), left.end(), right.begin(),
                    [](const Execution& one, const Execution& other) { return equal(one, other); });
}

RC_GTEST_PROP(Store, IsReadAsItWasWritten, ()) {
  const auto executions = any_executions();
  const auto store = store_from(store_of(executions));
  RC_ASSERT(store.has_value());
  RC_ASSERT(store->complete && store->at_ms == 9);
  RC_ASSERT(equal(store->executions, executions, executions.size()));
  const StoreHeader& read = store->header;
  RC_ASSERT(read.target.name == "reference" && read.target.facts == header().target.facts);
  RC_ASSERT(read.repeat == 3U && read.network && read.jobs == 2U && read.examples == 7U);
  RC_ASSERT(read.seed == header().seed);
}

RC_GTEST_PROP(Store, AnyPrefixIsReadAsItsWholeRecords, ()) {
  const auto executions = any_executions();
  const std::string text = store_of(executions);
  const std::string prefix = text.substr(0, *rc::gen::inRange<size_t>(0, text.size() + 1));
  const auto lines = static_cast<size_t>(std::ranges::count(prefix, '\n'));
  const auto store = store_from(prefix);
  RC_ASSERT(store.has_value() == (lines > 0));
  if (!store)
    return;
  RC_ASSERT(equal(store->executions, executions, std::min(lines - 1, executions.size())));
  RC_ASSERT(store->whole == prefix.rfind('\n') + 1);
  RC_ASSERT(store->complete == (prefix == text));
}

RC_GTEST_PROP(Store, AnyByteThatIsChangedIsNoticed, ()) {
  std::string text = store_of(any_executions());
  const auto at = *rc::gen::inRange<size_t>(0, text.size());
  const auto line = 1 + std::ranges::count(text.substr(0, at), '\n');
  const bool last = at + 1 == text.size();
  text[at] = static_cast<char>(text[at] ^ *rc::gen::inRange(1, 256));
  const auto store = store_from(text);
  if (last) { // its line feed: the record "end" counts as cut off
    RC_ASSERT(store.has_value() && !store->complete);
    return;
  }
  RC_ASSERT(!store.has_value());
  RC_ASSERT(
      to_string(store.error()).starts_with(std::to_string(line) + ": not a record of a run: "));
}

Execution execution() {
  Execution made;
  made.item = "destroy.removes";
  made.programs = {to_json(Program{})};
  made.histories = {history("")};
  return made;
}

std::string complaint(const std::string& text) {
  const auto store = store_from(text);
  EXPECT_FALSE(store);
  return store ? "" : to_string(store.error());
}

TEST(StoreReader, NamesTheLine) {
  const std::string text = store_of({execution(), execution()});
  const size_t second = text.find('\n') + 1;
  const size_t third = text.find('\n', second) + 1;
  const std::string first = text.substr(0, second);
  const std::string one = text.substr(second, third - second);
  EXPECT_EQ(complaint(""), "1: there is no whole record");
  const auto damaged = [](int line) {
    return fmt::format("{}: not a record of a run: damaged: its check does not fit, or a line is "
                       "missing before it",
                       line);
  };
  EXPECT_EQ(complaint(first + "malformed\n" + one), damaged(2));
  EXPECT_EQ(complaint(one + first), damaged(1));
  EXPECT_EQ(complaint(first + one + one), damaged(3)) << "doubled";
  EXPECT_EQ(complaint(first + text.substr(third)), damaged(2)) << "one is missing";
  EXPECT_EQ(complaint(first + text.substr(third) + one), damaged(2)) << "moved";
}

TEST(StoreReader, RefusesRecordsThatDoNotBelongThere) {
  std::string check;
  const std::string one = line_of({{"record", "execution"}, {"at_ms", 0}}, check);
  EXPECT_THAT(complaint(one), HasSubstr("a record \"execution\" does not belong here"));
}

TEST(StoreReader, SaysSoWhenThereIsNone) {
  EXPECT_EQ(to_string(read_store("/no/such/folder").error()),
            "/no/such/folder/histories.jsonl: there is no such file");
}

TEST(StoreWriter, ContinuesAfterTheLastCompleteRecord) {
  const std::vector<Execution> all(5, execution());
  const std::string text = store_of(all);
  const test::ScratchFolder scratch;
  const fs::path& dir = scratch.path();
  std::ofstream(dir / store_name) << text.substr(0, text.size() / 2);
  const auto half = read_store(dir);
  ASSERT_TRUE(half) << to_string(half.error());
  {
    StoreWriter writer;
    ASSERT_TRUE(writer.resume(dir, *half));
    StoreWriter second;
    EXPECT_THAT(second.resume(dir, *half).error().message,
                HasSubstr("another pep554 is writing it"));
    for (size_t i = half->executions.size(); i < all.size(); ++i)
      ASSERT_TRUE(writer.add(all[i], 5));
    ASSERT_TRUE(writer.end(9));
  }
  EXPECT_EQ(text_in(dir), text);
}

TEST(StoreWriter, SaysThatTheDiskIsFull) {
  const test::ScratchFolder scratch;
  const fs::path& dir = scratch.path();
  fs::create_symlink("/dev/full", dir / store_name);
  StoreWriter writer;
  EXPECT_EQ(writer.create(dir, header()).error().message,
            "cannot write " + (dir / store_name).string() + ": No space left on device");
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

TEST(StoreWriter, KeepsCompleteRecordsOnAFullDisk) {
  const size_t size = store_of(std::vector<Execution>(5, execution())).size();
  const test::ScratchFolder scratch;
  const fs::path& dir = scratch.path();
  size_t added = 0;
  {
    StoreWriter writer;
    const FileLimit limit(size / 2);
    ASSERT_TRUE(writer.create(dir, header()));
    while (writer.add(execution(), 5))
      ++added;
    EXPECT_THAT(writer.add(execution(), 5).error().message, HasSubstr("File too large"));
    EXPECT_FALSE(writer.end(9));
  }
  const auto store = read_store(dir);
  ASSERT_TRUE(store) << to_string(store.error());
  EXPECT_GT(added, 0U);
  EXPECT_EQ(store->executions.size(), added);
  EXPECT_EQ(store->whole, fs::file_size(dir / store_name));
}

TEST(StoredHistory, KeepsTheTailOfTheOutputAndTheFirstEmissions) {
  History large;
  large.out = "gone" + std::string(20000, 'x') + "end";
  large.err = "short";
  const Event emitted{Event::Kind::emitted, {0, 0}, 0, std::string(600'000, 'e'), {}};
  const Event returned{Event::Kind::returned, {0, 0}, 1, "", {}};
  large.events = {emitted, emitted, emitted, returned};
  const History kept = stored(large);
  EXPECT_LE(kept.out.size(), 8192U);
  EXPECT_TRUE(kept.out.ends_with("end"));
  EXPECT_EQ(kept.err, "short");
  EXPECT_EQ(kept.events, (std::vector<Event>{emitted, emitted, returned}));
  EXPECT_EQ(stored(kept), kept);
}

TEST(StoredHistory, KeepsTheBeginningOfTheTextsOfAnAnswer) {
  Event returned{Event::Kind::returned, {0, 0}, 1, "", {}};
  returned.answer.text = std::string(65'535, 'x') + "ä";
  returned.answer.raised = {"other", std::string(70'000, 't'), std::string(1'000'000, 'm')};
  History large;
  large.events = {returned};
  const Answer kept = stored(large).events[0].answer;
  EXPECT_EQ(kept.text, std::string(65'535, 'x')) << "no half of a character";
  EXPECT_EQ(kept.raised, (Raised{"other", std::string(65'536, 't'), std::string(65'536, 'm')}));
}

} // namespace
} // namespace pep554
