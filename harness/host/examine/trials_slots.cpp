// Trials of each slot as any program would use it, and of handles.
#include <algorithm>
#include <array>

#include "harness/host/examine/trials.h"

namespace pep554::host {
namespace {

// Enough for any implementation with three interpreters, and a margin that is not lent.
using Room = std::array<pep554_interpreter_t*, 16 + margin>;

Answer enumerate_all(Patient& patient) {
  Room room{};
  size_t count = 0;
  Answer answer = patient.enumerate(room.data(), room.size() - margin, count);
  for (size_t i = 0; answer.ok() && i < std::min(count, room.size()); ++i)
    if (room.at(i) != nullptr)
      patient.release(room.at(i));
  return answer;
}

// A slot that gives a handle, which is then released.
Answer and_release(Patient& patient, const Given& given) {
  if (given.handle != nullptr)
    patient.release(given.handle);
  return given;
}

Answer read_short_id(Patient& patient, pep554_interpreter_t* handle) {
  std::array<char, 256 + margin> buffer{};
  size_t length = 0;
  return patient.read_id(handle, buffer.data(), buffer.size() - margin, length);
}

} // namespace

const std::vector<SlotTrial>& slot_trials() {
  static const std::vector<SlotTrial> trials{
      {"get_main", [](Patient& p) { return p.get_main(); }},
      {"get_current", [](Patient& p) { return p.get_current(); }},
      {"create", [](Patient& p) { return p.create(); }},
      {"enumerate", enumerate_all},
      {"read_id", [](Patient& p) { return read_short_id(p, p.main_one()); }},
      {"write_id", [](Patient& p) { return p.write_id(p.created(), "77"); }},
      {"is_running", [](Patient& p) { return p.is_running(p.main_one()); }},
      {"run", [](Patient& p) { return p.run(p.created(), "pass"); }},
      {"destroy", [](Patient& p) { return p.destroy(p.created()); }},
      {"construct", [](Patient& p) { return p.construct(p.id_of(p.created())); }},
      {"release", [](Patient& p) { return and_release(p, p.get_main()); }},
  };
  return trials;
}

void try_slot(Patient& patient, const SlotTrial& trial) {
  patient.load();
  patient.start();
  const Answer answer = trial.call(patient);
  Findings& findings = patient.findings();
  findings.usual(trial.slot, answer.status);
  findings.ok("slot.survives");
  findings.ok("slot.returns");
  findings.expect(answer.status != PEP554_FAILED, "slot.answers",
                  trial.slot + " answered " + answer.words());
  if (answer.status == PEP554_UNSUPPORTED)
    findings.note("slot.supported", trial.slot + " answered " + answer.words());
  else
    findings.ok("slot.supported");
}

void try_as_usual(Patient& patient, const char* check, const std::string& where) {
  for (const SlotTrial& trial : slot_trials()) {
    if (!patient.bench().usual.contains(trial.slot))
      continue; // it did not come back, which has been told
    const Answer answer = trial.call(patient);
    patient.findings().expect(!patient.failed_anew(trial.slot, answer), check,
                              trial.slot + " " + where + " answered " + answer.words());
  }
}

// Of two handles that denote one interpreter, and of the handles of one answer.
void try_independence(Patient& patient) {
  patient.load();
  patient.start();
  Findings& findings = patient.findings();
  pep554_interpreter_t* first = patient.main_one();
  pep554_interpreter_t* second = patient.main_one();
  const std::string id = patient.id_of(first);
  if (!findings.expect(patient.id_of(second) == id && patient.id_of(first) == id, "read_id.stable",
                       "two handles of get_main have different ids"))
    throw Blocked("ids are not stable");
  patient.release(first);
  findings.expect(patient.id_of(second) == id, "handle.independent",
                  "after the first handle of get_main was released, the second reads another id");
  static_cast<void>(patient.is_running(second));
  patient.release(second);
  pep554_interpreter_t* third = patient.main_one();
  findings.expect(patient.id_of(third) == id, "handle.independent",
                  "after all handles were released, get_main gives one with another id");
}

void try_destroyed(Patient& patient) {
  patient.load();
  patient.start();
  Findings& findings = patient.findings();
  pep554_interpreter_t* handle = patient.created();
  if (!patient.destroy(handle).ok())
    throw Blocked("destroy does not answer PEP554_OK");
  const auto expect = [&](const char* slot, const Answer& answer) {
    findings.expect(!patient.failed_anew(slot, answer), "handle.outlives",
                    std::string("after destroy, ") + slot + " answered " + answer.words());
  };
  expect("read_id", read_short_id(patient, handle));
  expect("is_running", patient.is_running(handle));
  expect("run", patient.run(handle, "pass"));
  expect("destroy", patient.destroy(handle));
  patient.release(handle);
}

} // namespace pep554::host
