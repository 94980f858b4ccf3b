/* Judges a target case by case, from a program of yours. C11 and C++11; for GoogleTest include
 * pep554/suite.h, which is made of this.
 *
 * Link libpep554-suite.so (CMake: pep554::suite). It finds the suite, the host, the jail and the
 * plugins in the prefix that it is installed in.
 *
 * THREADS. One thread at a time may use a suite. Calls start and wait for child processes of yours
 * by their numbers; they touch no child that you start. A call of yours that waits for any child
 * (wait, waitpid(-1)) beside a call of these takes their children away.
 *
 * THE PROCESS. pep554_suite_open raises the soft limits of descriptors and stack, which hosts
 * inherit. The environment variables PEP554_JAIL, PEP554_NETWORK, PEP554_ENV and PEP554_READABLE
 * are read when a host starts, as by `pep554` (its options --network, --env and --readable set
 * them).
 *
 * STRINGS are UTF-8 and end with a null byte. Those that a call returns belong to the suite. */
#ifndef PEP554_SUITE_H
#define PEP554_SUITE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pep554_suite pep554_suite_t;

/* Zero-initialise it, and set `size`. A value that is 0 stands for the default. */
typedef struct {
  size_t size;        /* sizeof(pep554_suite_options_t) */
  const char* target; /* as `pep554 run --target` takes it; default: the reference */
  const char*
      filter; /* as `pep554 run --filter`, for properties by their id property.NAME; default: all */
  double timeout_seconds; /* of each program; default: the case's own */
  uint32_t repeat;        /* executions of each case; default: 1 */
  uint32_t examples; /* of all properties together, as `pep554 run --examples`; default: properties
                        are no items */
  uint64_t seed;     /* of the examples */
} pep554_suite_options_t;

typedef struct {
  const char* id;      /* "destroy.twice" or "property.ids-differ" */
  const char* title;   /* the sentence that is tested */
  const char* clauses; /* ids of the judged clauses, separated by ", " */
  const char* file;    /* where it is written: an absolute path */
  uint32_t line;       /* from 1 on */
} pep554_suite_item_t;

typedef enum {
  PEP554_SUITE_PASSED = 0,  /* it passed; or only open clauses are cited, and it was observed */
  PEP554_SUITE_FAILED = 1,  /* the target failed it, or no result was obtained */
  PEP554_SUITE_SKIPPED = 2, /* the target does not support it: this is no pass */
} pep554_suite_outcome_t;

typedef struct {
  pep554_suite_outcome_t outcome;
  const char* verdict; /* "pass", "fail", "crash", "hang", "unsupported", ... */
  const char* reason;  /* one sentence; may be empty for a pass */
  const char* details; /* lines: steps, attempts, stacks, output, and the command that repeats it */
  int64_t microseconds;
} pep554_suite_result_t;

/* Reads the suite. Starts nothing. NULL when the options or the installation are wrong, or no item
 * is selected; `error`, if it has room (`error_size` bytes), is then one line. */
pep554_suite_t* pep554_suite_open(const pep554_suite_options_t* options, char* error,
                                  size_t error_size);

/* Ends all hosts, and frees everything that calls returned. NULL is no error. */
void pep554_suite_close(pep554_suite_t* suite);

/* The items: cases in the order of their tables, then properties. Valid until the suite is closed.
 */
size_t pep554_suite_count(const pep554_suite_t* suite);
const pep554_suite_item_t* pep554_suite_item(const pep554_suite_t* suite, size_t index);

/* Judges one item, with retries, and returns when its result is settled. The target is started when
 * it is first needed, and stays for the next case. Never NULL. Valid until the next call of this,
 * or of pep554_suite_close. */
const pep554_suite_result_t* pep554_suite_run(pep554_suite_t* suite, size_t index);

/* Ends all hosts. The next run starts one again. */
void pep554_suite_end_hosts(pep554_suite_t* suite);

#ifdef __cplusplus
}
#endif

#endif
