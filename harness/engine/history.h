// A history: what happened when a program was executed, as data. Events in the order in which they
// left the process, what it printed, and how it ended. A process that died or hung leaves a history
// whose last call has no return.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace pep554 {

enum class Status { ok, raised, unsupported, failed }; // as in pep554_plugin.h

// What an operation raised. `category` is one of "not-found", "busy", "bad-argument",
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

struct Event {
  enum class Kind {
    lane,      // the lane's thread is up; `text` is its native thread id
    called,    // the step was entered
    emitted,   // code belonging to the step said `text` through $emit
    returned,  // the step answered
    finalize,  // the runtime is about to be finalized
    finalized, // ... and was, or said why not: `answer`
  };
  Kind kind = Kind::called;
  StepRef at;
  std::int64_t microseconds = 0; // since the fork; 0 for emitted
  std::string text;
  Answer answer;
  bool operator==(const Event&) const = default;
};

struct Ending {
  enum class How {
    exited,   // by exit; `code` is the status
    signaled, // by a signal; `code` is its number
    deadline, // killed at the deadline
    flooded,  // killed at the output limit
    lost,     // the host itself went away with it
    not_run,  // never started
  };
  How how = How::not_run;
  int code = 0;
  bool completed = false; // every lane ran to its last step
  std::string note;       // of the host, e.g. "left 2 processes behind"
  bool operator==(const Ending&) const = default;
};

struct History {
  std::vector<Event> events;
  std::string out; // standard output and standard error of the process, at most the limit
  std::string err;
  Ending ending;
  std::int64_t microseconds = 0; // wall time from fork to the end of the process
  bool operator==(const History&) const = default;

  const Event* returned(StepRef at) const; // null when the step did not answer
  bool called(StepRef at) const;
  std::vector<std::string> emitted_by(StepRef at) const;
  // Emissions between the call and the return of the step, whoever made them.
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
Ending ending_from(const nlohmann::json& document);

} // namespace pep554
