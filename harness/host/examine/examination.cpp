#include "harness/host/examine/examination.h"

#include <nlohmann/json.hpp>

#include "harness/host/examine/trial.h"
#include "harness/host/examine/trials.h"

namespace pep554::host {
namespace {

using nlohmann::json;

// Runs the trials and collects their results.
class Examination {
public:
  explicit Examination(ExamConfig config) : config_(std::move(config)) {}

  // Each returns why the plugin cannot be used, "" when it can.
  std::string load();
  std::string start();

  void try_everything();
  json plugin() const { return {{"file", config_.plugin}, {"name", name_}, {"version", version_}}; }
  // The messages of the checks that were reached.
  std::vector<json> messages() const { return results_.messages(last_); }

private:
  TrialEnd run(const Trial& trial) { return perform(trial, config_, results_); }
  // A trial whose crash and hang fail the same check.
  TrialEnd run(std::string_view check, void (*body)(InstrumentedPlugin&)) {
    return run({check, check, body});
  }
  void try_slots();
  void try_caller_memory();
  void try_threads();
  void try_end();

  ExamConfig config_;
  CheckResults results_;
  std::string_view last_; // check that was come to; "" when all were
  std::string name_;
  std::string version_;
};

std::string Examination::load() {
  const TrialEnd end = run("load.opens", &try_load);
  name_ = end.facts.contains("name") ? end.facts.at("name") : "";
  version_ = end.facts.contains("version") ? end.facts.at("version") : "";
  last_ = results_.first_failed(
      {"load.file", "load.opens", "load.symbol", "table.version", "table.size", "table.slots"});
  return results_.observations_of(last_);
}

std::string Examination::start() {
  const TrialEnd asked = run("extension.before-start", &try_extensions);
  last_ = "extension.before-start";
  if (asked.kind != TrialEnd::finished)
    return asked.description;
  last_ = results_.first_failed({"extension.complete"});
  if (!last_.empty())
    return results_.observations_of(last_);
  const TrialEnd end = run("start.answers", &try_start);
  last_ = "start.runtime";
  if (end.facts.contains("reason"))
    return end.facts.at("reason");
  if (end.kind != TrialEnd::finished)
    return end.description;
  last_ = "";
  return "";
}

void Examination::try_everything() {
  run("start.unknown-option", &try_unknown_option);
  run("describe.answers", &try_describe);
  try_slots();
  try_caller_memory();
  run("eval.works", &try_eval);
  try_threads();
  run("fork.child", &try_forked_child);
  try_end();
}

// A slot that ends the process or hangs is not called again: one finding is enough.
void Examination::try_slots() {
  for (const SlotTrial& slot : slot_trials()) {
    const auto body = [&slot](InstrumentedPlugin& plugin) { try_slot(plugin, slot); };
    const TrialEnd end = run({"slot.survives", "slot.returns", body});
    if ((end.kind == TrialEnd::crashed || end.kind == TrialEnd::hung) && !end.slot.empty())
      config_.skipped_slots[end.slot] = end.description;
  }
  run("handle.independent", &try_independence);
  run("handle.outlives", &try_destroyed);
}

void Examination::try_caller_memory() {
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
  if (results_.first_failed({"thread.attach"}).empty())
    run("thread.slots", &try_thread);
  if (results_.first_failed({"thread.attach", "thread.slots"}).empty())
    run("thread.together", &try_threads_together);
}

void Examination::try_end() {
  if (run("stop.answers", &try_stop).kind != TrialEnd::finished)
    return;
  if (run({"stop.exit", "stop.exit", &try_exit, true}).kind == TrialEnd::finished)
    results_.add(Level::ok, "stop.exit", "");
}

} // namespace

int examine(ExamConfig config, FrameWriter& writer) {
  Examination examination(std::move(config));
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
