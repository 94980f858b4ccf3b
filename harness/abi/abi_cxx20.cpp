// The header compiles alone as C++20, with the layout that C sees.
#include "harness/abi/pep554_plugin.h"

#include <type_traits>

static_assert(std::is_standard_layout_v<pep554_plugin_t>);
static_assert(std::is_trivially_copyable_v<pep554_error_t>);
static_assert(offsetof(pep554_plugin_t, size) == 0);
static_assert(offsetof(pep554_plugin_t, abi_version) == 4);
static_assert(sizeof(pep554_status_t) == 4);
static_assert(sizeof(pep554_error_t) == 8 + PEP554_TYPE_SIZE + PEP554_MESSAGE_SIZE);
