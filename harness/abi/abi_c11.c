// The header compiles alone as C11, and a plugin can be written in C. Version 1 is frozen: sizes
// and places of everything in it, where pointers and long have 64 bits.
#include "harness/abi/pep554_plugin.h"

#include <limits.h>

_Static_assert(sizeof(void*) == 8 && sizeof(size_t) == 8 && CHAR_BIT == 8, "LP64 is meant below");

_Static_assert(PEP554_ABI_VERSION == 1, "frozen");
_Static_assert(PEP554_OK == 0 && PEP554_RAISED == 1 && PEP554_UNSUPPORTED == 2 &&
                   PEP554_FAILED == 3,
               "frozen");
_Static_assert(PEP554_OTHER == 0 && PEP554_NOT_FOUND == 1 && PEP554_BUSY == 2 &&
                   PEP554_BAD_ARGUMENT == 3 && PEP554_SCRIPT_FAILED == 4 &&
                   PEP554_NOT_SUPPORTED == 5,
               "frozen");
_Static_assert(sizeof(pep554_status_t) == 4, "also with -fshort-enums");

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), "frozen")
#define PLACE(type, field, bytes) _Static_assert(offsetof(type, field) == (bytes), "frozen")

SIZE(pep554_error_t, 1160);
PLACE(pep554_error_t, size, 0);
PLACE(pep554_error_t, category, 4);
PLACE(pep554_error_t, type, 8);
PLACE(pep554_error_t, message, 136);

SIZE(pep554_option_t, 16);
PLACE(pep554_option_t, key, 0);
PLACE(pep554_option_t, value, 8);

SIZE(pep554_plugin_t, 144);
PLACE(pep554_plugin_t, size, 0);
PLACE(pep554_plugin_t, abi_version, 4);
PLACE(pep554_plugin_t, name, 8);
PLACE(pep554_plugin_t, version, 16);
PLACE(pep554_plugin_t, start, 24);
PLACE(pep554_plugin_t, stop, 32);
PLACE(pep554_plugin_t, describe, 40);
PLACE(pep554_plugin_t, enumerate, 48);
PLACE(pep554_plugin_t, get_current, 56);
PLACE(pep554_plugin_t, get_main, 64);
PLACE(pep554_plugin_t, create, 72);
PLACE(pep554_plugin_t, construct, 80);
PLACE(pep554_plugin_t, read_id, 88);
PLACE(pep554_plugin_t, write_id, 96);
PLACE(pep554_plugin_t, is_running, 104);
PLACE(pep554_plugin_t, destroy, 112);
PLACE(pep554_plugin_t, run, 120);
PLACE(pep554_plugin_t, release, 128);
PLACE(pep554_plugin_t, get_extension, 136);

SIZE(pep554_eval_t, 8);
PLACE(pep554_eval_t, eval, 0);

SIZE(pep554_fork_t, 24);
PLACE(pep554_fork_t, before_fork, 0);
PLACE(pep554_fork_t, after_fork_parent, 8);
PLACE(pep554_fork_t, after_fork_child, 16);

SIZE(pep554_thread_t, 16);
PLACE(pep554_thread_t, attach, 0);
PLACE(pep554_thread_t, detach, 8);
