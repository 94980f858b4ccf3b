// A plugin that is healthy but for one fault, named by the environment's PEP554_SICK, for tests of
// the examination. Like the fake plugin it has no Python: of code it knows "1/0" and "raise".
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <unwind.h>

#include "harness/abi/pep554_plugin.h"

enum { MOST = 128 };

// A handle is the address of its interpreter; there is nothing to release. Any thread.
struct pep554_interpreter {
  atomic_int id;
  atomic_int alive;
  atomic_int released;
};

struct pep554_runtime {
  struct pep554_interpreter interpreters[MOST];
  atomic_int count;
};

static struct pep554_runtime the_runtime;
static pthread_t the_thread;
static pid_t the_process;
static atomic_int inside_run;
static atomic_int described, ids_read, attached, evaluated, forked, stopped;

static int sick(const char* fault) {
  const char* name = getenv("PEP554_SICK");
  return name != NULL && strcmp(name, fault) == 0;
}

static pep554_status_t give_up(const char* why) {
  (void)fprintf(stderr, "sick plugin: %s\n", why);
  abort();
}

static pep554_status_t refuse(pep554_status_t status, pep554_error_t* error, int32_t category,
                              const char* type, const char* message) {
  if (sick("record-unfilled"))
    return status;
  error->category = sick("category-unknown") ? 77 : category;
  (void)snprintf(error->type, sizeof error->type, "%s", type);
  (void)snprintf(error->message, sizeof error->message, "%s", message);
  if (sick("record-size"))
    error->size = 0;
  if (sick("message-unterminated"))
    memset(error->message, 'm', sizeof error->message);
  if (sick("record-overrun"))
    memset((char*)error + sizeof *error, 0, 16);
  if (sick("message-not-utf8"))
    (void)snprintf(error->message, sizeof error->message, "caf\xe9");
  return status;
}

static pep554_status_t raise_error(pep554_error_t* error, int32_t category, const char* message) {
  return refuse(PEP554_RAISED, error, category, "SickError", message);
}

static pep554_status_t fail(pep554_error_t* error, const char* message) {
  return refuse(PEP554_FAILED, error, PEP554_OTHER, "", message);
}

static pep554_status_t ok(pep554_error_t* error) {
  if (sick("record-cleared"))
    memset(error->message, 0, sizeof error->message);
  return PEP554_OK;
}

static void throw_something(void) {
  static struct _Unwind_Exception exception;
  memcpy(&exception.exception_class, "SICKSICK", 8);
  (void)_Unwind_RaiseException(&exception);
}

static void* idle(void* nothing) {
  while (1)
    pause();
  return nothing;
}

static void spoil_the_process(void) {
  pthread_t thread;
  if (sick("start-thread"))
    pthread_create(&thread, NULL, idle, NULL);
  if (sick("start-process") && fork() == 0)
    idle(NULL);
  if (sick("start-output"))
    puts("hello");
  if (sick("start-signal"))
    (void)signal(SIGTERM, SIG_IGN);
  if (sick("start-directory") && chdir("/") != 0)
    abort();
}

static pep554_status_t start(const pep554_option_t* options, size_t count,
                             pep554_runtime_t** runtime, pep554_error_t* error) {
  (void)options;
  if (sick("start-crashes"))
    give_up("start");
  if (sick("start-fails"))
    return fail(error, "there is no runtime here");
  if (count > 0 && sick("reason-of-two-lines"))
    return fail(error, "one line\nanother");
  if (count > 0 && sick("option-raises"))
    return raise_error(error, PEP554_OTHER, "unknown option");
  if (count > 0 && !sick("option-taken"))
    return fail(error, "there are no options");
  the_thread = pthread_self();
  the_process = getpid();
  the_runtime.interpreters[0].alive = 1;
  the_runtime.count = 1;
  spoil_the_process();
  if (!sick("runtime-unwritten"))
    *runtime = sick("runtime-null") ? NULL : &the_runtime;
  return ok(error);
}

static void crash_at_exit(void) {
  if (stopped)
    give_up("exit");
}

static pep554_status_t stop(pep554_runtime_t* runtime, pep554_error_t* error) {
  (void)runtime;
  if (sick("stop-fails"))
    return fail(error, "it goes on");
  stopped = 1;
  if (sick("exit-crashes"))
    (void)atexit(crash_at_exit);
  return ok(error);
}

static pep554_status_t describe(pep554_runtime_t* runtime, pep554_fact_fn fact, void* context,
                                pep554_error_t* error) {
  (void)runtime;
  if (sick("describe-fails"))
    return fail(error, "it is beyond words");
  fact(context, "implementation", "sick");
  if (sick("fact-twice"))
    fact(context, "implementation", "sick");
  if (!sick("fact-missing"))
    fact(context, "version", "1");
  fact(context, "build", sick("fact-changes") && described++ > 0 ? "another" : "one");
  fact(context, "platform", sick("fact-not-utf8") ? "\xff" : "any");
  fact(context, "module", "none");
  fact(context, "module_file", "none");
  return ok(error);
}

