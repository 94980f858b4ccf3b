// Trials of the caller's memory: buffers, code, ids, error records.
#include <algorithm>
#include <cstring>

#include "harness/host/examine/guarded_buffers.h"
#include "harness/host/examine/trials.h"

namespace pep554::host {
namespace {

// An untouched array for handles.
class HandleRoom {
public:
  explicit HandleRoom(size_t capacity) : bytes_((capacity + spare) * sizeof(void*)) {}
  pep554_interpreter_t** data() { return static_cast<pep554_interpreter_t**>(bytes_.data()); }
  bool untouched_from(size_t index) {
    return is_untouched(data() + index, spare * sizeof(void*)) && bytes_.canaries_intact();
  }
  bool untouched_before(size_t index) { return is_untouched(data(), index * sizeof(void*)); }

private:
  static constexpr size_t spare = 8;
  CanaryBuffer bytes_;
};

std::string with_capacity(const char* slot, size_t capacity) {
  return std::string(slot) + " with a capacity of " + std::to_string(capacity) + " ";
}

void enumerate_with(InstrumentedPlugin& plugin, size_t capacity, size_t expected) {
  FindingSink& findings = plugin.findings();
  const std::string says = with_capacity("enumerate", capacity);
  HandleRoom room(capacity);
  size_t count = 0;
  const Answer answer = plugin.enumerate(room.data(), capacity, count);
  if (!findings.expect(answer.ok(), "enumerate.count", says + "answered " + answer.text()))
    return;
  findings.expect(count == expected, "enumerate.count",
                  says + "counted " + std::to_string(count) + " of " + std::to_string(expected));
  findings.expect(room.untouched_from(capacity), "enumerate.capacity", says + "wrote beyond it");
  if (expected > capacity) {
    findings.expect(room.untouched_before(capacity), "enumerate.all-or-none",
                    says + "wrote handles, of " + std::to_string(expected) + " interpreters");
    return;
  }
  for (size_t i = 0; i < std::min(count, capacity); ++i) {
    pep554_interpreter_t* handle = room.data()[i];
    if (findings.expect(!is_untouched(&handle, sizeof(void*)), "out.written",
                        says + "left a handle as it was") &&
        findings.expect(handle != nullptr, "handle.not-null", says + "handed out null"))
      plugin.release(handle);
  }
}

// Reads the id of a handle into a buffer of `capacity` bytes, and checks the buffer.
void read_id_with(InstrumentedPlugin& plugin, pep554_interpreter_t* handle, size_t capacity,
                  const std::string& id) {
  FindingSink& findings = plugin.findings();
  const std::string says = with_capacity("read_id", capacity);
  const bool too_small = capacity <= id.size();
  CanaryBuffer canaries(capacity);
  auto* buffer = static_cast<char*>(canaries.data());
  size_t length = 0;
  if (!findings.expect(plugin.read_id(handle, buffer, capacity, length).ok(), "read_id.text",
                       says + "did not answer PEP554_OK"))
    return;
  findings.expect(length == id.size(), "read_id.text",
                  says + "gave the length " + std::to_string(length) + " for " + escaped(id));
  findings.expect(canaries.canaries_intact(), "read_id.capacity", says + "wrote beyond it");
  if (too_small)
    findings.expect(is_untouched(buffer, capacity), "read_id.short",
                    says + "wrote into it, although the id has " + std::to_string(id.size()) +
                        " bytes");
  else
    findings.expect(buffer[length] == '\0' && std::memchr(buffer, 0, length) == nullptr,
                    "read_id.text", says + "wrote no NUL right behind the id");
}

// Code whose last byte is the last that can be read.
Answer run_at_guard_page(InstrumentedPlugin& plugin, std::string_view code, const char* check) {
  pep554_interpreter_t* handle = plugin.new_interpreter();
  const GuardPageBuffer code_buffer(code.size(), check,
                                    "run read beyond the " + std::to_string(code.size()) +
                                        " bytes of its code",
                                    plugin.findings().fd());
  std::ranges::copy(code, static_cast<char*>(code_buffer.data()));
  return plugin.run(handle, static_cast<const char*>(code_buffer.data()), code.size());
}

} // namespace

void try_enumerate(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  static_cast<void>(plugin.new_interpreter());
  HandleRoom room(64);
  size_t count = 0;
  if (!plugin.enumerate(room.data(), 64, count).ok())
    throw Blocked("enumerate does not answer PEP554_OK");
  if (!plugin.findings().expect(count >= 1 && count <= 64, "enumerate.count",
                                "enumerate counted " + std::to_string(count) +
                                    " interpreters after one was created"))
    return;
  enumerate_with(plugin, 0, count);
  enumerate_with(plugin, count - 1, count);
  enumerate_with(plugin, count, count);
  enumerate_with(plugin, count + 3, count);
}

void try_read_id(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  pep554_interpreter_t* handle = plugin.new_interpreter();
  const std::string id = plugin.id_of(handle);
  FindingSink& findings = plugin.findings();
  findings.expect(is_utf8(id) && id.find('\0') == std::string::npos && !id.empty(), "read_id.text",
                  "the id is " + escaped(id));
  if (!findings.expect(plugin.id_of(handle) == id, "read_id.stable",
                       "the id is another the second time"))
    throw Blocked("ids are not stable");
  for (const size_t capacity : {size_t{0}, id.size() / 2, id.size(), id.size() + 1, id.size() + 64})
    read_id_with(plugin, handle, capacity, id);
}

void try_own_id(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  FindingSink& findings = plugin.findings();
  pep554_interpreter_t* handle = plugin.new_interpreter();
  const std::string id = plugin.id_of(handle);
  if (plugin.id_of(handle) != id)
    throw Blocked("ids are not stable");
  const HandleAnswer again = plugin.construct(id);
  const std::string says = "construct(" + escaped(id) + ") ";
  if (again.handle != nullptr)
    findings.expect(plugin.id_of(again.handle) == id, "construct.own-id",
                    says + "gave the interpreter " + escaped(plugin.id_of(again.handle)));
  else if (again.status == PEP554_RAISED)
    findings.note("construct.own-id", says + "answered " + again.text());
  else if (plugin.fails_unexpectedly("construct", again))
    findings.error("construct.own-id", says + "answered " + again.text());
}

void try_unknown_ids(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  for (const char* id :
       {"987654321", "-1", "0", "1606938044258990275541962092341162602522202993782792835301376"}) {
    const HandleAnswer given = plugin.construct(id);
    const std::string seen = "construct(" + escaped(id) + ") answered " + given.text();
    const bool expressible = std::string_view(id).size() < 10 && *id != '-';
    if (!plugin.fails_unexpectedly("construct", given))
      plugin.findings().ok("construct.unknown-id");
    else if (expressible)
      plugin.findings().error("construct.unknown-id", seen);
    else // which is allowed where the plugin cannot express the number
      plugin.findings().note("construct.unknown-id", seen);
    if (given.handle != nullptr)
      plugin.release(given.handle);
  }
}

void try_empty_code(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  const Answer answer = run_at_guard_page(plugin, "", "run.empty");
  plugin.findings().expect(!plugin.fails_unexpectedly("run", answer), "run.empty",
                           "run with a size of 0 answered " + answer.text());
}

void try_bounded_code(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  const Answer answer = run_at_guard_page(plugin, "pass", "run.size");
  plugin.findings().expect(!plugin.fails_unexpectedly("run", answer), "run.size",
                           "run answered " + answer.text());
}

void try_nul_in_code(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  const Answer answer = plugin.run(plugin.new_interpreter(), std::string_view("pass\0pass", 9));
  plugin.findings().expect(!plugin.fails_unexpectedly("run", answer), "run.nul",
                           "run of code with a NUL answered " + answer.text());
}

// Failures whose texts are longer than the record and of characters of two bytes, at either parity,
// so that any cut in the wrong place shows.
void try_long_errors(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  pep554_interpreter_t* handle = plugin.new_interpreter();
  for (const char* pad : {"", "x"}) {
    const std::string text = pad + std::string("' + '\u00e9' * 5000");
    static_cast<void>(plugin.run(handle, "raise Exception('" + text + ")"));
    static_cast<void>(plugin.run(handle, "raise type('" + text + ", (Exception,), {})('a\\0b')"));
    if (plugin.tables().eval == nullptr)
      continue;
    static_cast<void>(plugin.eval("raise Exception('" + text + ")"));
    static_cast<void>(plugin.eval("raise type('" + text + ", (Exception,), {})('a\\0b')"));
  }
}

// Calls that most plugins refuse, with error records in front of a guard page.
void try_record_bounds(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  pep554_interpreter_t* handle = plugin.new_interpreter();
  plugin.use_guard_pages(true);
  static_cast<void>(plugin.run(handle, "raise Exception('x' * 5000)"));
  static_cast<void>(plugin.construct("987654321"));
  static_cast<void>(plugin.write_id(handle, "77"));
  static_cast<void>(plugin.destroy(handle));
  static_cast<void>(plugin.run(handle, "pass"));
  static_cast<void>(plugin.destroy(handle));
  plugin.findings().ok("error-record.bounds");
}

} // namespace pep554::host
