// Trials of what the caller lends to a slot: buffers, code, ids, error records.
#include <algorithm>
#include <cstring>

#include "harness/host/examine/guarded.h"
#include "harness/host/examine/trials.h"

namespace pep554::host {
namespace {

// Room for handles, which nobody has touched.
class HandleRoom {
public:
  explicit HandleRoom(size_t capacity) : bytes_((capacity + spare) * sizeof(void*)) {}
  pep554_interpreter_t** data() { return static_cast<pep554_interpreter_t**>(bytes_.data()); }
  bool untouched_from(size_t index) {
    return is_untouched(data() + index, spare * sizeof(void*)) && bytes_.fences_stand();
  }
  bool untouched_before(size_t index) { return is_untouched(data(), index * sizeof(void*)); }

private:
  static constexpr size_t spare = 8;
  Fenced bytes_;
};

std::string with_capacity(const char* slot, size_t capacity) {
  return std::string(slot) + " with a capacity of " + std::to_string(capacity) + " ";
}

void enumerate_with(Patient& patient, size_t capacity, size_t usual) {
  Findings& findings = patient.findings();
  const std::string says = with_capacity("enumerate", capacity);
  HandleRoom room(capacity);
  size_t count = 0;
  const Answer answer = patient.enumerate(room.data(), capacity, count);
  if (!findings.expect(answer.ok(), "enumerate.count", says + "answered " + answer.words()))
    return;
  findings.expect(count == usual, "enumerate.count",
                  says + "counted " + std::to_string(count) + " of " + std::to_string(usual));
  findings.expect(room.untouched_from(capacity), "enumerate.capacity", says + "wrote beyond it");
  if (usual > capacity) {
    findings.expect(room.untouched_before(capacity), "enumerate.all-or-none",
                    says + "wrote handles, of " + std::to_string(usual) + " interpreters");
    return;
  }
  for (size_t i = 0; i < std::min(count, capacity); ++i) {
    pep554_interpreter_t* handle = room.data()[i];
    if (findings.expect(!is_untouched(&handle, sizeof(void*)), "out.written",
                        says + "left a handle as it was") &&
        findings.expect(handle != nullptr, "handle.not-null", says + "handed out null"))
      patient.release(handle);
  }
}

// Reads the id of a handle into a buffer of `capacity` bytes, and looks at what became of it.
void read_id_with(Patient& patient, pep554_interpreter_t* handle, size_t capacity,
                  const std::string& id) {
  Findings& findings = patient.findings();
  const std::string says = with_capacity("read_id", capacity);
  const bool too_small = capacity <= id.size();
  Fenced fenced(capacity);
  auto* buffer = static_cast<char*>(fenced.data());
  size_t length = 0;
  if (!findings.expect(patient.read_id(handle, buffer, capacity, length).ok(), "read_id.text",
                       says + "did not answer PEP554_OK"))
    return;
  findings.expect(length == id.size(), "read_id.text",
                  says + "gave the length " + std::to_string(length) + " for " + shown(id));
  findings.expect(fenced.fences_stand(), "read_id.capacity", says + "wrote beyond it");
  if (too_small)
    findings.expect(is_untouched(buffer, capacity), "read_id.short",
                    says + "wrote into it, although the id has " + std::to_string(id.size()) +
                        " bytes");
  else
    findings.expect(buffer[length] == '\0' && std::memchr(buffer, 0, length) == nullptr,
                    "read_id.text", says + "wrote no NUL right behind the id");
}

// Code whose last byte is the last that can be read.
Answer run_before_a_wall(Patient& patient, std::string_view code, const char* check) {
  pep554_interpreter_t* handle = patient.created();
  const BeforeAWall wall(code.size(), check,
                         "run read beyond the " + std::to_string(code.size()) +
                             " bytes of its code",
                         patient.findings().fd());
  std::ranges::copy(code, static_cast<char*>(wall.data()));
  return patient.run(handle, static_cast<const char*>(wall.data()), code.size());
}

} // namespace

void try_enumerate(Patient& patient) {
  patient.load();
  patient.start();
  static_cast<void>(patient.created());
  HandleRoom room(64);
  size_t count = 0;
  if (!patient.enumerate(room.data(), 64, count).ok())
    throw Blocked("enumerate does not answer PEP554_OK");
  if (!patient.findings().expect(count >= 1 && count <= 64, "enumerate.count",
                                 "enumerate counted " + std::to_string(count) +
                                     " interpreters after one was created"))
    return;
  enumerate_with(patient, 0, count);
  enumerate_with(patient, count - 1, count);
  enumerate_with(patient, count, count);
  enumerate_with(patient, count + 3, count);
}

void try_read_id(Patient& patient) {
  patient.load();
  patient.start();
  pep554_interpreter_t* handle = patient.created();
  const std::string id = patient.id_of(handle);
  Findings& findings = patient.findings();
  findings.expect(is_utf8(id) && id.find('\0') == std::string::npos && !id.empty(), "read_id.text",
                  "the id is " + shown(id));
  if (!findings.expect(patient.id_of(handle) == id, "read_id.stable",
                       "the id is another the second time"))
    throw Blocked("ids are not stable");
  for (const size_t capacity : {size_t{0}, id.size() / 2, id.size(), id.size() + 1, id.size() + 64})
    read_id_with(patient, handle, capacity, id);
}

void try_own_id(Patient& patient) {
  patient.load();
  patient.start();
  Findings& findings = patient.findings();
  pep554_interpreter_t* handle = patient.created();
  const std::string id = patient.id_of(handle);
  if (patient.id_of(handle) != id)
    throw Blocked("ids are not stable");
  const Given again = patient.construct(id);
  const std::string says = "construct(" + shown(id) + ") ";
  if (again.handle != nullptr)
    findings.expect(patient.id_of(again.handle) == id, "construct.own-id",
                    says + "gave the interpreter " + shown(patient.id_of(again.handle)));
  else if (again.status == PEP554_RAISED)
    findings.note("construct.own-id", says + "answered " + again.words());
  else if (patient.failed_anew("construct", again))
    findings.mend("construct.own-id", says + "answered " + again.words());
}

void try_unknown_ids(Patient& patient) {
  patient.load();
  patient.start();
  for (const char* id :
       {"987654321", "-1", "0", "1606938044258990275541962092341162602522202993782792835301376"}) {
    const Given given = patient.construct(id);
    const std::string seen = "construct(" + shown(id) + ") answered " + given.words();
    const bool expressible = std::string_view(id).size() < 10 && *id != '-';
    if (!patient.failed_anew("construct", given))
      patient.findings().ok("construct.unknown-id");
    else if (expressible)
      patient.findings().mend("construct.unknown-id", seen);
    else // which is allowed where the plugin cannot express the number
      patient.findings().note("construct.unknown-id", seen);
    if (given.handle != nullptr)
      patient.release(given.handle);
  }
}

void try_empty_code(Patient& patient) {
  patient.load();
  patient.start();
  const Answer answer = run_before_a_wall(patient, "", "run.empty");
  patient.findings().expect(!patient.failed_anew("run", answer), "run.empty",
                            "run with a size of 0 answered " + answer.words());
}

void try_bounded_code(Patient& patient) {
  patient.load();
  patient.start();
  const Answer answer = run_before_a_wall(patient, "pass", "run.size");
  patient.findings().expect(!patient.failed_anew("run", answer), "run.size",
                            "run answered " + answer.words());
}

void try_nul_in_code(Patient& patient) {
  patient.load();
  patient.start();
  const Answer answer = patient.run(patient.created(), std::string_view("pass\0pass", 9));
  patient.findings().expect(!patient.failed_anew("run", answer), "run.nul",
                            "run of code with a NUL answered " + answer.words());
}

// Failures whose texts are longer than the record and of characters of two bytes, at either parity,
// so that any cut in the wrong place shows.
void try_long_errors(Patient& patient) {
  patient.load();
  patient.start();
  pep554_interpreter_t* handle = patient.created();
  for (const char* pad : {"", "x"}) {
    const std::string text = pad + std::string("' + '\u00e9' * 5000");
    static_cast<void>(patient.run(handle, "raise Exception('" + text + ")"));
    static_cast<void>(patient.run(handle, "raise type('" + text + ", (Exception,), {})('a\\0b')"));
    if (patient.plugin().eval == nullptr)
      continue;
    static_cast<void>(patient.eval("raise Exception('" + text + ")"));
    static_cast<void>(patient.eval("raise type('" + text + ", (Exception,), {})('a\\0b')"));
  }
}

// Calls that are refused by most, with error records before a wall.
void try_record_bounds(Patient& patient) {
  patient.load();
  patient.start();
  pep554_interpreter_t* handle = patient.created();
  patient.wall_records(true);
  static_cast<void>(patient.run(handle, "raise Exception('x' * 5000)"));
  static_cast<void>(patient.construct("987654321"));
  static_cast<void>(patient.write_id(handle, "77"));
  static_cast<void>(patient.destroy(handle));
  static_cast<void>(patient.run(handle, "pass"));
  static_cast<void>(patient.destroy(handle));
  patient.findings().ok("error-record.bounds");
}

} // namespace pep554::host
