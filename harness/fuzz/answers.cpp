// The answers of a plugin and the records of programs. The first byte of the input selects one:
//
// 0: the rest is a record that some code of a program wrote to the event channel.
// 1: the rest makes the steps of a program, and every answer of a plugin to them: statuses that do
//    not exist, error records of any bytes without a terminator, ids and counts of any length.
//
// Whatever the host lets through, the engine must be able to read; and a handle is released at most
// once, and not used afterwards.
#include <array>
#include <bit>
#include <cstring>
#include <map>
#include <string>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/engine/history.h"
#include "harness/fuzz/fuzz.h"
#include "harness/host/events.h"
#include "harness/host/executor.h"
#include "harness/host/records.h"
#include "harness/host/wire.h"

namespace pep554::fuzz {
namespace {

using nlohmann::json;

// A plugin whose answers are made from the input.
Supply* supply = nullptr;
std::map<pep554_interpreter_t*, int> handed_out; // and not yet released
std::array<char, 4> interpreters;                // their addresses are the handles

void require_handle(pep554_interpreter_t* handle) {
  const auto found = handed_out.find(handle);
  require(found != handed_out.end() && found->second > 0, "a handle that the plugin gave is alive");
}

pep554_interpreter_t* new_handle() {
  const size_t number = supply->below(interpreters.size() + 1);
  if (number == interpreters.size())
    return nullptr;
  auto* handle = reinterpret_cast<pep554_interpreter_t*>(&interpreters[number]);
  ++handed_out[handle];
  return handle;
}

template <size_t Size>
void scribble(char (&text)[Size]) {
  const std::string_view bytes = supply->text(Size);
  std::memset(text, 'x', Size); // no terminator, unless the input has one
  std::memcpy(text, bytes.data(), bytes.size());
}

// Mostly it is well.
pep554_status_t answer(pep554_error_t* error) {
  const size_t choice = supply->below(8);
  if (choice < 5)
    return PEP554_OK;
  scribble(error->type);
  scribble(error->message);
  error->category = std::bit_cast<std::int32_t>(supply->word());
  return choice == 5 ? PEP554_RAISED : std::bit_cast<pep554_status_t>(supply->word());
}

pep554_status_t one(pep554_runtime_t*, pep554_interpreter_t** handle, pep554_error_t* error) {
  const pep554_status_t status = answer(error);
  if (status == PEP554_OK)
    *handle = new_handle();
  return status;
}

pep554_status_t construct(pep554_runtime_t* runtime, const char* id, pep554_interpreter_t** handle,
                          pep554_error_t* error) {
  require(std::memchr(id, 0, std::strlen(id) + 1) != nullptr, "an id has an end");
  return one(runtime, handle, error);
}

pep554_status_t enumerate(pep554_runtime_t*, pep554_interpreter_t** handles, size_t capacity,
                          size_t* count, pep554_error_t* error) {
  const pep554_status_t status = answer(error);
  *count = supply->below(2) == 0 ? supply->below(8) : supply->number();
  for (size_t i = 0; status == PEP554_OK && i < std::min({*count, capacity, size_t{300}}); ++i)
    handles[i] = new_handle();
  return status;
}

pep554_status_t read_id(pep554_runtime_t*, pep554_interpreter_t* handle, char* buffer,
                        size_t capacity, size_t* length, pep554_error_t* error) {
  require_handle(handle);
  const pep554_status_t status = answer(error);
  const std::string_view id = supply->text(capacity - 1);
  std::memcpy(buffer, id.data(), id.size());
  buffer[id.size()] = '\0';
  *length = supply->below(4) == 0 ? supply->number() : id.size();
  return status;
}

pep554_status_t write_id(pep554_runtime_t*, pep554_interpreter_t* handle, const char*,
                         pep554_error_t* error) {
  require_handle(handle);
  return answer(error);
}

pep554_status_t is_running(pep554_runtime_t*, pep554_interpreter_t* handle, std::int32_t* running,
                           pep554_error_t* error) {
  require_handle(handle);
  *running = std::bit_cast<std::int32_t>(supply->word());
  return answer(error);
}

pep554_status_t destroy(pep554_runtime_t*, pep554_interpreter_t* handle, pep554_error_t* error) {
  require_handle(handle);
  return answer(error);
}

pep554_status_t run(pep554_runtime_t*, pep554_interpreter_t* handle, const char* code, size_t size,
                    pep554_error_t* error) {
  require_handle(handle);
  require(code != nullptr || size == 0, "code is not null");
  return answer(error);
}

pep554_status_t eval(pep554_runtime_t*, const char*, size_t, pep554_error_t* error) {
  return answer(error);
}

void release(pep554_runtime_t*, pep554_interpreter_t* handle) {
  require_handle(handle);
  --handed_out[handle];
}

constexpr pep554_eval_t evaluation{&eval};

pep554_plugin_t table() {
  pep554_plugin_t slots{};
  slots.size = sizeof slots;
  slots.abi_version = PEP554_ABI_VERSION;
  slots.name = "fuzz";
  slots.version = "1";
  slots.enumerate = &enumerate;
  slots.get_current = &one;
  slots.get_main = &one;
  slots.create = &one;
  slots.construct = &construct;
  slots.read_id = &read_id;
  slots.write_id = &write_id;
  slots.is_running = &is_running;
  slots.destroy = &destroy;
  slots.run = &run;
  slots.release = &release;
  return slots;
}

// Gates are opened and never waited for: nothing here waits.
host::Step next_step() {
  static constexpr std::array<const char*, 4> names{"", "a", "b", "c"};
  static constexpr std::array ops{host::Op::enumerate, host::Op::get_current, host::Op::get_main,
                                  host::Op::create,    host::Op::construct,   host::Op::read_id,
                                  host::Op::write_id,  host::Op::is_running,  host::Op::destroy,
                                  host::Op::run,       host::Op::release,     host::Op::eval,
                                  host::Op::open};
  const host::Op op = ops[supply->below(ops.size())];
  const char* on = names[supply->below(names.size())];
  const char* as = names[supply->below(names.size())];
  return {op, on, as, std::string(supply->text(60))};
}

host::Program next_program() {
  host::Program program;
  auto& lane = program.lanes.emplace_back();
  for (size_t count = 1 + supply->below(12); count > 0; --count)
    lane.push_back(next_step());
  return program;
}

// A record on its way to the engine: true when the host passed it on.
bool travels(const std::string& bytes, const host::Program& program) {
  const host::Record record = host::read_record(bytes, program);
  const auto* event = std::get_if<host::EventRecord>(&record);
  if (event != nullptr)
    event_from(json::parse(host::encode(event->event)));
  else if (const auto* note = std::get_if<host::Note>(&record))
    static_cast<void>(host::encode(json(note->text)));
  return event != nullptr;
}

json performed(host::Executor& executor, const host::Step& step, size_t index) {
  try {
    return executor.perform(step, 0, index);
  } catch (const std::exception& problem) { // as host::Lanes does
    return host::answer_of(PEP554_FAILED, problem.what());
  }
}

void close_gates(const host::Gates& gates) {
  for (const auto& [name, ends] : gates.table()) {
    ::close(ends.read);
    ::close(ends.write);
  }
}

void execute() {
  static const pep554_plugin_t slots = table();
  const host::Runtime runtime{{&slots, &evaluation, nullptr, nullptr}, nullptr};
  const host::Program program = next_program();
  handed_out.clear();
  const host::Gates gates(host::gates_of(program));
  {
    host::Executor executor(runtime, gates, 200);
    for (size_t step = 0; step < program.lanes[0].size(); ++step) {
      const json answer = performed(executor, program.lanes[0][step], step);
      const std::string record = host::encode(
          {{"e", "returned"}, {"lane", 0}, {"step", step}, {"us", 1}, {"answer", answer}});
      require(record.size() > host::max_record || travels(record, program),
              "the host believes its own answers");
    }
  }
  close_gates(gates);
}

// One lane with a step of each operation, and one without steps.
host::Program any_program() {
  host::Program program;
  program.lanes.resize(2);
  program.lanes[0].resize(14);
  return program;
}

} // namespace
} // namespace pep554::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  using namespace pep554;
  std::string_view input = fuzz::text_of(data, size);
  if (input.empty())
    return 0;
  const bool record = input.front() == 0;
  input.remove_prefix(1);
  if (record) {
    static const host::Program program = fuzz::any_program();
    fuzz::travels(std::string(input.substr(0, host::max_record)), program);
    return 0;
  }
  fuzz::Supply supply(input);
  fuzz::supply = &supply;
  fuzz::execute();
  return 0;
}
