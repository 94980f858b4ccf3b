// A history: the record of one execution of a program. Events in the order in which they left the
// process, its output, and its termination. After a crash or a hang the last call has no return.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "spec/result.h"

namespace pep554 {

struct Program; // harness/engine/program.h

enum class Status { ok, raised, unsupported, failed }; // as in pep554_plugin.h

// An exception that an operation raised. `category` is one of "not-found", "busy", "bad-argument",
// "script-failed", "unsupported", "other".
struct Raised {
  std::string category;
  std::string type;    // name of the exception's type, e.g. "RuntimeError"
  std::string message; // may be empty
  bool operator==(const Raised&) const = default;
};

struct Answer {
  Status status = Status::ok;
  std::vector<std::string> ids;    // interpreters in the answer, each as the text of its id
  std::optional<std::string> text; // of read_id
  std::optional<bool> truth;       // of is_running
  Raised raised;                   // when status is not ok
  bool operator==(const Answer&) const = default;
};

struct StepRef {
  size_t lane = 0;
  size_t step = 0;
  auto operator<=>(const StepRef&) const = default;
};

// The resources of a process, or their growth.
struct ResourceUsage {
  std::int64_t memory = 0; // bytes that are resident and not shared with a file
  std::int64_t descriptors = 0;
  std::int64_t threads = 0;
  std::int64_t processes = 0; // children that were not waited for
  std::int64_t files = 0;     // in the program's temporary folder
  bool operator==(const ResourceUsage&) const = default;
};

struct Event {
  enum class Kind {
    lane,      // the lane's thread is up; `text` is its native thread id
    called,    // the step was entered
    emitted,   // code belonging to the step emitted `text` through $emit
    returned,  // the step answered
    finalize,  // the runtime is about to be finalized
    finalized, // ... and was, or failed: `answer`
    measured,  // after repetition number `repetition` (0: before the first), this is held: `held`
    grown,     // of a repeated program: what grew between the step's calls and returns: `held`
  };
  Kind kind = Kind::called;
  StepRef at;
  std::int64_t microseconds = 0; // since the fork; 0 for emitted
  std::string text;
  Answer answer;
  std::int64_t repetition = 0;
  ResourceUsage held = {};
  bool operator==(const Event&) const = default;
};

struct Termination {
  enum class Kind {
    exited,         // by exit; `code` is the status
    signaled,       // by a signal; `code` is its number
    deadline,       // killed at the deadline
    limit_exceeded, // beyond the limit that `limit` names
    lost,           // another process ended the host by a signal; `note` names it
    host_fault,     // the host violated its protocol, or ended by itself; `note` says how
    not_run,        // never started
  };
  Kind kind = Kind::not_run;
  int code = 0;
  bool completed = false; // every lane ran to its last step
  std::string note;       // of the host, e.g. "left 2 processes behind"
  std::string limit = {}; // with limit_exceeded: "output", "events", "memory" or "processes"
  // Absent where the host cannot measure them:
  std::optional<std::int64_t> cpu_microseconds = {};  // computed, by the process and its children
  std::optional<std::int64_t> idle_microseconds = {}; // with deadline: since it last did anything
  bool operator==(const Termination&) const = default;
};

struct History {
  std::vector<Event> events;
  std::string out; // standard output and standard error of the process, at most the limit
  std::string err;
  std::string trace; // where its threads were when a signal or the deadline ended it
  Termination termination;
  std::int64_t microseconds = 0; // wall time from fork to the end of the process
  std::string shortage = {};     // what it may have lacked here (surroundings.h); mostly empty
  bool operator==(const History&) const = default;

  const Event* returned(StepRef at) const; // null when the step did not answer
  bool called(StepRef at) const;
  std::vector<std::string> emitted_by(StepRef at) const;
  // Emissions by any code between the call and the return of the step.
  std::vector<std::string> emitted_during(StepRef at) const;
  std::string lane_thread(size_t lane) const; // native thread id; empty when the lane never started
};

// The same keys as in the messages "event" and "end" of the host protocol
// (harness/host/PROTOCOL.md).
nlohmann::json to_json(const History& history);
// Each throws nlohmann::json::exception on a document that is not what it should be; keys that are
// not known are left alone.
History history_from(const nlohmann::json& document);
Event event_from(const nlohmann::json& document);
Termination termination_from(const nlohmann::json& document);
std::int64_t microseconds_from(const nlohmann::json& document); // of a history, or of "end"
// The error in such a document: where, and what was expected.
std::string message_of(const std::exception& problem);

// An error when the event is of a lane or a step that the program does not have.
Result<> fits(const Event& event, const Program& program);
// An error that names the first such event, as "events 3: ...".
Result<> fits(const History& history, const Program& program);

} // namespace pep554
