// Trials of what comes before the runtime: the file, the table, the extensions.
#include <array>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <dlfcn.h>

#include "harness/host/examine/trials.h"

namespace pep554::host {
namespace {

namespace fs = std::filesystem;

bool is_elf(const fs::path& file) {
  std::array<char, 4> magic{};
  std::ifstream(file, std::ios::binary).read(magic.data(), magic.size());
  return std::string_view(magic.data(), magic.size()) == "\177ELF";
}

std::string why_not_opened() {
  const char* text = ::dlerror();
  return text != nullptr ? text : "it cannot be opened";
}

// The table of a later version N has the symbol of version 1 and _N.
void report_exports(FindingSink& findings, void* library) {
  constexpr unsigned far_enough = 99;
  for (unsigned later = PEP554_ABI_VERSION + 1; later <= far_enough; ++later) {
    const std::string symbol = PEP554_PLUGIN_SYMBOL "_" + std::to_string(later);
    if (::dlsym(library, symbol.c_str()) == nullptr)
      continue;
    findings.ok("load.symbol");
    return findings.error("table.version", "it exports " + symbol + ", and no " +
                                               PEP554_PLUGIN_SYMBOL " for this host");
  }
  findings.error("load.symbol",
                 "it exports no symbol " PEP554_PLUGIN_SYMBOL " (nm -D FILE lists those it does)");
}

const pep554_plugin_t* find_table(InstrumentedPlugin& plugin) {
  FindingSink& findings = plugin.findings();
  const fs::path file = fs::absolute(plugin.config().plugin);
  std::error_code failure;
  const bool exists = fs::exists(file, failure);
  if (!findings.expect(fs::is_regular_file(file, failure), "load.file",
                       plugin.config().plugin +
                           (exists ? " is no regular file" : ": no such file")))
    return nullptr;
  if (!is_elf(file)) {
    findings.error("load.opens", plugin.config().plugin + " is no ELF file");
    return nullptr;
  }
  plugin.current_call().enter("dlopen");
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  plugin.current_call().enter("");
  if (!findings.expect(library != nullptr, "load.opens",
                       library == nullptr ? why_not_opened() : ""))
    return nullptr;
  const auto* table = static_cast<const pep554_plugin_t*>(::dlsym(library, PEP554_PLUGIN_SYMBOL));
  if (table == nullptr)
    report_exports(findings, library);
  else
    findings.ok("load.symbol");
  return table;
}

// Slots and texts: the host takes no table with a null pointer.
std::string null_slots(const pep554_plugin_t& table) {
  std::string names;
  const auto look = [&](bool present, const char* name) {
    if (!present)
      names += (names.empty() ? "" : ", ") + std::string(name);
  };
  look(table.name != nullptr, "name");
  look(table.version != nullptr, "version");
  look(table.start != nullptr, "start");
  look(table.stop != nullptr, "stop");
  look(table.describe != nullptr, "describe");
  look(table.enumerate != nullptr, "enumerate");
  look(table.get_current != nullptr, "get_current");
  look(table.get_main != nullptr, "get_main");
  look(table.create != nullptr, "create");
  look(table.construct != nullptr, "construct");
  look(table.read_id != nullptr, "read_id");
  look(table.write_id != nullptr, "write_id");
  look(table.is_running != nullptr, "is_running");
  look(table.destroy != nullptr, "destroy");
  look(table.run != nullptr, "run");
  look(table.release != nullptr, "release");
  look(table.get_extension != nullptr, "get_extension");
  return names;
}

void check_text(FindingSink& findings, const char* text, const char* name) {
  if (text != nullptr && findings.expect(*text != '\0' && is_utf8(text), "table.texts",
                                         std::string(name) + " is " + escaped(text)))
    findings.report_fact(name, text);
}

// An extension that the host knows: its table is whole, and the same when asked for again.
void check_extension(InstrumentedPlugin& plugin, const char* name, size_t functions) {
  FindingSink& findings = plugin.findings();
  const void* table = plugin.get_extension(name);
  findings.expect(table == plugin.get_extension(name), "extension.same-table",
                  std::string(name) + " is at another address the second time");
  findings.ok("extension.before-start");
  if (table == nullptr)
    return;
  // The tables are structs of function pointers and nothing else.
  const auto* members = static_cast<void (*const*)()>(table);
  for (size_t i = 0; i < functions; ++i)
    findings.expect(members[i] != nullptr, "extension.complete",
                    "function " + std::to_string(i + 1) + " of " + name + " is null");
}

} // namespace

void try_load(InstrumentedPlugin& plugin) {
  FindingSink& findings = plugin.findings();
  const pep554_plugin_t* table = find_table(plugin);
  if (table == nullptr)
    return;
  if (!findings.expect(table->abi_version == PEP554_ABI_VERSION, "table.version",
                       "abi_version is " + std::to_string(table->abi_version) +
                           "; this host speaks version " + std::to_string(PEP554_ABI_VERSION)))
    return;
  if (!findings.expect(table->size >= sizeof(pep554_plugin_t), "table.size",
                       "size is " + std::to_string(table->size) +
                           "; the table of this version has " +
                           std::to_string(sizeof(pep554_plugin_t)) + " bytes"))
    return;
  const std::string null = null_slots(*table);
  findings.expect(null.empty(), "table.slots", "null: " + null);
  check_text(findings, table->name, "name");
  check_text(findings, table->version, "version");
}

void try_extensions(InstrumentedPlugin& plugin) {
  plugin.use(find_table(plugin));
  check_extension(plugin, PEP554_EXT_EVAL, sizeof(pep554_eval_t) / sizeof(void (*)()));
  check_extension(plugin, PEP554_EXT_FORK, sizeof(pep554_fork_t) / sizeof(void (*)()));
  check_extension(plugin, PEP554_EXT_THREAD, sizeof(pep554_thread_t) / sizeof(void (*)()));
  for (const std::string& name :
       {std::string("no.such/1"), std::string(), std::string("pep554.eval"),
        std::string("pep554.eval/2"), std::string("pep554.thread/10"), std::string("PEP554.FORK/1"),
        std::string("/1"), std::string("pep554.thread/"), std::string("pep554.thread/1 "),
        std::string("pep554.eval/0"), std::string(100'000, 'x')})
    plugin.findings().expect(plugin.get_extension(name) == nullptr, "extension.unknown",
                             "get_extension(" + escaped(name) + ") answered with a table");
}

} // namespace pep554::host
