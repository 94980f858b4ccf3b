#include "harness/host/examine/instrumented_plugin.h"

#include <cxxabi.h>

#include "harness/host/examine/error_record.h"

namespace pep554::host {
namespace {

// The initial values of out parameters, which no slot writes.
char sentinel;
auto* const no_handle = reinterpret_cast<pep554_interpreter_t*>(&sentinel);
auto* const no_runtime = reinterpret_cast<pep554_runtime_t*>(&sentinel);
constexpr size_t no_size = 0x5A5A5A5A;

std::vector<pep554_option_t> pairs_of(const Options& options) {
  std::vector<pep554_option_t> pairs;
  pairs.reserve(options.size() + 1);
  for (const auto& [key, value] : options)
    pairs.push_back({key.c_str(), value.c_str()});
  pairs.reserve(1); // data() is not null, whatever the count
  return pairs;
}

struct FactSink {
  Facts facts;
  FindingSink& findings;
};

void take_fact(void* context, const char* key, const char* value) {
  auto& sink = *static_cast<FactSink*>(context);
  if (!sink.findings.expect(key != nullptr && value != nullptr, "describe.texts",
                            "describe handed over a null pointer"))
    return;
  sink.findings.expect(is_utf8(key) && is_utf8(value) && *key != '\0', "describe.texts",
                       "describe handed over " + escaped(key) + " = " + escaped(value));
  sink.facts.emplace_back(key, value);
}

} // namespace

const char* status_text(pep554_status_t status) {
  switch (status) {
  case PEP554_OK:
    return "PEP554_OK";
  case PEP554_RAISED:
    return "PEP554_RAISED";
  case PEP554_UNSUPPORTED:
    return "PEP554_UNSUPPORTED";
  default:
    return "PEP554_FAILED";
  }
}

std::string Answer::text() const {
  return std::string(status_text(status)) + (message.empty() ? "" : ": " + escaped(message));
}

void CurrentCall::enter(std::string_view name) {
  const size_t length = std::min(name.size(), name_.size() - 1);
  for (size_t i = 0; i < length; ++i)
    name_.at(i).store(name[i], std::memory_order_relaxed);
  name_.at(length).store('\0', std::memory_order_relaxed);
}

std::string CurrentCall::slot() const {
  std::string name;
  for (const auto& letter : name_) {
    const char c = letter.load(std::memory_order_relaxed);
    if (c == '\0')
      break;
    name += c;
  }
  return name;
}

void InstrumentedPlugin::enter(std::string_view slot) {
  const auto skipped = config_.skipped_slots.find(slot);
  if (skipped != config_.skipped_slots.end())
    throw Blocked(skipped->second);
  current_call_.enter(slot);
}

pep554_status_t InstrumentedPlugin::call_guarded(std::string_view slot, const Ask& call,
                                                 pep554_error_t* error) {
  try {
    return call(error);
  } catch (const abi::__forced_unwind&) {
    throw; // pthread_exit
  } catch (...) {
    findings_.error("slot.exceptions", std::string(slot) + " threw an exception");
    throw Blocked(std::string(slot) + " threw an exception");
  }
}

Answer InstrumentedPlugin::ask(std::string_view slot, const Ask& call) {
  enter(slot);
  CheckedErrorRecord record(slot, use_guard_pages_, findings_);
  const pep554_status_t status = call_guarded(slot, call, record.get());
  current_call_.enter("");
  findings_.ok("slot.exceptions");
  const auto number = static_cast<unsigned>(status);
  if (!findings_.expect(number <= PEP554_FAILED, "slot.status",
                        std::string(slot) + " answered " +
                            std::to_string(static_cast<int>(status))))
    throw Blocked(std::string(slot) + " answers with an unknown status");
  record.judge(slot, status, findings_);
  if (status == PEP554_OK)
    return {status, "", false};
  return {status, record.message(), record.is_filled(status)};
}

void InstrumentedPlugin::check_out_parameter(std::string_view slot, const Answer& answer,
                                             bool changed, const char* name) {
  const std::string says = std::string(slot) + " answered " + status_text(answer.status) + " and ";
  if (answer.ok())
    findings_.expect(changed, "out.written", says + "did not write " + name);
  else
    findings_.expect(!changed, "out.only-on-ok", says + "wrote " + name);
}

void InstrumentedPlugin::load() {
  current_call_.enter("get_extension");
  plugin_ = load_plugin(config_.plugin);
  current_call_.enter("");
}

Answer InstrumentedPlugin::start_with(const Options& options) {
  const std::vector<pep554_option_t> pairs = pairs_of(options);
  static constexpr pep554_option_t none{"", ""};
  const pep554_option_t* first = pairs.empty() ? &none : pairs.data();
  pep554_runtime_t* runtime = no_runtime;
  Answer answer = ask("start", [&](pep554_error_t* error) {
    return plugin_.table->start(first, pairs.size(), &runtime, error);
  });
  check_out_parameter("start", answer, runtime != no_runtime, "*runtime");
  if (answer.ok() && runtime != no_runtime) {
    findings_.expect(runtime != nullptr, "start.runtime", "start set *runtime to null");
    runtime_ = runtime;
  }
  return answer;
}

void InstrumentedPlugin::start() {
  Answer answer = start_with(config_.options);
  if (!answer.ok() || runtime_ == nullptr)
    throw Blocked("the runtime did not start");
}

Answer InstrumentedPlugin::stop() {
  return ask("stop", [&](auto* error) { return plugin_.table->stop(runtime_, error); });
}

Answer InstrumentedPlugin::describe(Facts& facts) {
  FactSink sink{{}, findings_};
  Answer answer = ask("describe", [&](auto* error) {
    return plugin_.table->describe(runtime_, &take_fact, &sink, error);
  });
  facts = sink.facts;
  return answer;
}

Answer InstrumentedPlugin::enumerate(pep554_interpreter_t** handles, size_t capacity,
                                     size_t& count) {
  count = no_size;
  Answer answer = ask("enumerate", [&](auto* error) {
    return plugin_.table->enumerate(runtime_, handles, capacity, &count, error);
  });
  check_out_parameter("enumerate", answer, count != no_size, "*count");
  if (count == no_size)
    count = 0;
  return answer;
}

HandleAnswer InstrumentedPlugin::one(
    std::string_view slot,
    const std::function<pep554_status_t(pep554_interpreter_t**, pep554_error_t*)>& call) {
  pep554_interpreter_t* handle = no_handle;
  Answer answer = ask(slot, [&](auto* error) { return call(&handle, error); });
  check_out_parameter(slot, answer, handle != no_handle, "*interpreter");
  if (!answer.ok() || handle == no_handle)
    return {answer, nullptr};
  findings_.expect(handle != nullptr, "handle.not-null", std::string(slot) + " handed out null");
  return {answer, handle};
}

HandleAnswer InstrumentedPlugin::get_current() {
  return one("get_current", [&](auto** out, auto* error) {
    return plugin_.table->get_current(runtime_, out, error);
  });
}

HandleAnswer InstrumentedPlugin::get_main() {
  return one("get_main", [&](auto** out, auto* error) {
    return plugin_.table->get_main(runtime_, out, error);
  });
}

HandleAnswer InstrumentedPlugin::create() {
  return one("create",
             [&](auto** out, auto* error) { return plugin_.table->create(runtime_, out, error); });
}

HandleAnswer InstrumentedPlugin::construct(const std::string& id) {
  return one("construct", [&](auto** out, auto* error) {
    return plugin_.table->construct(runtime_, id.c_str(), out, error);
  });
}

Answer InstrumentedPlugin::read_id(pep554_interpreter_t* handle, char* buffer, size_t capacity,
                                   size_t& length) {
  length = no_size;
  Answer answer = ask("read_id", [&](auto* error) {
    return plugin_.table->read_id(runtime_, handle, buffer, capacity, &length, error);
  });
  check_out_parameter("read_id", answer, length != no_size, "*length");
  if (answer.ok() && length == no_size)
    throw Blocked("read_id gives no length");
  return answer;
}

Answer InstrumentedPlugin::write_id(pep554_interpreter_t* handle, const std::string& id) {
  return ask("write_id", [&](auto* error) {
    return plugin_.table->write_id(runtime_, handle, id.c_str(), error);
  });
}

Answer InstrumentedPlugin::is_running(pep554_interpreter_t* handle) {
  constexpr std::int32_t neither = 0x5A5A5A5A;
  std::int32_t running = neither;
  Answer answer = ask("is_running", [&](auto* error) {
    return plugin_.table->is_running(runtime_, handle, &running, error);
  });
  check_out_parameter("is_running", answer, running != neither, "*running");
  if (answer.ok() && running != neither)
    findings_.expect(running == 0 || running == 1, "is_running.truth",
                     "is_running wrote " + std::to_string(running));
  return answer;
}

Answer InstrumentedPlugin::destroy(pep554_interpreter_t* handle) {
  return ask("destroy",
             [&](auto* error) { return plugin_.table->destroy(runtime_, handle, error); });
}

Answer InstrumentedPlugin::run(pep554_interpreter_t* handle, const char* code, size_t size) {
  return ask("run",
             [&](auto* error) { return plugin_.table->run(runtime_, handle, code, size, error); });
}

Answer InstrumentedPlugin::run(pep554_interpreter_t* handle, std::string_view code) {
  return run(handle, code.data(), code.size());
}

void InstrumentedPlugin::release(pep554_interpreter_t* handle) {
  enter("release");
  plugin_.table->release(runtime_, handle);
  current_call_.enter("");
}

const void* InstrumentedPlugin::get_extension(const std::string& name) {
  enter("get_extension");
  const void* table = plugin_.table->get_extension(name.c_str());
  current_call_.enter("");
  return table;
}

Answer InstrumentedPlugin::eval(const char* source, size_t size) {
  return ask("eval",
             [&](auto* error) { return plugin_.eval->eval(runtime_, source, size, error); });
}

Answer InstrumentedPlugin::eval(std::string_view source) {
  return eval(source.data(), source.size());
}

Answer InstrumentedPlugin::attach(void*& state) {
  state = &sentinel;
  Answer answer =
      ask("attach", [&](auto* error) { return plugin_.thread->attach(runtime_, &state, error); });
  check_out_parameter("attach", answer, state != &sentinel, "*state");
  return answer;
}

void InstrumentedPlugin::detach(void* state) {
  enter("detach");
  plugin_.thread->detach(runtime_, state);
  current_call_.enter("");
}

bool InstrumentedPlugin::fails_unexpectedly(std::string_view slot, const Answer& answer) const {
  const auto expected = config_.expected_status.find(slot);
  return answer.status == PEP554_FAILED &&
         (expected == config_.expected_status.end() || expected->second != PEP554_FAILED);
}

pep554_interpreter_t* InstrumentedPlugin::main_interpreter() {
  const HandleAnswer given = get_main();
  if (given.handle == nullptr)
    throw Blocked("get_main gives no handle");
  return given.handle;
}

pep554_interpreter_t* InstrumentedPlugin::new_interpreter() {
  const HandleAnswer given = create();
  if (given.handle == nullptr)
    throw Blocked("create gives no handle");
  return given.handle;
}

std::string InstrumentedPlugin::id_of(pep554_interpreter_t* handle) {
  std::string id(1024 + margin, '\0');
  while (true) {
    size_t length = 0;
    const size_t room = id.size() - margin;
    if (!read_id(handle, id.data(), room, length).ok())
      throw Blocked("read_id gives no text");
    if (length > (size_t{1} << 20U))
      throw Blocked("read_id gives a length of " + std::to_string(length));
    if (length < room)
      return id.substr(0, length);
    id.assign(length + 1 + margin, '\0');
  }
}

} // namespace pep554::host
