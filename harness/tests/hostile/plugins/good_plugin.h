// A correct plugin in a few lines, without any Python: a table of interpreters in memory. A hostile
// plugin defines one of the hooks below, and includes this; then it is correct but for that fault.
//
//   ON_LOAD, ON_START, ON_DESCRIBE, ON_GET_EXTENSION, ON_BEFORE_FORK, ON_AFTER_FORK_PARENT,
//   ON_AFTER_FORK_CHILD, ON_ATTACH, ON_DETACH     happen whenever the slot is called
//   ON_ENUMERATE, ON_GET_CURRENT, ON_GET_MAIN, ON_CREATE, ON_CONSTRUCT, ON_READ_ID, ON_WRITE_ID,
//   ON_IS_RUNNING, ON_DESTROY, ON_RUN, ON_RELEASE, ON_EVAL, ON_STOP, ON_LANE     happen when armed
//   ON_EACH_SLOT     in each slot of the second line but ON_LANE, when it is armed
//
// A hook is a statement in the slot's function, with the slot's parameters at hand. eval knows one
// sentence, "arm SLOT", after which the hook of that slot works in this process: so a program meets
// the fault in the call that it means. ON_LANE is in run, on another thread than the runtime's.
// Code of run that is "fail" raises; all other code, of eval too, does nothing.
#ifndef PEP554_GOOD_PLUGIN_H
#define PEP554_GOOD_PLUGIN_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/abi/pep554_plugin.h"

#ifndef ON_LOAD
#define ON_LOAD
#endif
#ifndef ON_START
#define ON_START
#endif
#ifndef ON_DESCRIBE
#define ON_DESCRIBE
#endif
#ifndef ON_GET_EXTENSION
#define ON_GET_EXTENSION
#endif
#ifndef ON_BEFORE_FORK
#define ON_BEFORE_FORK
#endif
#ifndef ON_AFTER_FORK_PARENT
#define ON_AFTER_FORK_PARENT
#endif
#ifndef ON_AFTER_FORK_CHILD
#define ON_AFTER_FORK_CHILD
#endif
#ifndef ON_ATTACH
#define ON_ATTACH
#endif
#ifndef ON_DETACH
#define ON_DETACH
#endif
#ifndef ON_ENUMERATE
#define ON_ENUMERATE
#endif
#ifndef ON_GET_CURRENT
#define ON_GET_CURRENT
#endif
#ifndef ON_GET_MAIN
#define ON_GET_MAIN
#endif
#ifndef ON_CREATE
#define ON_CREATE
#endif
#ifndef ON_CONSTRUCT
#define ON_CONSTRUCT
#endif
#ifndef ON_READ_ID
#define ON_READ_ID
#endif
#ifndef ON_WRITE_ID
#define ON_WRITE_ID
#endif
#ifndef ON_IS_RUNNING
#define ON_IS_RUNNING
#endif
#ifndef ON_DESTROY
#define ON_DESTROY
#endif
#ifndef ON_RUN
#define ON_RUN
#endif
#ifndef ON_RELEASE
#define ON_RELEASE
#endif
#ifndef ON_EVAL
#define ON_EVAL
#endif
#ifndef ON_STOP
#define ON_STOP
#endif
#ifndef ON_LANE
#define ON_LANE
#endif
#ifndef ON_EACH_SLOT
#define ON_EACH_SLOT
#endif

#define UNUSED __attribute__((unused))
#define WHEN_ARMED(slot, misdeed)                                                                  \
  if (armed(slot)) {                                                                               \
    ON_EACH_SLOT;                                                                                  \
    misdeed;                                                                                       \
  }

enum { MOST_INTERPRETERS = 4096 };

// A handle is the address of its interpreter; there is nothing to release.
struct pep554_interpreter {
  int id;
  int alive;
  int running;
};

struct pep554_runtime {
  pthread_mutex_t lock; // of everything below, held only for a moment
  pthread_t thread;     // the runtime's
  struct pep554_interpreter interpreters[MOST_INTERPRETERS];
  int count;
};

static struct pep554_runtime the_runtime = {.lock = PTHREAD_MUTEX_INITIALIZER};
static char armed_slot[32];                // "" when none is
UNUSED static const char* state_file = ""; // the option "state": a file for faults that remember

static int armed(const char* slot) {
  return strcmp(armed_slot, slot) == 0;
}

// The function's own error, as the implementation's.
static pep554_status_t raised(pep554_error_t* error, int32_t category, const char* message) {
  error->category = category;
  (void)snprintf(error->type, sizeof error->type, "GoodError");
  (void)snprintf(error->message, sizeof error->message, "%s", message);
  return PEP554_RAISED;
}

