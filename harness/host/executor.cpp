#include "harness/host/executor.h"

#include <algorithm>
#include <array>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/host/events.h"

namespace pep554::host {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 4> status_names{"ok", "raised", "unsupported", "failed"};
constexpr std::array<const char*, 6> category_names{"other",        "not-found",     "busy",
                                                    "bad-argument", "script-failed", "unsupported"};

// A plugin may say anything; what is out of range is taken for the vaguest answer.
const char* category_name(std::int32_t category) {
  const auto index = static_cast<size_t>(category);
  return category >= 0 && index < category_names.size() ? category_names[index] : "other";
}

const char* status_name(pep554_status_t status) {
  const auto index = static_cast<size_t>(status);
  return index < status_names.size() ? status_names[index] : "failed";
}

json ok() {
  return {{"status", "ok"}};
}

// A plugin may speak of any number of interpreters, and of ids of any length, each time of more. It
// is accepted as far as the answer could be sent, and the slot is called again a few times.
constexpr size_t most_room = max_record;
constexpr int most_rounds = 8;

// "the plugin reports 7 WHAT"
std::string too_much(size_t count, const char* what) {
  return "the plugin reports " + std::to_string(count) + " " + what +
         (count > most_room ? "" : ", and another number at each call");
}

pep554_status_t failed(pep554_error_t& error, const std::string& message) {
  error.message[message.copy(error.message, sizeof error.message - 1)] = '\0';
  return PEP554_FAILED;
}

json no_handle() {
  return answer_of(PEP554_FAILED, "the plugin answered ok, and gave no handle");
}

} // namespace

json answer_of(pep554_status_t status, const pep554_error_t& error) {
  if (status == PEP554_OK)
    return ok();
  return {{"status", status_name(status)},
          {"raised",
           {{"category", category_name(error.category)},
            {"type", text_of(error.type)},
            {"message", text_of(error.message)}}}};
}

json answer_of(pep554_status_t status, const std::string& message) {
  return {{"status", status_name(status)},
          {"raised", {{"category", "other"}, {"type", ""}, {"message", message}}}};
}

pep554_status_t Executor::id_of(const Handle& handle, std::string& id, ErrorRecord& error) {
  id.resize(63);
  size_t length = 0;
  for (int round = 0; round < most_rounds && length <= most_room; ++round) {
    const size_t room = id.size() + 1;
    const pep554_status_t status =
        runtime_.api().read_id(runtime_.handle, handle.get(), id.data(), room, &length, &error);
    if (status != PEP554_OK)
      return status;
    if (length <= most_room)
      id.resize(length);
    if (length < room)
      return PEP554_OK;
  }
  return failed(error, too_much(length, "bytes of an id"));
}

json Executor::with_ids(std::span<const Handle> interpreters) {
  json ids = json::array();
  for (const Handle& interpreter : interpreters) {
    std::string id;
    ErrorRecord error;
    const pep554_status_t status = id_of(interpreter, id, error);
    if (status != PEP554_OK)
      return answer_of(status, error);
    ids.push_back(id);
  }
  return {{"status", "ok"}, {"ids", ids}};
}

// A slot that answers with one interpreter. The name is bound even when the id then cannot be read.
template <typename Slot>
json Executor::one_interpreter(const Step& step, Slot slot) {
  pep554_interpreter_t* interpreter = nullptr;
  ErrorRecord error;
  const pep554_status_t status = slot(&interpreter, &error);
  if (status != PEP554_OK)
    return answer_of(status, error);
  if (interpreter == nullptr)
    return no_handle();
  const Handle handle = adopt(runtime_, interpreter);
  if (!step.as.empty())
    handles_.bind(step.as, handle);
  return with_ids({&handle, 1});
}

