// Prints the sizes, offsets and numbers of the header, for comparison with layout.rs.
#include <stdio.h>

#include "harness/abi/pep554_plugin.h"

#define SIZE(type) printf(#type " %zu\n", sizeof(type))
#define FIELD(type, field)                                                                         \
  printf(#type "." #field " %zu %zu\n", offsetof(type, field), sizeof(((type*)NULL)->field))
#define NUMBER(name) printf(#name " %d\n", (int)PEP554_##name)

static void print_records(void) {
  SIZE(pep554_error_t);
  FIELD(pep554_error_t, size);
  FIELD(pep554_error_t, category);
  FIELD(pep554_error_t, type);
  FIELD(pep554_error_t, message);
  SIZE(pep554_option_t);
  FIELD(pep554_option_t, key);
  FIELD(pep554_option_t, value);
}

static void print_plugin(void) {
  SIZE(pep554_plugin_t);
  FIELD(pep554_plugin_t, size);
  FIELD(pep554_plugin_t, abi_version);
  FIELD(pep554_plugin_t, name);
  FIELD(pep554_plugin_t, version);
  FIELD(pep554_plugin_t, start);
  FIELD(pep554_plugin_t, stop);
  FIELD(pep554_plugin_t, describe);
  FIELD(pep554_plugin_t, enumerate);
  FIELD(pep554_plugin_t, get_current);
  FIELD(pep554_plugin_t, get_main);
  FIELD(pep554_plugin_t, create);
  FIELD(pep554_plugin_t, construct);
  FIELD(pep554_plugin_t, read_id);
  FIELD(pep554_plugin_t, write_id);
  FIELD(pep554_plugin_t, is_running);
  FIELD(pep554_plugin_t, destroy);
  FIELD(pep554_plugin_t, run);
  FIELD(pep554_plugin_t, release);
  FIELD(pep554_plugin_t, get_extension);
}

static void print_extensions(void) {
  SIZE(pep554_eval_t);
  FIELD(pep554_eval_t, eval);
  SIZE(pep554_fork_t);
  FIELD(pep554_fork_t, before_fork);
  FIELD(pep554_fork_t, after_fork_parent);
  FIELD(pep554_fork_t, after_fork_child);
  SIZE(pep554_thread_t);
  FIELD(pep554_thread_t, attach);
  FIELD(pep554_thread_t, detach);
}

static void print_numbers(void) {
  SIZE(pep554_status_t);
  NUMBER(ABI_VERSION);
  NUMBER(OK);
  NUMBER(RAISED);
  NUMBER(UNSUPPORTED);
  NUMBER(FAILED);
  NUMBER(OTHER);
  NUMBER(NOT_FOUND);
  NUMBER(BUSY);
  NUMBER(BAD_ARGUMENT);
  NUMBER(SCRIPT_FAILED);
  NUMBER(NOT_SUPPORTED);
}

int main(void) {
  print_records();
  print_plugin();
  print_extensions();
  print_numbers();
  puts(PEP554_EXT_EVAL "\n" PEP554_EXT_FORK "\n" PEP554_EXT_THREAD);
  return 0;
}
