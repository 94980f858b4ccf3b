// The plugin under examination, in the process of a trial. Every slot is called through this class:
// it records the current call for the examiner, and checks each call against the ABI's general
// rules: status, error record, out parameters, exceptions.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/host/examine/finding_sink.h"
#include "harness/host/runtime.h"

namespace pep554::host {

// The slot that a trial's process is in, in memory that it shares with the examiner. Any thread;
// two at once leave one of the names or a mixture.
class CurrentCall {
public:
  void enter(std::string_view name); // "" between slots
  std::string slot() const;

private:
  std::array<std::atomic<char>, 64> name_{};
};

// The plugin to examine, and what earlier trials found; each trial's process has a copy.
struct ExamConfig {
  std::string plugin;
  Options options;
  std::chrono::milliseconds deadline{10'000}; // of a trial
  std::map<std::string, std::string, std::less<>>
      skipped_slots; // slots that crashed or hung, with the reason; they are not called again
  std::map<std::string, pep554_status_t, std::less<>>
      expected_status; // of slots, by earlier trials
};

// A trial cannot continue; what() is the reason.
class Blocked : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

// Spare elements behind a buffer in trials that do not check its bounds, so that a small overflow
// is not reported as another fault.
constexpr size_t margin = 16;

struct Answer {
  pep554_status_t status = PEP554_FAILED;
  std::string message;    // of the error record
  bool has_error = false; // the error record was filled

  bool ok() const { return status == PEP554_OK; }
  std::string text() const; // "PEP554_RAISED: message"
};

struct HandleAnswer : Answer {
  pep554_interpreter_t* handle = nullptr; // null unless a slot handed one out
};

using Facts = std::vector<std::pair<std::string, std::string>>;

// Thread-safe as far as the ABI is.
class InstrumentedPlugin {
public:
  InstrumentedPlugin(const ExamConfig& config, FindingSink& findings, CurrentCall& current_call)
      : config_(config), findings_(findings), current_call_(current_call) {}

  FindingSink& findings() { return findings_; }
  const ExamConfig& config() const { return config_; }
  const Plugin& tables() const { return plugin_; }
  pep554_runtime_t* runtime() const { return runtime_; }
  CurrentCall& current_call() { return current_call_; }

  void load();                                                      // throws Refusal
  void use(const pep554_plugin_t* table) { plugin_.table = table; } // without its extensions
  void start();                                                     // throws Blocked
  Answer start_with(const Options& options);

  Answer stop();
  Answer describe(Facts& facts);
  Answer enumerate(pep554_interpreter_t** handles, size_t capacity, size_t& count);
  HandleAnswer get_current();
  HandleAnswer get_main();
  HandleAnswer create();
  HandleAnswer construct(const std::string& id);
  Answer read_id(pep554_interpreter_t* handle, char* buffer, size_t capacity, size_t& length);
  Answer write_id(pep554_interpreter_t* handle, const std::string& id);
  Answer is_running(pep554_interpreter_t* handle);
  Answer destroy(pep554_interpreter_t* handle);
  Answer run(pep554_interpreter_t* handle, const char* code, size_t size);
  Answer run(pep554_interpreter_t* handle, std::string_view code);
  void release(pep554_interpreter_t* handle);
  const void* get_extension(const std::string& name);
  Answer eval(const char* source, size_t size);
  Answer eval(std::string_view source);
  Answer attach(void*& state);
  void detach(void* state);

  // Whether the answer is PEP554_FAILED, where earlier trials of the slot were not.
  bool fails_unexpectedly(std::string_view slot, const Answer& answer) const;

  // Preconditions of several trials; each throws Blocked on failure.
  pep554_interpreter_t* main_interpreter();
  pep554_interpreter_t* new_interpreter();
  std::string id_of(pep554_interpreter_t* handle);

  // Places the error records of later calls in front of a guard page.
  void use_guard_pages(bool on) { use_guard_pages_ = on; }

private:
  using Ask = std::function<pep554_status_t(pep554_error_t*)>;

  Answer ask(std::string_view slot, const Ask& call);
  HandleAnswer
  one(std::string_view slot,
      const std::function<pep554_status_t(pep554_interpreter_t**, pep554_error_t*)>& call);
  void enter(std::string_view slot);
  pep554_status_t call_guarded(std::string_view slot, const Ask& call, pep554_error_t* error);
  // Checks the out parameter `name`; `changed`: the slot wrote to it.
  void check_out_parameter(std::string_view slot, const Answer& answer, bool changed,
                           const char* name);

  const ExamConfig& config_;
  FindingSink& findings_;
  CurrentCall& current_call_;
  Plugin plugin_;
  pep554_runtime_t* runtime_ = nullptr;
  bool use_guard_pages_ = false;
};

const char* status_text(pep554_status_t status);

} // namespace pep554::host