json Executor::enumerate() {
  std::vector<pep554_interpreter_t*> interpreters(256);
  size_t count = 0;
  int round = 0;
  do {
    if (count > most_room || ++round > most_rounds)
      return answer_of(PEP554_FAILED, too_much(count, "interpreters"));
    interpreters.resize(std::max(count, interpreters.size()));
    ErrorRecord error;
    const pep554_status_t status = runtime_.api().enumerate(runtime_.handle, interpreters.data(),
                                                            interpreters.size(), &count, &error);
    if (status != PEP554_OK)
      return answer_of(status, error);
  } while (count > interpreters.size());
  interpreters.resize(count);
  if (std::ranges::find(interpreters, nullptr) != interpreters.end())
    return no_handle();
  std::vector<Handle> handles;
  handles.reserve(count);
  for (pep554_interpreter_t* interpreter : interpreters)
    handles.push_back(adopt(runtime_, interpreter));
  return with_ids(handles);
}

json Executor::construct(const Step& step) {
  std::string id = step.text;
  if (!step.on.empty()) {
    const Handle handle = handles_.find(step.on);
    if (!handle)
      return answer_of(PEP554_FAILED, "no handle is named \"" + step.on + "\"");
    ErrorRecord error;
    const pep554_status_t status = id_of(handle, id, error);
    if (status != PEP554_OK)
      return answer_of(status, error);
  }
  return one_interpreter(step, [&](auto** interpreter, auto* error) {
    return runtime_.api().construct(runtime_.handle, id.c_str(), interpreter, error);
  });
}

json Executor::read_id(const Handle& handle) {
  std::string id;
  ErrorRecord error;
  json answer = answer_of(id_of(handle, id, error), error);
  if (answer["status"] == "ok")
    answer["text"] = id;
  return answer;
}

json Executor::is_running(const Handle& handle) {
  std::int32_t running = 0;
  ErrorRecord error;
  json answer =
      answer_of(runtime_.api().is_running(runtime_.handle, handle.get(), &running, &error), error);
  if (answer["status"] == "ok")
    answer["truth"] = running != 0;
  return answer;
}

json Executor::run(const Handle& handle, const std::string& code) {
  ErrorRecord error;
  return answer_of(
      runtime_.api().run(runtime_.handle, handle.get(), code.data(), code.size(), &error), error);
}

json Executor::eval(const std::string& source) {
  if (runtime_.plugin.eval == nullptr)
    return answer_of(PEP554_UNSUPPORTED, "the plugin lacks " PEP554_EXT_EVAL);
  ErrorRecord error;
  return answer_of(
      runtime_.plugin.eval->eval(runtime_.handle, source.data(), source.size(), &error), error);
}

json Executor::on_handle(const Step& step, const Handle& handle, const std::string& code) {
  const pep554_plugin_t& api = runtime_.api();
  ErrorRecord error;
  switch (step.op) {
  case Op::read_id:
    return read_id(handle);
  case Op::write_id:
    return answer_of(api.write_id(runtime_.handle, handle.get(), step.text.c_str(), &error), error);
  case Op::is_running:
    return is_running(handle);
  case Op::destroy:
    return answer_of(api.destroy(runtime_.handle, handle.get(), &error), error);
  default:
    return run(handle, code);
  }
}

json Executor::perform(const Step& step, size_t lane, size_t index) {
  const pep554_plugin_t& api = runtime_.api();
  pep554_runtime_t* runtime = runtime_.handle;
  const auto code = [&] { return expand(step.text, {event_fd_, lane, index, &gates_.table()}); };
  switch (step.op) {
  case Op::enumerate:
    return enumerate();
  case Op::get_current:
    return one_interpreter(step, [&](auto** i, auto* e) { return api.get_current(runtime, i, e); });
  case Op::get_main:
    return one_interpreter(step, [&](auto** i, auto* e) { return api.get_main(runtime, i, e); });
  case Op::create:
    return one_interpreter(step, [&](auto** i, auto* e) { return api.create(runtime, i, e); });
  case Op::construct:
    return construct(step);
  case Op::eval:
    return eval(code());
  case Op::open:
    gates_.open(step.text);
    return ok();
  case Op::wait: // by the lane, which knows whether there is hope
    return ok();
  default:
    break;
  }
  const Handle handle = step.op == Op::release ? handles_.take(step.on) : handles_.find(step.on);
  if (!handle)
    return answer_of(PEP554_FAILED, "no handle is named \"" + step.on + "\"");
  return step.op == Op::release ? ok() : on_handle(step, handle, step.op == Op::run ? code() : "");
}

} // namespace pep554::host
