// Plugins that the host must refuse; the build picks one by BAD_VERSION, BAD_SIZE or BAD_SYMBOL.
#include "harness/abi/pep554_plugin.h"

#ifdef BAD_SYMBOL
#define pep554_plugin BAD_SYMBOL
#endif
#ifndef BAD_VERSION
#define BAD_VERSION PEP554_ABI_VERSION
#endif
#ifndef BAD_SIZE
#define BAD_SIZE sizeof(pep554_plugin_t)
#endif

PEP554_EXPORT extern const pep554_plugin_t pep554_plugin;
const pep554_plugin_t pep554_plugin = {
    .size = BAD_SIZE, .abi_version = BAD_VERSION, .name = "bad", .version = "1"};
