// Plugins of other versions than the host, as far as they must work all the same: code is answered
// with the error record as it came. The build picks by VERSIONS_LARGER, VERSIONS_BOTH,
// VERSIONS_EXTENSIONS or VERSIONS_HOLLOW.
#include <stdio.h>
#include <string.h>

#include "harness/testing/plugins/core.h"

char plugin_name[16] = "versions";
char plugin_version[8] = "1";
const char* const id_format = "%d";

// The names of the extensions that the host asked for.
static char asked[256];

static void get_extension(struct call* call) {
  strncat(asked, call->text, sizeof asked - strlen(asked) - 2);
  strcat(asked, " ");
#ifdef VERSIONS_HOLLOW
  static const pep554_thread_t hollow = {NULL, NULL};
  call->table = strcmp(call->text, PEP554_EXT_THREAD) == 0 ? &hollow : NULL;
#else
  // Another layout: a call through it as "/1" would crash.
  static const char* const later[] = {"later", "later", "later"};
  const int is_later =
      strcmp(call->text, "pep554.eval/2") == 0 || strcmp(call->text, "pep554.thread/10") == 0;
  call->table = is_later ? later : NULL;
#endif
  answer(call, PEP554_OK);
}

static void describe(struct call* call) {
  call->fact(call->context, "asked", asked);
  answer(call, PEP554_OK);
}

static void run(struct call* call) {
  const pep554_error_t* error = call->error;
  char message[64];
  (void)snprintf(
      message, sizeof message, "%u bytes, %s", error->size,
      error->category == PEP554_OTHER && !*error->type && !*error->message ? "empty" : "not empty");
  (void)refuse(call, PEP554_RAISED, PEP554_OTHER, message);
}

void plugin_at(enum hook hook, struct call* call) {
  if (hook == START && call->options == NULL)
    answer(call, PEP554_FAILED);
  else if (hook == GET_EXTENSION)
    get_extension(call);
  else if (hook == DESCRIBE)
    describe(call);
  else if (hook == SCRIPT)
    run(call);
  else if (hook == WRITE_ID || hook == DESTROY)
    (void)refuse(call, PEP554_UNSUPPORTED, PEP554_OTHER, "");
}

#ifdef VERSIONS_LARGER
// The build gives the core's own table this name. As a table with something of the plugin's own
// behind it.
extern const pep554_plugin_t core_plugin;
PEP554_EXPORT extern struct larger {
  pep554_plugin_t table;
  const char* more[4];
} larger __asm__(PEP554_PLUGIN_SYMBOL);
struct larger larger = {.more = {"a", "b", "c", "d"}};

__attribute__((constructor)) static void fill_the_table(void) {
  memcpy(&larger.table, &core_plugin, sizeof core_plugin);
  larger.table.size = sizeof larger;
}
#endif

#ifdef VERSIONS_BOTH
// The start of a later version's table; the rest is unknown.
struct later {
  uint32_t size;
  uint32_t abi_version;
};
PEP554_EXPORT extern const struct later pep554_plugin_2;
const struct later pep554_plugin_2 = {sizeof(struct later), 2};
#endif
