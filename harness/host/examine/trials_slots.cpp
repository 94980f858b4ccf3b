// Trials of each slot as any program would use it, and of handles.
#include <algorithm>
#include <array>

#include "harness/host/examine/trials.h"

namespace pep554::host {
namespace {

// Enough for any implementation with three interpreters, and a margin that is not lent.
using Room = std::array<pep554_interpreter_t*, 16 + margin>;

Answer enumerate_all(InstrumentedPlugin& plugin) {
  Room room{};
  size_t count = 0;
  Answer answer = plugin.enumerate(room.data(), room.size() - margin, count);
  for (size_t i = 0; answer.ok() && i < std::min(count, room.size()); ++i)
    if (room.at(i) != nullptr)
      plugin.release(room.at(i));
  return answer;
}

// A slot that gives a handle, which is then released.
Answer and_release(InstrumentedPlugin& plugin, const HandleAnswer& given) {
  if (given.handle != nullptr)
    plugin.release(given.handle);
  return given;
}

Answer read_short_id(InstrumentedPlugin& plugin, pep554_interpreter_t* handle) {
  std::array<char, 256 + margin> buffer{};
  size_t length = 0;
  return plugin.read_id(handle, buffer.data(), buffer.size() - margin, length);
}

} // namespace

const std::vector<SlotTrial>& slot_trials() {
  static const std::vector<SlotTrial> trials{
      {"get_main", [](InstrumentedPlugin& p) { return p.get_main(); }},
      {"get_current", [](InstrumentedPlugin& p) { return p.get_current(); }},
      {"create", [](InstrumentedPlugin& p) { return p.create(); }},
      {"enumerate", enumerate_all},
      {"read_id", [](InstrumentedPlugin& p) { return read_short_id(p, p.main_interpreter()); }},
      {"write_id", [](InstrumentedPlugin& p) { return p.write_id(p.new_interpreter(), "77"); }},
      {"is_running", [](InstrumentedPlugin& p) { return p.is_running(p.main_interpreter()); }},
      {"run", [](InstrumentedPlugin& p) { return p.run(p.new_interpreter(), "pass"); }},
      {"destroy", [](InstrumentedPlugin& p) { return p.destroy(p.new_interpreter()); }},
      {"construct",
       [](InstrumentedPlugin& p) { return p.construct(p.id_of(p.new_interpreter())); }},
      {"release", [](InstrumentedPlugin& p) { return and_release(p, p.get_main()); }},
  };
  return trials;
}

void try_slot(InstrumentedPlugin& plugin, const SlotTrial& trial) {
  plugin.load();
  plugin.start();
  const Answer answer = trial.call(plugin);
  FindingSink& findings = plugin.findings();
  findings.report_status(trial.slot, answer.status);
  findings.ok("slot.survives");
  findings.ok("slot.returns");
  findings.expect(answer.status != PEP554_FAILED, "slot.answers",
                  trial.slot + " answered " + answer.text());
  if (answer.status == PEP554_UNSUPPORTED)
    findings.note("slot.supported", trial.slot + " answered " + answer.text());
  else
    findings.ok("slot.supported");
}

void check_expected_answers(InstrumentedPlugin& plugin, const char* check,
                            const std::string& where) {
  for (const SlotTrial& trial : slot_trials()) {
    if (!plugin.config().expected_status.contains(trial.slot))
      continue; // it crashed or hung, which is reported already
    const Answer answer = trial.call(plugin);
    plugin.findings().expect(!plugin.fails_unexpectedly(trial.slot, answer), check,
                             trial.slot + " " + where + " answered " + answer.text());
  }
}

// Two handles of one interpreter, and the handles of one answer, are released independently.
void try_independence(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  FindingSink& findings = plugin.findings();
  pep554_interpreter_t* first = plugin.main_interpreter();
  pep554_interpreter_t* second = plugin.main_interpreter();
  const std::string id = plugin.id_of(first);
  if (!findings.expect(plugin.id_of(second) == id && plugin.id_of(first) == id, "read_id.stable",
                       "two handles of get_main have different ids"))
    throw Blocked("ids are not stable");
  plugin.release(first);
  findings.expect(plugin.id_of(second) == id, "handle.independent",
                  "after the first handle of get_main was released, the second reads another id");
  static_cast<void>(plugin.is_running(second));
  plugin.release(second);
  pep554_interpreter_t* third = plugin.main_interpreter();
  findings.expect(plugin.id_of(third) == id, "handle.independent",
                  "after all handles were released, get_main gives one with another id");
}

void try_destroyed(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  FindingSink& findings = plugin.findings();
  pep554_interpreter_t* handle = plugin.new_interpreter();
  if (!plugin.destroy(handle).ok())
    throw Blocked("destroy does not answer PEP554_OK");
  const auto expect = [&](const char* slot, const Answer& answer) {
    findings.expect(!plugin.fails_unexpectedly(slot, answer), "handle.outlives",
                    std::string("after destroy, ") + slot + " answered " + answer.text());
  };
  expect("read_id", read_short_id(plugin, handle));
  expect("is_running", plugin.is_running(handle));
  expect("run", plugin.run(handle, "pass"));
  expect("destroy", plugin.destroy(handle));
  plugin.release(handle);
}

} // namespace pep554::host
