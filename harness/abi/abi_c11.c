// The header compiles alone as C11, and a plugin can be written in C.
#include "harness/abi/pep554_plugin.h"

_Static_assert(offsetof(pep554_plugin_t, size) == 0, "the size comes first");
_Static_assert(offsetof(pep554_plugin_t, abi_version) == 4, "the version comes second");
_Static_assert(sizeof(pep554_status_t) == 4, "an enumeration is an int");
_Static_assert(offsetof(pep554_error_t, type) == 8, "the error record has no padding");
_Static_assert(sizeof(pep554_error_t) == 8 + PEP554_TYPE_SIZE + PEP554_MESSAGE_SIZE,
               "as documented");
