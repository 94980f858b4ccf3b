#include "harness/host/examine/examination.h"

#include <nlohmann/json.hpp>

#include "harness/host/examine/trial.h"
#include "harness/host/examine/trials.h"

namespace pep554::host {
namespace {

using nlohmann::json;

// What one trial after another adds up to.
class Examination {
public:
  explicit Examination(Bench bench) : bench_(std::move(bench)) {}

  // Each ends with the reason why the plugin is of no use, "" when it is of use.
  std::string load();
  std::string start();

  void try_everything();
  json plugin() const { return {{"file", bench_.plugin}, {"name", name_}, {"version", version_}}; }
  // The checks that were come to.
  std::vector<json> messages() const { return ledger_.messages(last_); }

private:
  TrialEnd run(const Trial& trial) { return perform(trial, bench_, ledger_); }
  // A trial whose every bad end offends the same check.
  TrialEnd run(std::string_view check, void (*body)(Patient&)) { return run({check, check, body}); }
  void try_slots();
  void try_lent_memory();
  void try_threads();
  void try_end();

  Bench bench_;
  Ledger ledger_;
  std::string_view last_; // check that was come to; "" when all were
  std::string name_;
  std::string version_;
};

std::string Examination::load() {
  const TrialEnd end = run("load.opens", &try_load);
  name_ = end.facts.contains("name") ? end.facts.at("name") : "";
  version_ = end.facts.contains("version") ? end.facts.at("version") : "";
  last_ = ledger_.first_of(
      {"load.file", "load.opens", "load.symbol", "table.version", "table.size", "table.slots"});
  return ledger_.seen_of(last_);
}

std::string Examination::start() {
  const TrialEnd asked = run("extension.before-start", &try_extensions);
  last_ = "extension.before-start";
  if (asked.how != TrialEnd::finished)
    return asked.words;
  last_ = ledger_.first_of({"extension.complete"});
  if (!last_.empty())
    return ledger_.seen_of(last_);
  const TrialEnd end = run("start.answers", &try_start);
  last_ = "start.runtime";
  if (end.facts.contains("reason"))
    return end.facts.at("reason");
  if (end.how != TrialEnd::finished)
    return end.words;
  last_ = "";
  return "";
}

void Examination::try_everything() {
  run("start.unknown-option", &try_unknown_option);
  run("describe.answers", &try_describe);
  try_slots();
  try_lent_memory();
  run("eval.works", &try_eval);
  try_threads();
  run("fork.child", &try_forked_child);
  try_end();
}

// A slot that ends the process or hangs is not called again: one finding is enough.
void Examination::try_slots() {
  for (const SlotTrial& slot : slot_trials()) {
    const auto body = [&slot](Patient& patient) { try_slot(patient, slot); };
    const TrialEnd end = run({"slot.survives", "slot.returns", body});
    if ((end.how == TrialEnd::died || end.how == TrialEnd::hung) && !end.slot.empty())
      bench_.shunned[end.slot] = end.words;
  }
  run("handle.independent", &try_independence);
  run("handle.outlives", &try_destroyed);
}

void Examination::try_lent_memory() {
  run("enumerate.capacity", &try_enumerate);
  run("read_id.capacity", &try_read_id);
  run("construct.own-id", &try_own_id);
  run("construct.unknown-id", &try_unknown_ids);
  run("run.empty", &try_empty_code);
  run("run.size", &try_bounded_code);
  run("run.nul", &try_nul_in_code);
  run("error-record.bounds", &try_long_errors);
  run("error-record.bounds", &try_record_bounds);
}

// Each only when the one before has found nothing: the same would be found again.
void Examination::try_threads() {
  run("thread.attach", &try_attaching);
  if (ledger_.first_of({"thread.attach"}).empty())
    run("thread.slots", &try_thread);
  if (ledger_.first_of({"thread.attach", "thread.slots"}).empty())
    run("thread.together", &try_threads_together);
}

void Examination::try_end() {
  if (run("stop.answers", &try_stop).how != TrialEnd::finished)
    return;
  if (run({"stop.exit", "stop.exit", &try_exit, true}).how == TrialEnd::finished)
    ledger_.add(Level::ok, "stop.exit", "");
}

} // namespace

int examine(Bench bench, FrameWriter& writer) {
  Examination examination(std::move(bench));
  std::string reason = examination.load();
  if (reason.empty())
    reason = examination.start();
  if (reason.empty())
    examination.try_everything();
  for (const json& message : examination.messages())
    writer.queue(message);
  writer.queue({{"msg", "examined"},
                {"plugin", examination.plugin()},
                {"started", reason.empty()},
                {"reason", reason}});
  writer.flush();
  return reason.empty() ? 0 : 1;
}

} // namespace pep554::host