static pep554_status_t gone(pep554_error_t* error) {
  return raised(error, PEP554_NOT_FOUND, "there is no such interpreter");
}

static struct pep554_interpreter* add_interpreter(struct pep554_runtime* runtime) {
  pthread_mutex_lock(&runtime->lock);
  struct pep554_interpreter* made = NULL;
  if (runtime->count < MOST_INTERPRETERS) {
    made = &runtime->interpreters[runtime->count];
    *made = (struct pep554_interpreter){.id = runtime->count++, .alive = 1};
  }
  pthread_mutex_unlock(&runtime->lock);
  return made;
}

static pep554_status_t start(const pep554_option_t* options, size_t count,
                             pep554_runtime_t** runtime, pep554_error_t* error) {
  for (size_t i = 0; i < count; ++i) {
    if (strcmp(options[i].key, "state") != 0) {
      (void)snprintf(error->message, sizeof error->message,
                     "option %.100s is not known: expected state=FILE", options[i].key);
      return PEP554_FAILED;
    }
    state_file = strdup(options[i].value); // lives as long as the process
  }
  ON_START;
  the_runtime.thread = pthread_self();
  add_interpreter(&the_runtime)->running = 1;
  *runtime = &the_runtime;
  return PEP554_OK;
}

static pep554_status_t stop(UNUSED pep554_runtime_t* runtime, UNUSED pep554_error_t* error) {
  WHEN_ARMED("stop", ON_STOP)
  return PEP554_OK;
}

static pep554_status_t describe(UNUSED pep554_runtime_t* runtime, pep554_fact_fn fact,
                                void* context, UNUSED pep554_error_t* error) {
  ON_DESCRIBE;
  static const char* const facts[][2] = {
      {"implementation", "good"}, {"version", "1"},   {"build", "1"},
      {"platform", "any"},        {"module", "none"}, {"module_file", "none"}};
  for (size_t i = 0; i < sizeof facts / sizeof *facts; ++i)
    fact(context, facts[i][0], facts[i][1]);
  return PEP554_OK;
}

static pep554_status_t enumerate(pep554_runtime_t* runtime, pep554_interpreter_t** interpreters,
                                 size_t capacity, size_t* count, UNUSED pep554_error_t* error) {
  WHEN_ARMED("enumerate", ON_ENUMERATE)
  pthread_mutex_lock(&runtime->lock);
  size_t found = 0;
  for (int i = 0; i < runtime->count; ++i)
    found += runtime->interpreters[i].alive ? 1 : 0;
  for (int i = 0; found <= capacity && i < runtime->count; ++i)
    if (runtime->interpreters[i].alive)
      *interpreters++ = &runtime->interpreters[i];
  *count = found;
  pthread_mutex_unlock(&runtime->lock);
  return PEP554_OK;
}

static pep554_status_t get_current(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                                   UNUSED pep554_error_t* error) {
  WHEN_ARMED("get_current", ON_GET_CURRENT)
  *interpreter = &runtime->interpreters[0];
  return PEP554_OK;
}

static pep554_status_t get_main(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                                UNUSED pep554_error_t* error) {
  WHEN_ARMED("get_main", ON_GET_MAIN)
  *interpreter = &runtime->interpreters[0];
  return PEP554_OK;
}

static pep554_status_t create(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                              pep554_error_t* error) {
  WHEN_ARMED("create", ON_CREATE)
  struct pep554_interpreter* made = add_interpreter(runtime);
  if (made == NULL)
    return raised(error, PEP554_OTHER, "no more room");
  *interpreter = made;
  return PEP554_OK;
}

static pep554_status_t construct(pep554_runtime_t* runtime, const char* id,
                                 pep554_interpreter_t** interpreter, pep554_error_t* error) {
  WHEN_ARMED("construct", ON_CONSTRUCT)
  const long number = strtol(id, NULL, 10);
  if (number < 0 || number >= runtime->count || !runtime->interpreters[number].alive)
    return gone(error);
  *interpreter = &runtime->interpreters[number];
  return PEP554_OK;
}

static pep554_status_t read_id(UNUSED pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                               char* buffer, size_t capacity, size_t* length,
                               UNUSED pep554_error_t* error) {
  WHEN_ARMED("read_id", ON_READ_ID)
  char text[32];
  *length = (size_t)snprintf(text, sizeof text, "%d", interpreter->id);
  if (*length < capacity)
    memcpy(buffer, text, *length + 1);
  return PEP554_OK;
}

