#include "harness/host/plugin_loader.h"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>

#include <dlfcn.h>
#include <sys/stat.h>

namespace pep554::host {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Refusal("plugin " + path + ": " + why);
}

// dlopen searches the library path for a bare name; `path` is a file.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                         &std::free);
  if (!real)
    refuse(path, "no such file");
  struct stat status {};
  if (::stat(real.get(), &status) == 0 && !S_ISREG(status.st_mode)) // to open a pipe would wait
    refuse(path, "it is no regular file");
  return real.get();
}

// The reason of the last failure of dlopen or dlsym.
std::string last_error() {
  const char* text = ::dlerror();
  return text != nullptr ? text : "unknown error";
}

std::string version(unsigned number) {
  return "version " + std::to_string(number);
}

// Two that cannot talk to each other, and what their user can do about it.
std::string mismatch(unsigned of_plugin) {
  const std::string rebuild = "build it with the pep554_plugin.h of " + version(PEP554_ABI_VERSION);
  return "it speaks " + version(of_plugin) + " of the ABI, this host " +
         version(PEP554_ABI_VERSION) + ": " + rebuild +
         (of_plugin > PEP554_ABI_VERSION ? ", or use a later pep554" : "");
}

// A table consists of its size, its version and pointers; an extension's only of pointers.
constexpr std::array plugin_slots{"name",      "version",      "start",      "stop",    "describe",
                                  "enumerate", "get_current",  "get_main",   "create",  "construct",
                                  "read_id",   "write_id",     "is_running", "destroy", "run",
                                  "release",   "get_extension"};
constexpr std::array eval_slots{"eval"};
constexpr std::array fork_slots{"before_fork", "after_fork_parent", "after_fork_child"};
constexpr std::array thread_slots{"attach", "detach"};
constexpr std::array trace_slots{"trace_to"};
static_assert(sizeof(pep554_plugin_t) ==
              offsetof(pep554_plugin_t, name) + plugin_slots.size() * sizeof(void*));
static_assert(sizeof(pep554_eval_t) == eval_slots.size() * sizeof(void*));
static_assert(sizeof(pep554_fork_t) == fork_slots.size() * sizeof(void*));
static_assert(sizeof(pep554_thread_t) == thread_slots.size() * sizeof(void*));
static_assert(sizeof(pep554_trace_t) == trace_slots.size() * sizeof(void*));

void check_slots(const std::string& path, const std::string& table, const void* slots,
                 std::span<const char* const> names) {
  for (size_t i = 0; i < names.size(); ++i) {
    const void* slot = nullptr;
    std::memcpy(&slot, static_cast<const std::byte*>(slots) + i * sizeof slot, sizeof slot);
    if (slot == nullptr)
      refuse(path, names[i] + (" of " + table) +
                       " is null: a slot that the implementation lacks answers " +
                       "PEP554_UNSUPPORTED");
  }
}

// Size and version are read before anything else: of another version nothing else is known.
void check(const std::string& path, const pep554_plugin_t& table) {
  if (table.abi_version != PEP554_ABI_VERSION)
    refuse(path, mismatch(table.abi_version));
  if (table.size < sizeof(pep554_plugin_t))
    refuse(path, "its table has " + std::to_string(table.size) + " bytes, " +
                     version(PEP554_ABI_VERSION) + " of the ABI has " +
                     std::to_string(sizeof(pep554_plugin_t)) +
                     ": its size must be sizeof(pep554_plugin_t)");
  check_slots(path, PEP554_PLUGIN_SYMBOL, &table.name, plugin_slots);
}

// The table of a later version N has the symbol of ours and _N.
[[noreturn]] void refuse_without_table(const std::string& path, void* library) {
  constexpr unsigned far_enough = 99;
  for (unsigned later = PEP554_ABI_VERSION + 1; later <= far_enough; ++later)
    if (::dlsym(library, (PEP554_PLUGIN_SYMBOL "_" + std::to_string(later)).c_str()) != nullptr)
      refuse(path, mismatch(later));
  refuse(path, "it exports no symbol " PEP554_PLUGIN_SYMBOL
               ": is it a plugin, and is the symbol C's and visible (PEP554_EXPORT)?");
}

// Null when the plugin has none of exactly this name: other versions are other extensions.
template <typename Table>
const Table* extension(const std::string& path, const pep554_plugin_t& table, const char* name,
                       std::span<const char* const> slots) {
  const void* found = table.get_extension(name);
  if (found != nullptr)
    check_slots(path, name, found, slots);
  return static_cast<const Table*>(found);
}

} // namespace

Plugin load_plugin(const std::string& path) {
  const std::string file = resolved(path);
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL); // never closed
  if (library == nullptr)
    refuse(path, last_error());
  const auto* table = static_cast<const pep554_plugin_t*>(::dlsym(library, PEP554_PLUGIN_SYMBOL));
  if (table == nullptr)
    refuse_without_table(path, library);
  check(path, *table);
  return {table, extension<pep554_eval_t>(path, *table, PEP554_EXT_EVAL, eval_slots),
          extension<pep554_fork_t>(path, *table, PEP554_EXT_FORK, fork_slots),
          extension<pep554_thread_t>(path, *table, PEP554_EXT_THREAD, thread_slots),
          extension<pep554_trace_t>(path, *table, PEP554_EXT_TRACE, trace_slots)};
}

} // namespace pep554::host
