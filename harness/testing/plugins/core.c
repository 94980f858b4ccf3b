#include "harness/testing/plugins/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct pep554_runtime the_runtime = {.lock = PTHREAD_MUTEX_INITIALIZER};

void answer(struct call* call, pep554_status_t status) {
  call->answered = 1;
  call->status = status;
}

pep554_status_t refuse(struct call* call, pep554_status_t status, pep554_category_t category,
                       const char* message) {
  call->status = status;
  call->answered = 0;
  plugin_at(REFUSING, call);
  if (call->answered)
    return call->status;
  const char* type = status == PEP554_RAISED ? "CoreError" : "";
  call->error->category = category;
  (void)snprintf(call->error->type, sizeof call->error->type, "%s", type);
  (void)snprintf(call->error->message, sizeof call->error->message, "%s", message);
  answer(call, status);
  plugin_at(REFUSED, call);
  return status;
}

int is(const struct call* call, const char* text) {
  return strlen(text) == call->size && memcmp(text, call->text, call->size) == 0;
}

// The fields of every call, and further ones.
#define CALL(slot_, runtime_, interpreter_, ...)                                                   \
  { .slot = (slot_), .runtime = (runtime_), .interpreter = (interpreter_), .error = __VA_ARGS__ }

// Whether the plugin has answered at that place.
static int answered(enum hook hook, struct call* call) {
  plugin_at(hook, call);
  return call->answered;
}

static pep554_status_t succeed(struct call* call) {
  call->status = PEP554_OK;
  plugin_at(SUCCEEDED, call);
  return call->status;
}

static pep554_status_t gone(struct call* call) {
  return refuse(call, PEP554_RAISED, PEP554_NOT_FOUND, "there is no such interpreter");
}

static pep554_interpreter_t* handle_of(struct pep554_interpreter* interpreter) {
  interpreter->released = 0;
  return interpreter;
}

static struct pep554_interpreter* add_interpreter(struct pep554_runtime* runtime) {
  pthread_mutex_lock(&runtime->lock);
  struct pep554_interpreter* made = NULL;
  if (runtime->count < MOST_INTERPRETERS) {
    made = &runtime->interpreters[runtime->count];
    made->id = runtime->count++;
    made->alive = 1;
  }
  pthread_mutex_unlock(&runtime->lock);
  return made;
}

static pep554_status_t start(const pep554_option_t* options, size_t count,
                             pep554_runtime_t** runtime, pep554_error_t* error) {
  struct call call =
      CALL(START, NULL, NULL, error, .options = options, .size = count, .started = runtime);
  if (answered(START, &call))
    return call.status;
  if (call.size > 0) {
    char message[160];
    (void)snprintf(message, sizeof message, "unknown option %.100s", call.options->key);
    return refuse(&call, PEP554_FAILED, PEP554_OTHER, message);
  }
  the_runtime.thread = pthread_self();
  the_runtime.process = getpid();
  add_interpreter(&the_runtime)->running = 1;
  *runtime = &the_runtime;
  return succeed(&call);
}

static pep554_status_t stop(pep554_runtime_t* runtime, pep554_error_t* error) {
  struct call call = CALL(STOP, runtime, NULL, error);
  return answered(STOP, &call) ? call.status : succeed(&call);
}

static pep554_status_t describe(pep554_runtime_t* runtime, pep554_fact_fn fact, void* context,
                                pep554_error_t* error) {
  struct call call = CALL(DESCRIBE, runtime, NULL, error, .fact = fact, .context = context);
  if (answered(DESCRIBE, &call))
    return call.status;
  static const char* const facts[][2] = {
      {"implementation", "memory"}, {"version", "1"},   {"build", "1"},
      {"platform", "any"},          {"module", "none"}, {"module_file", "none"}};
  for (size_t i = 0; i < sizeof facts / sizeof *facts; ++i) {
    call.key = facts[i][0];
    call.value = facts[i][1];
    call.answered = 0;
    if (!answered(FACT, &call))
      fact(context, call.key, call.value);
  }
  return succeed(&call);
}

static pep554_status_t enumerate(pep554_runtime_t* runtime, pep554_interpreter_t** interpreters,
                                 size_t capacity, size_t* count, pep554_error_t* error) {
  struct call call = CALL(ENUMERATE, runtime, NULL, error, .handles = interpreters,
                          .capacity = capacity, .length = count);
  if (answered(ENUMERATE, &call))
    return call.status;
  pthread_mutex_lock(&runtime->lock);
  size_t found = 0;
  for (int i = 0; i < runtime->count; ++i)
    found += runtime->interpreters[i].alive ? 1 : 0;
  for (int i = 0; found <= capacity && i < runtime->count; ++i)
    if (runtime->interpreters[i].alive)
      *interpreters++ = handle_of(&runtime->interpreters[i]);
  *count = found;
  pthread_mutex_unlock(&runtime->lock);
  return succeed(&call);
}

static pep554_status_t get(enum hook slot, pep554_runtime_t* runtime,
                           pep554_interpreter_t** interpreter, pep554_error_t* error) {
  struct call call = CALL(slot, runtime, NULL, error, .handles = interpreter);
  if (answered(slot, &call))
    return call.status;
  struct pep554_interpreter* got =
      slot == CREATE ? add_interpreter(runtime) : &runtime->interpreters[0];
  if (got == NULL)
    return refuse(&call, PEP554_RAISED, PEP554_OTHER, "no more room");
  *interpreter = handle_of(got);
  return succeed(&call);
}

static pep554_status_t get_current(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                                   pep554_error_t* error) {
  return get(GET_CURRENT, runtime, interpreter, error);
}

static pep554_status_t get_main(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                                pep554_error_t* error) {
  return get(GET_MAIN, runtime, interpreter, error);
}