static pep554_status_t write_id(UNUSED pep554_runtime_t* runtime,
                                UNUSED pep554_interpreter_t* interpreter, UNUSED const char* id,
                                pep554_error_t* error) {
  WHEN_ARMED("write_id", ON_WRITE_ID)
  return raised(error, PEP554_OTHER, "an id cannot be written");
}

static pep554_status_t is_running(UNUSED pep554_runtime_t* runtime,
                                  pep554_interpreter_t* interpreter, int32_t* running,
                                  UNUSED pep554_error_t* error) {
  WHEN_ARMED("is_running", ON_IS_RUNNING)
  pthread_mutex_lock(&runtime->lock);
  *running = interpreter->running;
  pthread_mutex_unlock(&runtime->lock);
  return PEP554_OK;
}

static pep554_status_t destroy(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                               pep554_error_t* error) {
  WHEN_ARMED("destroy", ON_DESTROY)
  pthread_mutex_lock(&runtime->lock);
  const int was_alive = interpreter->alive;
  const int was_running = interpreter->running;
  if (!was_running)
    interpreter->alive = 0;
  pthread_mutex_unlock(&runtime->lock);
  if (was_running)
    return raised(error, PEP554_BUSY, "the interpreter is running");
  return was_alive ? PEP554_OK : gone(error);
}

static void set_running(struct pep554_runtime* runtime, struct pep554_interpreter* interpreter,
                        int running) {
  pthread_mutex_lock(&runtime->lock);
  interpreter->running = running;
  pthread_mutex_unlock(&runtime->lock);
}

static pep554_status_t run(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                           const char* code, size_t size, pep554_error_t* error) {
  WHEN_ARMED("run", ON_RUN)
  if (armed("lane") && !pthread_equal(pthread_self(), runtime->thread)) {
    ON_LANE;
  }
  if (!interpreter->alive)
    return gone(error);
  set_running(runtime, interpreter, 1);
  const int fails = size == 4 && memcmp(code, "fail", size) == 0;
  set_running(runtime, interpreter, 0);
  return fails ? raised(error, PEP554_SCRIPT_FAILED, "the code failed") : PEP554_OK;
}

static void release(UNUSED pep554_runtime_t* runtime, UNUSED pep554_interpreter_t* interpreter) {
  WHEN_ARMED("release", ON_RELEASE)
}

static pep554_status_t eval(UNUSED pep554_runtime_t* runtime, const char* source, size_t size,
                            UNUSED pep554_error_t* error) {
  WHEN_ARMED("eval", ON_EVAL)
  static const char arm[] = "arm ";
  const size_t word = sizeof arm - 1;
  if (size >= word && memcmp(source, arm, word) == 0)
    (void)snprintf(armed_slot, sizeof armed_slot, "%.*s", (int)(size - word), source + word);
  return PEP554_OK;
}

static void before_fork(UNUSED pep554_runtime_t* runtime) {
  ON_BEFORE_FORK;
}

static void after_fork_parent(UNUSED pep554_runtime_t* runtime) {
  ON_AFTER_FORK_PARENT;
}

static void after_fork_child(UNUSED pep554_runtime_t* runtime) {
  ON_AFTER_FORK_CHILD;
}

static pep554_status_t attach(UNUSED pep554_runtime_t* runtime, void** state,
                              UNUSED pep554_error_t* error) {
  ON_ATTACH;
  *state = NULL;
  return PEP554_OK;
}

static void detach(UNUSED pep554_runtime_t* runtime, UNUSED void* state) {
  ON_DETACH;
}

static const void* get_extension(const char* name) {
  static const pep554_eval_t evals = {eval};
  static const pep554_fork_t forks = {before_fork, after_fork_parent, after_fork_child};
  static const pep554_thread_t threads = {attach, detach};
  ON_GET_EXTENSION;
  if (strcmp(name, PEP554_EXT_EVAL) == 0)
    return &evals;
  if (strcmp(name, PEP554_EXT_FORK) == 0)
    return &forks;
  return strcmp(name, PEP554_EXT_THREAD) == 0 ? &threads : NULL;
}

__attribute__((constructor)) static void load(void) {
  ON_LOAD;
}

const pep554_plugin_t pep554_plugin = {
    .size = sizeof(pep554_plugin_t),
    .abi_version = PEP554_ABI_VERSION,
    .name = "good",
    .version = "1",
    .start = start,
    .stop = stop,
    .describe = describe,
    .enumerate = enumerate,
    .get_current = get_current,
    .get_main = get_main,
    .create = create,
    .construct = construct,
    .read_id = read_id,
    .write_id = write_id,
    .is_running = is_running,
    .destroy = destroy,
    .run = run,
    .release = release,
    .get_extension = get_extension,
};

#endif // PEP554_GOOD_PLUGIN_H
