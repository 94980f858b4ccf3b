// The faults of the faulty plugin, a row for each: where it acts, what it does, and what a run and
// `pep554 doctor` make of it. The rows are in faults_*.c; a new one needs nothing else.
//
// faulty_plugin_test (harness/tests) judges the plugin with each fault of a run; its option
// --gtest_list_tests lists them. host_examination_test (harness/host/examine) does so with each
// fault of the doctor. The plugin has the fault that the environment's PEP554_FAULT names, and is
// correct but for that.
#ifndef PEP554_TESTING_FAULT_H
#define PEP554_TESTING_FAULT_H

#include <stddef.h>

#include "harness/testing/plugins/hooks.h"

#ifdef __cplusplus
extern "C" {
#endif

struct call;

// A requirement of the test on the machine.
enum needs { NEEDS_NOTHING, NEEDS_MEMORY_LIMIT, NEEDS_OWN_SHARED_MEMORY, NEEDS_PID_NAMESPACE };

// The doctor's result: the plugin does not start (FATAL), has an error (WRONG), or only a note
// (ODD).
enum severity { NOT_EXAMINED, FATAL, WRONG, ODD };

struct fault {
  const char* name;
  const char* about;
  int at; // hooks, see hooks.h
  void (*act)(struct call* call);

  // The expected results of a run with one case per slot: these cases do not pass: the cases of the
  // slots at which the fault acts; for ATTACH and DETACH the case of the lane; otherwise all.
  const char* verdict;        // of these cases; all others pass
  const char* reason;         // part of their reason
  const char* reason_at_stop; // ... for the case of `stop`, if different
  int unnamed;                // the reason does not name the operation
  const char* refusal;        // if set, the target does not start, for this reason
  const char* stderr_tail;    // part of the last output
  enum needs needs;
  int quick; // one of the few that ci/test runs: each verdict and each mechanism once

  // The expected results of the doctor.
  enum severity severity;
  const char* check; // the one check that finds it
  const char* seen;  // part of its observation
};

// A slot that may misbehave in a run, and the case that calls it. The fault is armed by the code
// "arm NAME" of eval, after `before`.
struct slot {
  enum hook hook;
  const char* name;      // also that of the case
  const char* operation; // as in reasons
  const char* before;    // a step, as in a table of cases
  const char* step;      // the step that triggers the fault
  const char* clause;    // that the case is about, besides isolation.survives; or null
};

__attribute__((visibility("default"))) extern const struct slot faulty_slots[14];

// The rows, and how many.
__attribute__((visibility("default"))) const struct fault* const*
faulty_plugin_faults(size_t* count);

#ifdef __cplusplus
}

#include <ostream>

// For GoogleTest, whose --gtest_list_tests prints it.
inline void PrintTo(const fault* row, std::ostream* out) {
  *out << (row->about != nullptr ? row->about : row->name);
}
#endif

#endif // PEP554_TESTING_FAULT_H
