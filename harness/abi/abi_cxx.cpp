// The header compiles alone as C++, from C++11 on, with the layout that C sees, and a C++ plugin
// need not say "extern" twice.
#include "harness/abi/pep554_plugin.h"

#include <type_traits>

static_assert(std::is_standard_layout<pep554_plugin_t>::value, "C can read it");
static_assert(std::is_trivial<pep554_error_t>::value, "C can make it");
static_assert(std::is_same<decltype(pep554_error_t::size), uint32_t>::value, "frozen");
static_assert(sizeof(pep554_status_t) == 4, "frozen");
static_assert(sizeof(pep554_error_t) == 1160 && alignof(pep554_error_t) == 4, "frozen");
static_assert(sizeof(pep554_plugin_t) == 144 && alignof(pep554_plugin_t) == 8, "frozen");
static_assert(offsetof(pep554_plugin_t, abi_version) == 4, "frozen");
static_assert(offsetof(pep554_plugin_t, get_extension) == 136, "frozen");
static_assert(sizeof(pep554_eval_t) == 8 && sizeof(pep554_fork_t) == 24 &&
                  sizeof(pep554_thread_t) == 16,
              "frozen");

const pep554_plugin_t pep554_plugin = {sizeof(pep554_plugin_t),
                                       PEP554_ABI_VERSION,
                                       "",
                                       "",
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr};
