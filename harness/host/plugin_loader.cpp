#include "harness/host/plugin_loader.h"

#include <climits>
#include <cstdlib>
#include <memory>

#include <dlfcn.h>

namespace pep554::host {
namespace {

// dlopen looks for a bare name along the library path; what we are given is a file.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                         &std::free);
  if (!real)
    throw Refusal("plugin " + path + ": no such file");
  return real.get();
}

// The reason of the last failure of dlopen or dlsym.
std::string last_error() {
  const char* text = ::dlerror();
  return text != nullptr ? text : "unknown error";
}

bool complete(const pep554_plugin_t& table) {
  return table.name != nullptr && table.version != nullptr && table.start != nullptr &&
         table.stop != nullptr && table.describe != nullptr && table.enumerate != nullptr &&
         table.get_current != nullptr && table.get_main != nullptr && table.create != nullptr &&
         table.construct != nullptr && table.read_id != nullptr && table.write_id != nullptr &&
         table.is_running != nullptr && table.destroy != nullptr && table.run != nullptr &&
         table.release != nullptr && table.get_extension != nullptr;
}

// Size and version are read before anything else: of another version nothing else is known.
void check(const pep554_plugin_t& table, const std::string& path) {
  if (table.abi_version != PEP554_ABI_VERSION)
    throw Refusal("plugin " + path + ": it speaks version " + std::to_string(table.abi_version) +
                  " of the ABI, this host speaks version " + std::to_string(PEP554_ABI_VERSION));
  if (table.size < sizeof(pep554_plugin_t))
    throw Refusal("plugin " + path + ": its table has " + std::to_string(table.size) +
                  " bytes, version " + std::to_string(PEP554_ABI_VERSION) + " of the ABI has " +
                  std::to_string(sizeof(pep554_plugin_t)));
  if (!complete(table))
    throw Refusal("plugin " + path + ": a slot of its table is null");
}

template <typename Table>
const Table* extension(const pep554_plugin_t& table, const char* name) {
  return static_cast<const Table*>(table.get_extension(name));
}

} // namespace

Plugin load_plugin(const std::string& path) {
  const std::string file = resolved(path);
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL); // never closed
  if (library == nullptr)
    throw Refusal("plugin " + path + ": " + last_error());
  const auto* table = static_cast<const pep554_plugin_t*>(::dlsym(library, PEP554_PLUGIN_SYMBOL));
  if (table == nullptr)
    throw Refusal("plugin " + path + ": it exports no symbol " PEP554_PLUGIN_SYMBOL);
  check(*table, path);
  return {table, extension<pep554_eval_t>(*table, PEP554_EXT_EVAL),
          extension<pep554_fork_t>(*table, PEP554_EXT_FORK),
          extension<pep554_thread_t>(*table, PEP554_EXT_THREAD)};
}

} // namespace pep554::host
