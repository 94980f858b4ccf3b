// Macros for the rows of faults: FAULT, DEFECT and the like; see fault.h. `code` is
// a statement, with the struct call at hand as `call`.
#ifndef PEP554_TESTING_ROWS_H
#define PEP554_TESTING_ROWS_H

#include "harness/testing/plugins/core.h"
#include "harness/testing/plugins/fault.h"
#include "harness/testing/plugins/fault_helpers.h"

// The linker collects the rows of all files.
#define ROW(name_, at_, code, ...)                                                                 \
  static void act_##name_(struct call* call) {                                                     \
    (void)call;                                                                                    \
    code;                                                                                          \
  }                                                                                                \
  static const struct fault fault_##name_ = {                                                      \
      .name = #name_, .at = at_, .act = act_##name_, __VA_ARGS__};                                 \
  __attribute__((section("faults"), used)) static const struct fault* const row_##name_ =          \
      &fault_##name_

// A fault of a run. In the slots of EACH_SLOT and on a LANE it acts when the program has armed it,
// elsewhere always.
#define FAULT(name, at, code, about_, ...) ROW(name, at, code, .about = about_, __VA_ARGS__)

#define PASSES .verdict = "pass"
#define PASSES_SAYING(what) .verdict = "pass", .reason = what
#define FAILS(how) .verdict = "fail", .reason = how
#define CRASHES(how) .verdict = "crash", .reason = how
#define HANGS .verdict = "hang", .reason = "still running at the deadline"
#define EXCEEDS(what) .verdict = "limit-exceeded", .reason = what
#define LEAKS(what) .verdict = "leak", .reason = what
#define FLAKY .verdict = "flaky"
#define BREAKS_AT_EXIT(how) .verdict = "broken-at-exit", .reason = how
#define HANGS_AT_EXIT BREAKS_AT_EXIT("still running at the deadline")
#define BLOCKED(why) .verdict = "blocked", .reason = why
#define NOT_RUN(why) .verdict = "not-run", .reason = why
#define DOES_NOT_START(why) .refusal = why
#define CRASHES_AT_START DOES_NOT_START("the process crashed while the runtime started")
#define EXITS_AT_START DOES_NOT_START("the process exited while the runtime started")
#define SILENT_AT_START DOES_NOT_START("ended without `hello`")
#define SLOW_AT_START DOES_NOT_START("sent no `hello` within 2 s")
#define LOSES_ITS_HOST CRASHES("the host process died while running it")
#define MAKES_ITS_HOST_FAIL(how) .verdict = "host-fault", .reason = "the host is at fault: " how
#define GIVES_NO_HANDLE BLOCKED("answered ok, and gave no handle")
#define QUICK .quick = 1

// A fault of the doctor's: it acts in every call, and one check finds it.
#define DEFECT(name, at, code, check_, seen_)                                                      \
  ROW(name, at, code, .severity = WRONG, .check = check_, .seen = seen_)
#define FATAL_DEFECT(name, at, code, check_, seen_)                                                \
  ROW(name, at, code, .severity = FATAL, .check = check_, .seen = seen_)
#define ODDITY(name, at, code, check_, seen_)                                                      \
  ROW(name, at, code, .severity = ODD, .check = check_, .seen = seen_)

// Says why on stderr, and aborts.
void give_up(const char* why);
// PEP554_FAILED.
void fail(struct call* call, const char* why);
// PEP554_RAISED, in no category.
void raise_error(struct call* call, const char* message);
// Whether a call's code has that text in it.
int holds(const struct call* call, const char* text);

// The option "state": a file, for faults that remember. "" without it.
extern const char* state_file;

#endif // PEP554_TESTING_ROWS_H