static pep554_interpreter_t* handle_of(struct pep554_interpreter* interpreter) {
  interpreter->released = 0;
  return interpreter;
}

static pep554_status_t enumerate(pep554_runtime_t* runtime, pep554_interpreter_t** interpreters,
                                 size_t capacity, size_t* count, pep554_error_t* error) {
  size_t found = 0;
  for (int i = 0; i < runtime->count; ++i)
    found += runtime->interpreters[i].alive ? 1 : 0;
  *count = sick("count-cut") && found > capacity ? capacity : found;
  if (found > capacity && !sick("enumerate-partial"))
    return ok(error);
  size_t written = 0;
  for (int i = 0; i < runtime->count; ++i)
    if (runtime->interpreters[i].alive && written < capacity)
      interpreters[written++] = handle_of(&runtime->interpreters[i]);
  if (sick("enumerate-null-at-end"))
    interpreters[written] = NULL;
  return ok(error);
}

static pep554_status_t get_main(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                                pep554_error_t* error) {
  if (sick("record-written-first"))
    (void)snprintf(error->type, sizeof error->type, "nothing yet");
  *interpreter = handle_of(&runtime->interpreters[0]);
  return ok(error);
}

static pep554_status_t get_current(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                                   pep554_error_t* error) {
  if (sick("current-unwritten"))
    return ok(error);
  if (sick("current-null")) {
    *interpreter = NULL;
    return ok(error);
  }
  if (sick("thread-fails") && !pthread_equal(pthread_self(), the_thread))
    return fail(error, "this thread is a stranger");
  return get_main(runtime, interpreter, error);
}

static pep554_status_t create(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                              pep554_error_t* error) {
  if (sick("create-crashes"))
    give_up("create");
  if (sick("create-throws"))
    throw_something();
  if (sick("fork-child-fails") && getpid() != the_process)
    return fail(error, "this process is a stranger");
  if (sick("fork-parent-fails") && forked)
    return fail(error, "it is not over that fork yet");
  const int id = runtime->count++;
  if (id >= MOST)
    return raise_error(error, PEP554_OTHER, "no more room");
  runtime->interpreters[id].id = id;
  runtime->interpreters[id].alive = 1;
  *interpreter = handle_of(&runtime->interpreters[id]);
  return ok(error);
}

static pep554_status_t construct(pep554_runtime_t* runtime, const char* id,
                                 pep554_interpreter_t** interpreter, pep554_error_t* error) {
  const long number = strtol(id, NULL, 10);
  if (sick("id-out-of-range") && (number < 0 || number > 255))
    return fail(error, "not a number");
  if (number < 0 || number >= runtime->count) {
    if (sick("out-on-failure"))
      *interpreter = NULL;
    return raise_error(error, PEP554_NOT_FOUND, "no such interpreter");
  }
  *interpreter = handle_of(&runtime->interpreters[sick("construct-is-main") ? 0 : number]);
  return ok(error);
}

static pep554_status_t read_id(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                               char* buffer, size_t capacity, size_t* length,
                               pep554_error_t* error) {
  (void)runtime;
  if (sick("handle-shared") && interpreter->released)
    give_up("this handle was released");
  if (sick("handle-dies") && !interpreter->alive)
    give_up("this interpreter is gone");
  char text[32];
  const char* form = sick("id-changes") && ids_read++ % 2 != 0 ? "%05d" : "%04d";
  *length = (size_t)snprintf(text, sizeof text, form, interpreter->id);
  if (sick("id-length-with-nul"))
    ++*length;
  if (*length < capacity) {
    memcpy(buffer, text, *length + (sick("id-without-nul") ? 0 : 1));
    if (sick("id-overrun"))
      buffer[capacity] = '\0';
  } else if (sick("id-cut") && capacity > 0) {
    (void)snprintf(buffer, capacity, "%s", text);
  }
  return ok(error);
}

static pep554_status_t write_id(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                                const char* id, pep554_error_t* error) {
  (void)runtime;
  (void)interpreter;
  (void)id;
  if (sick("write-id-lacking"))
    return refuse(PEP554_UNSUPPORTED, error, PEP554_OTHER, "", "there is no id to write");
  return raise_error(error, PEP554_OTHER, "the id cannot be written");
}

static pep554_status_t is_running(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                                  int32_t* running, pep554_error_t* error) {
  (void)runtime;
  if (sick("is-running-fails"))
    return fail(error, "who knows");
  *running = sick("truth-of-two") ? 2 : interpreter->id == 0;
  return ok(error);
}

static pep554_status_t destroy(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                               pep554_error_t* error) {
  (void)runtime;
  if (sick("status-unknown"))
    return (pep554_status_t)9;
  if (!interpreter->alive)
    return raise_error(error, PEP554_NOT_FOUND, "no such interpreter");
  interpreter->alive = 0;
  return ok(error);
}