static pep554_status_t create(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                              pep554_error_t* error) {
  return get(CREATE, runtime, interpreter, error);
}

static pep554_status_t construct(pep554_runtime_t* runtime, const char* id,
                                 pep554_interpreter_t** interpreter, pep554_error_t* error) {
  struct call call = CALL(CONSTRUCT, runtime, NULL, error, .text = id, .handles = interpreter);
  if (answered(CONSTRUCT, &call))
    return call.status;
  const long number = strtol(id, NULL, 10);
  if (number < 0 || number >= runtime->count)
    return gone(&call);
  *interpreter = handle_of(&runtime->interpreters[number]);
  return succeed(&call);
}

static pep554_status_t read_id(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                               char* buffer, size_t capacity, size_t* length,
                               pep554_error_t* error) {
  struct call call = CALL(READ_ID, runtime, interpreter, error, .buffer = buffer,
                          .capacity = capacity, .length = length);
  if (answered(READ_ID, &call))
    return call.status;
  char text[32];
  *length = (size_t)snprintf(text, sizeof text, id_format, interpreter->id);
  if (*length < capacity)
    memcpy(buffer, text, *length + 1);
  return succeed(&call);
}

static pep554_status_t write_id(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                                const char* id, pep554_error_t* error) {
  struct call call = CALL(WRITE_ID, runtime, interpreter, error, .text = id);
  return answered(WRITE_ID, &call)
             ? call.status
             : refuse(&call, PEP554_RAISED, PEP554_OTHER, "an id cannot be written");
}

static pep554_status_t is_running(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                                  int32_t* running, pep554_error_t* error) {
  struct call call = CALL(IS_RUNNING, runtime, interpreter, error, .running = running);
  if (answered(IS_RUNNING, &call))
    return call.status;
  *running = interpreter->running > 0;
  return succeed(&call);
}

static pep554_status_t destroy(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                               pep554_error_t* error) {
  struct call call = CALL(DESTROY, runtime, interpreter, error);
  if (answered(DESTROY, &call))
    return call.status;
  pthread_mutex_lock(&runtime->lock);
  const int was_alive = interpreter->alive;
  const int was_running = interpreter->running;
  if (!was_running)
    interpreter->alive = 0;
  pthread_mutex_unlock(&runtime->lock);
  if (was_running)
    return refuse(&call, PEP554_RAISED, PEP554_BUSY, "the interpreter is running");
  return was_alive ? succeed(&call) : gone(&call);
}

static pep554_status_t run(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                           const char* code, size_t size, pep554_error_t* error) {
  struct call call = CALL(RUN, runtime, interpreter, error, .text = code, .size = size);
  if (answered(RUN, &call))
    return call.status;
  if (!pthread_equal(pthread_self(), runtime->thread) && answered(LANE, &call))
    return call.status;
  if (!interpreter->alive)
    return gone(&call);
  ++interpreter->running;
  plugin_at(SCRIPT, &call);
  --interpreter->running;
  return call.answered ? call.status : succeed(&call);
}

static void release(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter) {
  struct call call = CALL(RELEASE, runtime, interpreter, NULL);
  if (!answered(RELEASE, &call))
    interpreter->released = 1;
}

static pep554_status_t eval(pep554_runtime_t* runtime, const char* source, size_t size,
                            pep554_error_t* error) {
  struct call call = CALL(EVAL, runtime, NULL, error, .text = source, .size = size);
  return answered(EVAL, &call) || answered(SCRIPT, &call) ? call.status : succeed(&call);
}

static void before_fork(pep554_runtime_t* runtime) {
  runtime->forking = 1;
  plugin_at(BEFORE_FORK, &(struct call)CALL(BEFORE_FORK, runtime, NULL, NULL));
}

static void after_fork_parent(pep554_runtime_t* runtime) {
  plugin_at(AFTER_FORK_PARENT, &(struct call)CALL(AFTER_FORK_PARENT, runtime, NULL, NULL));
}

static void after_fork_child(pep554_runtime_t* runtime) {
  runtime->forking = 0;
  plugin_at(AFTER_FORK_CHILD, &(struct call)CALL(AFTER_FORK_CHILD, runtime, NULL, NULL));
}

static pep554_status_t attach(pep554_runtime_t* runtime, void** state, pep554_error_t* error) {
  struct call call = CALL(ATTACH, runtime, NULL, error);
  if (answered(ATTACH, &call))
    return call.status;
  *state = NULL;
  return succeed(&call);
}

static void detach(pep554_runtime_t* runtime, void* state) {
  (void)state;
  plugin_at(DETACH, &(struct call)CALL(DETACH, runtime, NULL, NULL));
}

const pep554_eval_t evals = {eval};
const pep554_fork_t forks = {before_fork, after_fork_parent, after_fork_child};
const pep554_thread_t threads = {attach, detach};

static const void* get_extension(const char* name) {
  struct call call = CALL(GET_EXTENSION, NULL, NULL, NULL, .text = name);
  if (answered(GET_EXTENSION, &call))
    return call.table;
  if (strcmp(name, PEP554_EXT_EVAL) == 0)
    return &evals;
  if (strcmp(name, PEP554_EXT_FORK) == 0)
    return &forks;
  return strcmp(name, PEP554_EXT_THREAD) == 0 ? &threads : NULL;
}

__attribute__((constructor)) static void load(void) {
  plugin_at(LOAD, &(struct call)CALL(LOAD, NULL, NULL, NULL));
}

PEP554_EXPORT extern const pep554_plugin_t pep554_plugin;
const pep554_plugin_t pep554_plugin = {
    .size = sizeof(pep554_plugin_t),
    .abi_version = PEP554_ABI_VERSION,
    .name = plugin_name,
    .version = plugin_version,
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
