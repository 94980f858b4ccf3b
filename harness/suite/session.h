// One target, judged item by item: each case, and each property of generated programs. Everything
// that this folder needs of the runner is behind this header.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/cli/paths.h"
#include "harness/engine/result.h"

namespace pep554 {

struct SessionOptions {
  std::string target;         // empty: the reference
  std::string filter;         // as of RunOptions, for properties too; empty: everything
  unsigned repeat = 1;        // executions of each case
  double timeout_seconds = 0; // for each program; 0: the case's own
  std::uint64_t seed = 20170905;
  unsigned examples = 50; // of each property; 0: no properties
};

struct SessionItem {
  std::string id; // of a case, or "property.NAME"
  std::string title;
  std::vector<std::string> clauses;
  Source where; // an absolute file
};

// One thread at a time may use an object.
class Session {
public:
  // Reads the suite; starts nothing. Null when anything is wrong; `error` is then one line, and
  // what is wrong in a table was printed.
  static std::unique_ptr<Session> open(const SessionOptions& options, const Paths& paths,
                                       std::string& error);
  virtual ~Session() = default;

  virtual const std::vector<SessionItem>& items() const = 0;

  // Judges one item, as `pep554 run` and `pep554 properties` do, one program at a time. The target
  // is started when it is first needed; every item is not-run once that failed. SIGPIPE has to be
  // ignored or blocked.
  virtual CaseResult run(size_t item) = 0;

  // Ends all hosts; the next run starts one again.
  virtual void end_hosts() = 0;
};

} // namespace pep554
