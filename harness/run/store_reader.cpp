#include <fmt/format.h>

#include "cases/properties/scenario_json.h"
#include "harness/run/store.h"
#include "harness/run/store_line.h"
#include "reports/results_json.h"
#include "spec/read_file.h"
#include "spec/readable.h"

namespace pep554 {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr size_t stream_bytes = size_t{8} << 10U; // twice what a result shows
constexpr size_t emitted_bytes = size_t{1} << 20U;
constexpr size_t answer_bytes = size_t{64} << 10U;

StoreHeader header_from(JsonReader& in) {
  if (in.any("format") != store_format)
    in.refuse("format", fmt::format("only format {} can be read", store_format));
  StoreHeader header;
  header.version = in.text("version");
  header.commit = in.text("commit");
  header.text_sha256 = in.text("text_sha256");
  header.cases_sha256 = in.text("cases_sha256");
  header.selection_sha256 = in.text("selection_sha256");
  header.shard = in.text("shard");
  header.times = in.text("times");
  header.target = target_result_from(in.object("target"));
  header.absolute_target = in.text("absolute_target");
  header.directory = in.text("directory");
  header.filter = in.text("filter");
  header.cases = in.text("cases");
  header.timeout_ms = in.integer("timeout_ms");
  header.repeat = in.narrow_count("repeat");
  header.network = in.truth("network");
  header.jobs = in.narrow_count("jobs");
  header.seed = in.count("seed");
  header.examples = in.count("examples");
  header.isolation = in.text("isolation");
  header.started = in.text("started");
  return header;
}

// What `read` makes of the value under the key; its complaint names the key.
template <class Read>
auto value_of(JsonReader& in, const char* key, Read read) -> decltype(read(json())) {
  try {
    return read(json(in.any(key)));
  } catch (const json::exception& problem) {
    in.refuse(key, readable(message_of(problem)));
    return {};
  }
}

void read_generated(JsonReader& in, Execution& execution) {
  const std::string kind = in.text("kind");
  if (kind != "example" && kind != "smallest")
    in.refuse("kind", fmt::format("\"{}\" is not a kind of execution", readable(kind)));
  execution.kind = kind == "example" ? Execution::Kind::example : Execution::Kind::smallest;
  execution.example = in.count("example");
  const std::string name = in.text("check_of");
  const auto check = properties::check_from(name);
  if (!check)
    in.refuse("check_of", fmt::format("\"{}\" is not a check", readable(name)));
  execution.check = check.value_or(properties::Check{});
  execution.finding = in.text("finding");
  execution.alone = in.text("alone");
  execution.scenario = value_of(in, "scenario", properties::scenario_from);
}

Execution execution_from(JsonReader& in, bool generated) {
  Execution execution;
  execution.item = in.text("item");
  const std::string mode = in.text("mode");
  const auto known = mode_from(mode);
  if (!known)
    in.refuse("mode", fmt::format("\"{}\" is not the mode of an attempt", readable(mode)));
  execution.mode = known.value_or(AttemptMode{});
  if (generated)
    read_generated(in, execution);
  execution.programs =
      value_of(in, "programs", [](const json& all) { return all.get<std::vector<json>>(); });
  value_of(in, "histories", [&](const json& all) {
    for (const json& one : all)
      execution.histories.push_back(history_from(one));
    return true;
  });
  if (execution.histories.empty() || execution.histories.size() != execution.programs.size())
    in.refuse("histories", "expected one for each of at least one program");
  execution.baseline.memory =
      value_of(in, "baseline_bytes", [](const json& bytes) { return bytes.get<double>(); });
  return execution;
}

// A store being read, record by record.
class Reading {
public:
  // An error when it is no record, or not one that may follow: there is no store then.
  Result<> take(std::string_view line) {
    const auto record = record_from(line, store_.check);
    if (!record)
      return tl::unexpected(record.error());
    Result<> read;
    JsonReader in(*record, read);
    const std::string kind = in.text("record");
    if (started_ == (kind == "run") || store_.complete)
      in.refuse("record", fmt::format("a record \"{}\" does not belong here", readable(kind)));
    if (kind == "run") {
      store_.header = header_from(in);
      started_ = true;
    } else {
      store_.at_ms = in.integer("at_ms");
      if (kind == "execution")
        store_.executions.push_back(execution_from(in, record->contains("kind")));
      else if (kind == "end")
        store_.complete = true;
      else
        in.refuse("record", fmt::format("\"{}\" is not a record", readable(kind)));
    }
    in.finish();
    store_.whole += line.size() + 1;
    return read;
  }

  bool started() const { return started_; }
  Store store() { return std::move(store_); }

private:
  Store store_;
  bool started_ = false;
};

// The first bytes, to the end of a character.
void keep_head(std::string& text, size_t most) {
  if (text.size() <= most)
    return;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U)
    --most;
  text.erase(most);
}

// The last bytes, from the beginning of a character on.
void keep_tail(std::string& text) {
  if (text.size() <= stream_bytes)
    return;
  size_t from = text.size() - stream_bytes;
  while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0U) == 0x80U)
    ++from;
  text.erase(0, from);
}

} // namespace

History stored(History history) {
  keep_tail(history.out);
  keep_tail(history.err);
  for (Event& event : history.events) {
    Answer& answer = event.answer;
    for (std::string* text : {&answer.raised.type, &answer.raised.category, &answer.raised.message})
      keep_head(*text, answer_bytes);
    if (answer.text)
      keep_head(*answer.text, answer_bytes);
  }
  size_t emitted = 0;
  std::erase_if(history.events, [&emitted](const Event& event) {
    if (event.kind != Event::Kind::emitted)
      return false;
    const bool fits = emitted < emitted_bytes && event.text.size() <= emitted_bytes;
    emitted += fits ? event.text.size() + 1 : emitted_bytes;
    return !fits;
  });
  return history;
}

Result<Store> store_from(std::string_view text, const std::string& display_path) {
  Reading reading;
  size_t number = 1;
  for (size_t end = 0; (end = text.find('\n')) != std::string_view::npos; ++number) {
    if (const auto taken = reading.take(text.substr(0, end)); !taken)
      return fail("not a record of a run: " + on_one_line(taken.error().message),
                  {display_path, number});
    text.remove_prefix(end + 1);
  }
  if (!reading.started())
    return fail("there is no whole record", {display_path, 1});
  return reading.store();
}

Result<Store> read_store(const std::filesystem::path& dir) {
  const std::filesystem::path path = dir / store_name;
  return read_file(path).and_then(
      [&](const std::string& text) { return store_from(text, path.string()); });
}

} // namespace pep554
