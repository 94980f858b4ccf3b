// The plugin under examination, in the process of a trial. Every slot is called through here: the
// examiner knows which one is under way, and what the ABI asks of every call is looked at each
// time: the status, the error record, the out parameters, exceptions.
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

#include "harness/host/examine/findings.h"
#include "harness/host/runtime.h"

namespace pep554::host {

// What is under way in a trial's process, in memory that the examiner shares. Any thread; of two at
// once, the name is one's or a mixture.
class Place {
public:
  void enter(std::string_view name); // "" between slots
  std::string slot() const;

private:
  std::array<std::atomic<char>, 64> name_{};
};

// What is examined, and what is known of it so far; each trial's process has a copy.
struct Bench {
  std::string plugin;
  Options options;
  std::chrono::milliseconds deadline{10'000};                // of a trial
  std::map<std::string, std::string, std::less<>> shunned;   // slots not to be called again: why
  std::map<std::string, pep554_status_t, std::less<>> usual; // how slots answer
};

// A trial cannot go on; what() says why.
class Blocked : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

// What stands behind lent memory, in its elements, wherever a plugin that writes a little beyond
// its capacity is not what the trial looks for: one fault must not be taken for another.
constexpr size_t margin = 16;

struct Answer {
  pep554_status_t status = PEP554_FAILED;
  std::string message; // of the error record
  bool told = false;   // the error record was filled

  bool ok() const { return status == PEP554_OK; }
  std::string words() const; // "PEP554_RAISED: message"
};

struct Given : Answer {
  pep554_interpreter_t* handle = nullptr; // null unless a slot handed one out
};

using Facts = std::vector<std::pair<std::string, std::string>>;

// Used by several threads at once only as the ABI has it.
class Patient {
public:
  Patient(const Bench& bench, Findings& findings, Place& place)
      : bench_(bench), findings_(findings), place_(place) {}

  Findings& findings() { return findings_; }
  const Bench& bench() const { return bench_; }
  const Plugin& plugin() const { return plugin_; }
  pep554_runtime_t* runtime() const { return runtime_; }
  Place& place() { return place_; }

  void load();                                                      // throws Refusal
  void use(const pep554_plugin_t* table) { plugin_.table = table; } // without its extensions
  void start();                                                     // throws Blocked
  Answer start_with(const Options& options);

  Answer stop();
  Answer describe(Facts& facts);
  Answer enumerate(pep554_interpreter_t** handles, size_t capacity, size_t& count);
  Given get_current();
  Given get_main();
  Given create();
  Given construct(const std::string& id);
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

  // Whether the slot failed that otherwise, as far as is known, does not.
  bool failed_anew(std::string_view slot, const Answer& answer) const;

  // What several trials need first; each throws Blocked when it is not to be had.
  pep554_interpreter_t* main_one();
  pep554_interpreter_t* created();
  std::string id_of(pep554_interpreter_t* handle);

  // The error records of the calls that follow stand before a wall.
  void wall_records(bool on) { walled_ = on; }

private:
  using Ask = std::function<pep554_status_t(pep554_error_t*)>;

  Answer ask(std::string_view slot, const Ask& call);
  Given one(std::string_view slot,
            const std::function<pep554_status_t(pep554_interpreter_t**, pep554_error_t*)>& call);
  void enter(std::string_view slot);
  pep554_status_t call_guarded(std::string_view slot, const Ask& call, pep554_error_t* error);
  // An out parameter, of which `changed` says whether it is another than before.
  void judge_out(std::string_view slot, const Answer& answer, bool changed, const char* name);

  const Bench& bench_;
  Findings& findings_;
  Place& place_;
  Plugin plugin_;
  pep554_runtime_t* runtime_ = nullptr;
  bool walled_ = false;
};

const char* status_text(pep554_status_t status);

} // namespace pep554::host
