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

// What the test's machine must have.
enum needs { NEEDS_NOTHING, NEEDS_MEMORY_LIMIT, NEEDS_OWN_SHARED_MEMORY };

// What the doctor makes of a plugin: it cannot be started, or is to be mended, or is correct and
// odd.
enum severity { NOT_EXAMINED, FATAL, WRONG, ODD };

struct fault {
  const char* name;
  const char* about;
  int at; // hooks, see hooks.h
  void (*act)(struct call* call);

  // Of a run of a case for each slot. Those of the slots at which it acts are blamed; of a fault
  // around an attached thread that of the lane, and of one elsewhere all there are.
  const char* verdict;        // of these cases; all others pass
  const char* reason;         // part of what they say
  const char* reason_at_stop; // ... of that of `stop`, where it is another
  int unnamed;                // the reason does not name the operation
  const char* refusal;        // instead of all that: the target does not start, for this reason
  const char* stderr_tail;    // what the output ends with
  enum needs needs;
  int quick; // one of the few that stand for all: each verdict and each mechanism once

  // Of the doctor's examination.
  enum severity severity;
  const char* check; // the one check that finds it
  const char* seen;  // part of what that says
};

// A slot that may misbehave in a run, and the case that asks it. The fault is armed by the code
// "arm NAME" of eval, after `before`.
struct slot {
  enum hook hook;
  const char* name;      // also that of the case
  const char* operation; // as reasons write it
  const char* before;    // a step, as in a table of cases
  const char* step;      // the one that meets the fault
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
