// Plugins of other versions than the host, as far as they must work all the same: the smallest that
// there can be, one interpreter, whose code is answered with the error record as it came. The build
// picks by VERSIONS_LARGER, VERSIONS_BOTH, VERSIONS_EXTENSIONS or VERSIONS_HOLLOW.
#include <stdio.h>
#include <string.h>

#include "harness/abi/pep554_plugin.h"

static char somewhere; // what runtime and handle point to

// The names of the extensions that the host asked for.
static char asked[256];

static pep554_status_t start(const pep554_option_t* options, size_t count,
                             pep554_runtime_t** runtime, pep554_error_t* error) {
  (void)error;
  if (options == NULL || count != 0)
    return PEP554_FAILED;
  *runtime = (pep554_runtime_t*)&somewhere;
  return PEP554_OK;
}

static pep554_status_t stop(pep554_runtime_t* runtime, pep554_error_t* error) {
  (void)runtime;
  (void)error;
  return PEP554_OK;
}

static pep554_status_t describe(pep554_runtime_t* runtime, pep554_fact_fn fact, void* context,
                                pep554_error_t* error) {
  (void)runtime;
  (void)error;
  fact(context, "asked", asked);
  return PEP554_OK;
}

static pep554_status_t enumerate(pep554_runtime_t* runtime, pep554_interpreter_t** interpreters,
                                 size_t capacity, size_t* count, pep554_error_t* error) {
  (void)runtime;
  (void)error;
  *count = 1;
  if (capacity > 0)
    interpreters[0] = (pep554_interpreter_t*)&somewhere;
  return PEP554_OK;
}

static pep554_status_t get(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                           pep554_error_t* error) {
  (void)runtime;
  (void)error;
  *interpreter = (pep554_interpreter_t*)&somewhere;
  return PEP554_OK;
}

static pep554_status_t construct(pep554_runtime_t* runtime, const char* id,
                                 pep554_interpreter_t** interpreter, pep554_error_t* error) {
  (void)id;
  return get(runtime, interpreter, error);
}

static pep554_status_t read_id(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                               char* buffer, size_t capacity, size_t* length,
                               pep554_error_t* error) {
  (void)runtime;
  (void)interpreter;
  (void)error;
  *length = 1;
  if (capacity > 1)
    memcpy(buffer, "0", 2);
  return PEP554_OK;
}

static pep554_status_t write_id(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                                const char* id, pep554_error_t* error) {
  (void)runtime;
  (void)interpreter;
  (void)id;
  (void)error;
  return PEP554_UNSUPPORTED;
}

static pep554_status_t is_running(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                                  int32_t* running, pep554_error_t* error) {
  (void)runtime;
  (void)interpreter;
  (void)error;
  *running = 1;
  return PEP554_OK;
}

static pep554_status_t destroy(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                               pep554_error_t* error) {
  (void)runtime;
  (void)interpreter;
  (void)error;
  return PEP554_UNSUPPORTED;
}

static pep554_status_t run(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                           const char* code, size_t size, pep554_error_t* error) {
  (void)runtime;
  (void)interpreter;
  (void)code;
  (void)size;
  const int empty = error->category == PEP554_OTHER && !*error->type && !*error->message;
  (void)snprintf(error->message, sizeof error->message, "%u bytes, %s", error->size,
                 empty ? "empty" : "not empty");
  return PEP554_RAISED;
}

static void release(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter) {
  (void)runtime;
  (void)interpreter;
}

static const void* get_extension(const char* name) {
  strncat(asked, name, sizeof asked - strlen(asked) - 2);
  strcat(asked, " ");
#ifdef VERSIONS_HOLLOW
  static const pep554_thread_t hollow = {NULL, NULL};
  return strcmp(name, PEP554_EXT_THREAD) == 0 ? &hollow : NULL;
#else
  // Of another layout: to call what is there as "/1" would end the process.
  static const char* const later[] = {"later", "later", "later"};
  return strcmp(name, "pep554.eval/2") == 0 || strcmp(name, "pep554.thread/10") == 0 ? later : NULL;
#endif
}

#define TABLE(of_size)                                                                             \
  {                                                                                                \
    .size = (of_size), .abi_version = 1, .name = "versions", .version = "1", .start = start,       \
    .stop = stop, .describe = describe, .enumerate = enumerate, .get_current = get,                \
    .get_main = get, .create = get, .construct = construct, .read_id = read_id,                    \
    .write_id = write_id, .is_running = is_running, .destroy = destroy, .run = run,                \
    .release = release, .get_extension = get_extension                                             \
  }

#ifdef VERSIONS_LARGER
// As a table with something of the plugin's own behind it.
struct larger {
  pep554_plugin_t table;
  const char* more[4];
};
PEP554_EXPORT extern const struct larger larger __asm__(PEP554_PLUGIN_SYMBOL);
const struct larger larger = {TABLE(sizeof(struct larger)), {"a", "b", "c", "d"}};
#else
const pep554_plugin_t pep554_plugin = TABLE(sizeof(pep554_plugin_t));
#endif

#ifdef VERSIONS_BOTH
// Of a later version nothing is known but how its table begins.
struct later {
  uint32_t size;
  uint32_t abi_version;
};
PEP554_EXPORT extern const struct later pep554_plugin_2;
const struct later pep554_plugin_2 = {sizeof(struct later), 2};
#endif