static int holds(const char* code, size_t size, const char* word) {
  return memmem(code, size, word, strlen(word)) != NULL;
}

// What a script says of itself, longer than a record has room for and cut within a character.
static pep554_status_t script_failed(pep554_error_t* error) {
  char text[2000];
  for (size_t i = 0; i + 1 < sizeof text; ++i)
    text[i] = "\xc3\xa9"[i % 2];
  text[sick("message-cut") ? PEP554_MESSAGE_SIZE - 1 : PEP554_MESSAGE_SIZE - 2] = '\0';
  return raise_error(error, PEP554_SCRIPT_FAILED, text);
}

static void overlap(void) {
  if (inside_run++ > 0)
    give_up("two threads at once");
  usleep(20000);
  --inside_run;
}

static pep554_status_t run(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                           const char* code, size_t size, pep554_error_t* error) {
  (void)runtime;
  if (sick("run-hangs"))
    idle(NULL);
  if (sick("run-not-thread-safe"))
    overlap();
  if (size == 0 && sick("run-needs-code"))
    return fail(error, "no code");
  if (size > 0 && sick("run-strlen"))
    size = strlen(code);
  if (sick("run-refuses-nul") && memchr(code, '\0', size) != NULL)
    return fail(error, "NUL");
  if (!interpreter->alive)
    return raise_error(error, PEP554_NOT_FOUND, "no such interpreter");
  return holds(code, size, "raise") ? script_failed(error) : ok(error);
}

static void release(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter) {
  (void)runtime;
  interpreter->released = 1;
}

static pep554_status_t eval(pep554_runtime_t* runtime, const char* source, size_t size,
                            pep554_error_t* error) {
  (void)runtime;
  if (sick("eval-lacking"))
    return refuse(PEP554_UNSUPPORTED, error, PEP554_OTHER, "", "no eval");
  if (size > 0 && sick("eval-strlen"))
    size = strlen(source);
  if (holds(source, size, "doctor_was_here ="))
    evaluated = 1;
  else if (holds(source, size, "doctor_was_here") && (!evaluated || sick("eval-forgets")))
    return raise_error(error, PEP554_OTHER, "there is no such name");
  if (holds(source, size, "interpreters") && sick("eval-without-module"))
    return raise_error(error, PEP554_OTHER, "there is no such name");
  if ((holds(source, size, "raise") || holds(source, size, "1/0")) && !sick("eval-swallows"))
    return script_failed(error);
  return ok(error);
}

static pep554_status_t attach(pep554_runtime_t* runtime, void** state, pep554_error_t* error) {
  (void)runtime;
  if (sick("attach-once") && attached++ > 0)
    return fail(error, "one thread is enough");
  *state = NULL;
  return ok(error);
}

static void detach(pep554_runtime_t* runtime, void* state) {
  (void)runtime;
  (void)state;
}

static void before_fork(pep554_runtime_t* runtime) {
  (void)runtime;
  forked = 1;
}

static void after_fork_parent(pep554_runtime_t* runtime) {
  (void)runtime;
}

static void after_fork_child(pep554_runtime_t* runtime) {
  (void)runtime;
  forked = 0;
  if (sick("fork-hook-crashes"))
    give_up("fork");
}

static const void* get_extension(const char* name) {
  static const pep554_eval_t evals = {eval};
  static const pep554_fork_t forks = {before_fork, after_fork_parent, after_fork_child};
  static const pep554_fork_t hollow = {before_fork, NULL, after_fork_child};
  static const pep554_thread_t threads[2] = {{attach, detach}, {attach, detach}};
  static int asked;
  if (sick("extension-needs-runtime") && the_runtime.count == 0)
    give_up("there is no runtime yet");
  if (sick("extension-by-prefix") && strncmp(name, PEP554_EXT_EVAL, 11) == 0)
    return &evals;
  if (strcmp(name, PEP554_EXT_EVAL) == 0)
    return &evals;
  if (strcmp(name, PEP554_EXT_FORK) == 0)
    return sick("extension-hollow") ? &hollow : &forks;
  if (strcmp(name, PEP554_EXT_THREAD) == 0 && !sick("handle-shared") && !sick("thread-unclaimed"))
    return &threads[sick("extension-moves") ? asked++ % 2 : 0];
  return NULL;
}

// Not const, so that they can be sick.
static char the_name[8] = "sick";
static char the_version[8] = "1";

const pep554_plugin_t pep554_plugin = {
    .size = sizeof(pep554_plugin_t),
    .abi_version = PEP554_ABI_VERSION,
    .name = the_name,
    .version = the_version,
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

__attribute__((constructor)) static void spoil_the_table(void) {
  if (sick("load-crashes"))
    give_up("load");
  if (sick("name-not-utf8"))
    memcpy(the_name, "caf\xe9", 5);
  if (sick("version-empty"))
    the_version[0] = '\0';
}
