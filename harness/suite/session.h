// One target, judged item by item: each case, and each property of generated programs. Everything
// that this folder needs of the runner is behind this header.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/engine/result.h"
#include "harness/run/paths.h"
#include "harness/run/settings.h"

namespace pep554 {

struct SessionItem {
  std::string id; // of a case, or "property.NAME"
  std::string title;
  std::vector<std::string> clauses;
  Source where; // an absolute file
};

// One thread at a time may use an object.
class Session {
public:
  // Reads the suite; starts nothing. `target`: empty is the reference. Without examples, properties
  // are no items. Never null.
  static Result<std::unique_ptr<Session>> open(const std::string& target,
                                               const RunSettings& settings, const Paths& paths);
  virtual ~Session() = default;

  virtual const std::vector<SessionItem>& items() const = 0;

  // Judges one item, with the programs and retries of `pep554 run`, one program at a time. The
  // target is started when it is first needed; every item is not-run once that failed. SIGPIPE has
  // to be ignored or blocked.
  virtual CaseResult run(size_t item) = 0;

  // Ends all hosts; the next run starts one again.
  virtual void end_hosts() = 0;
};

} // namespace pep554
