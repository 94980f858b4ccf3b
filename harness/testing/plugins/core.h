// The core of every test plugin: a correct implementation of the ABI without any Python, a table of
// interpreters in memory. A plugin is core.c and what it defines below.
#ifndef PEP554_TESTING_CORE_H
#define PEP554_TESTING_CORE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/types.h>

#include "harness/abi/pep554_plugin.h"
#include "harness/testing/plugins/hooks.h"

enum { MOST_INTERPRETERS = 4096 };

// A handle is the address of its interpreter; there is nothing to release. Any thread.
struct pep554_interpreter {
  int id;
  atomic_int alive;
  atomic_int running;  // how many threads execute its code
  atomic_int released; // since a handle of it was given
};

struct pep554_runtime {
  pthread_mutex_t lock; // of what adds, lists or takes interpreters
  pthread_t thread;     // that it was started on
  pid_t process;        // that it was started in
  atomic_int forking;   // before_fork was called, and no after_fork_child
  struct pep554_interpreter interpreters[MOST_INTERPRETERS];
  atomic_int count; // 0: not started
};

// A call as a hook sees it: the parameters of its slot, the others null.
struct call {
  enum hook slot;
  pep554_runtime_t* runtime;
  pep554_interpreter_t* interpreter;
  const char* text; // the code of run and eval, the id of construct, the name of get_extension
  size_t size;      // of the code; the number of options
  const pep554_option_t* options;
  pep554_runtime_t** started;
  pep554_interpreter_t** handles; // one, or `capacity` of them
  size_t capacity;
  size_t* length; // of enumerate: the count
  char* buffer;
  int32_t* running;
  pep554_fact_fn fact;
  void* context;
  const char *key, *value;
  pep554_error_t* error;
  // The hook's own answer, instead of what the slot would do.
  int answered;
  pep554_status_t status;
  const void* table; // of get_extension
};

// Each plugin defines these.
extern char plugin_name[16], plugin_version[8];
extern const char* const id_format; // for printf, e.g. "%d"
void plugin_at(enum hook hook, struct call* call);

extern struct pep554_runtime the_runtime;
extern const pep554_eval_t evals;
extern const pep554_fork_t forks;
extern const pep554_thread_t threads;

// Ends the call in a hook.
void answer(struct call* call, pep554_status_t status);
// The same, with an error record.
pep554_status_t refuse(struct call* call, pep554_status_t status, pep554_category_t category,
                       const char* message);
// Whether a call's text is exactly that.
int is(const struct call* call, const char* text);

#endif // PEP554_TESTING_CORE_H
