// A plugin for pep554, to be copied and filled in. It is complete as it stands: its runtime is a
// table of interpreters in memory, which can be created, found and destroyed, and cannot execute
// code. YOURS marks what becomes a call of your implementation; slots for what yours lacks answer
// PEP554_UNSUPPORTED, as run does here. The contract of every slot is in pep554_plugin.h.
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pep554_plugin.h"
#pragma GCC diagnostic ignored "-Wunused-parameter" // not every slot needs all that it is given

enum { MOST = 1000 };

// YOURS: a handle, which is one reference. Here nothing is ever freed, so that all are one pointer.
struct pep554_interpreter {
  atomic_int alive;
};

// YOURS: the runtime. Several threads call at once: hold no lock while your implementation works.
struct pep554_runtime {
  atomic_long count;
  struct pep554_interpreter all[MOST]; // by id; the first is the main interpreter
};
static struct pep554_runtime the_runtime = {1, {{1}}};

typedef pep554_status_t Status;
typedef pep554_runtime_t Runtime;
typedef pep554_interpreter_t Handle;
typedef pep554_error_t Error;

// YOURS: a category only where your implementation names it; the exception's type; its message.
static Status refuse(Error* error, Status status, int category, const char* type, const char* why) {
  error->category = category;
  (void)snprintf(error->type, sizeof error->type, "%s", type);
  (void)snprintf(error->message, sizeof error->message, "%s", why);
  return status;
}

static Status gone(Error* error) {
  return refuse(error, PEP554_RAISED, PEP554_NOT_FOUND, "LookupError", "no such interpreter");
}

// YOURS: start the runtime. The options are those of `--target plugin:FILE,key=value`.
static Status start(const pep554_option_t* options, size_t count, Runtime** runtime, Error* error) {
  if (count > 0)
    return refuse(error, PEP554_FAILED, PEP554_OTHER, "", "there are no options");
  *runtime = &the_runtime;
  return PEP554_OK;
}

static Status stop(Runtime* runtime, Error* error) {
  return PEP554_OK; // YOURS: what the runtime does at the end of a process
}

static Status describe(Runtime* runtime, pep554_fact_fn fact, void* context, Error* error) {
  fact(context, "implementation", "template"); // YOURS: facts that identify this runtime
  fact(context, "version", "1.0");
  fact(context, "build", "as copied");
  fact(context, "platform", "any");
  fact(context, "module", "none");
  fact(context, "module_file", "none");
  return PEP554_OK;
}

static Status enumerate(Runtime* runtime, Handle** handles, size_t capacity, size_t* count,
                        Error* error) {
  Handle* alive[MOST]; // YOURS: interpreters.enumerate()
  *count = 0;
  for (int id = 0; id < MOST; ++id)
    if (runtime->all[id].alive)
      alive[(*count)++] = &runtime->all[id];
  if (*count <= capacity)
    memcpy(handles, alive, *count * sizeof *alive);
  return PEP554_OK;
}

// YOURS: get_main(). Here it is get_current() too, since no other interpreter can execute code.
static Status get_main(Runtime* runtime, Handle** handle, Error* error) {
  *handle = &runtime->all[0];
  return PEP554_OK;
}

static Status create(Runtime* runtime, Handle** handle, Error* error) {
  const long id = runtime->count++; // YOURS: interpreters.create()
  if (id >= MOST)
    return refuse(error, PEP554_RAISED, PEP554_OTHER, "MemoryError", "the table is full");
  runtime->all[id].alive = 1;
  *handle = &runtime->all[id];
  return PEP554_OK;
}

static Status construct(Runtime* runtime, const char* id, Handle** handle, Error* error) {
  char* end = NULL; // YOURS: interpreters.Interpreter(id)
  const long number = strtol(id, &end, 10);
  if (*end != '\0' || number < 0 || number >= MOST || !runtime->all[number].alive)
    return gone(error);
  *handle = &runtime->all[number];
  return PEP554_OK;
}

static Status read_id(Runtime* runtime, Handle* handle, char* buffer, size_t capacity,
                      size_t* length, Error* error) {
  char text[24]; // YOURS: interpreter.id, as text
  *length = (size_t)snprintf(text, sizeof text, "%td", handle - runtime->all);
  if (*length < capacity)
    memcpy(buffer, text, *length + 1);
  return PEP554_OK;
}

static Status write_id(Runtime* runtime, Handle* handle, const char* id, Error* error) { // YOURS
  return refuse(error, PEP554_RAISED, PEP554_OTHER, "AttributeError", "id is read-only");
}

static Status is_running(Runtime* runtime, Handle* handle, int32_t* running, Error* error) {
  if (!handle->alive) // YOURS: interpreter.is_running()
    return gone(error);
  *running = handle == &runtime->all[0];
  return PEP554_OK;
}

static Status destroy(Runtime* runtime, Handle* handle, Error* error) {
  if (handle == &runtime->all[0]) // YOURS: interpreter.destroy()
    return refuse(error, PEP554_RAISED, PEP554_OTHER, "RuntimeError", "the main interpreter stays");
  return atomic_exchange(&handle->alive, 0) ? PEP554_OK : gone(error);
}

static Status run(Runtime* runtime, Handle* handle, const char* code, size_t size, Error* error) {
  return refuse(error, PEP554_UNSUPPORTED, PEP554_OTHER, "", "executes no code"); // YOURS: run it
}

static void release(Runtime* runtime, Handle* handle) {} // YOURS: drop the reference

static Status attach(Runtime* runtime, void** state, Error* error) {
  *state = NULL; // YOURS: what a thread has to do before it may call your implementation
  return PEP554_OK;
}

static void detach(Runtime* runtime, void* state) {} // YOURS: ... and what it has to undo

// YOURS: pep554.eval/1 if the main interpreter can execute code, pep554.fork/1 if forks matter.
static const void* get_extension(const char* name) {
  static const pep554_thread_t thread = {attach, detach};
  return strcmp(name, PEP554_EXT_THREAD) == 0 ? &thread : NULL;
}

// clang-format off
const pep554_plugin_t pep554_plugin = {sizeof(pep554_plugin_t), PEP554_ABI_VERSION,
    "template", "1.0", start, stop, describe, enumerate, get_main, get_main, create, construct,
    read_id, write_id, is_running, destroy, run, release, get_extension};
