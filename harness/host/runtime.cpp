#include "harness/host/runtime.h"

#include <nlohmann/json.hpp>

namespace pep554::host {
namespace {

using nlohmann::json;

void add_fact(void* context, const char* key, const char* value) {
  static_cast<json*>(context)->push_back(json::array({key, value}));
}

json facts(const Runtime& runtime) {
  json list = json::array();
  ErrorRecord error;
  if (runtime.api().describe(runtime.handle, &add_fact, &list, &error) != PEP554_OK)
    throw Refusal(std::string("the plugin cannot describe its runtime: ") + text_of(error.message));
  return list;
}

json extensions(const Plugin& plugin) {
  json list = json::array();
  if (plugin.eval != nullptr)
    list.push_back(PEP554_EXT_EVAL);
  if (plugin.fork != nullptr)
    list.push_back(PEP554_EXT_FORK);
  if (plugin.thread != nullptr)
    list.push_back(PEP554_EXT_THREAD);
  if (plugin.trace != nullptr)
    list.push_back(PEP554_EXT_TRACE);
  return list;
}

} // namespace

Runtime start_runtime(const Plugin& plugin, const Options& options) {
  std::vector<pep554_option_t> pairs;
  pairs.reserve(options.size() + 1); // so that there is no null pointer for no options
  for (const auto& [key, value] : options)
    pairs.push_back({key.c_str(), value.c_str()});
  Runtime runtime{plugin};
  ErrorRecord error;
  if (plugin.table->start(pairs.data(), pairs.size(), &runtime.handle, &error) != PEP554_OK)
    throw Refusal(std::string("plugin ") + plugin.table->name + ": " + text_of(error.message));
  if (runtime.handle == nullptr)
    throw Refusal(std::string("plugin ") + plugin.table->name +
                  ": start answered ok, and gave no runtime");
  return runtime;
}

json hello(const Runtime& runtime) {
  const pep554_plugin_t& api = runtime.api();
  return {{"msg", "hello"},
          {"protocol", 1},
          {"plugin", {{"name", api.name}, {"version", api.version}, {"abi", api.abi_version}}},
          {"facts", facts(runtime)},
          {"extensions", extensions(runtime.plugin)}};
}

} // namespace pep554::host
