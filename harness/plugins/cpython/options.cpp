#include "harness/plugins/cpython/options.h"

#include <filesystem>
#include <string_view>

#include "harness/plugins/cpython/python_api.h"

namespace pep554::cpython {
namespace {

bool is_on(std::string_view value) {
  if (value != "on" && value != "off")
    throw StartError("option site is neither on nor off");
  return value == "on";
}

void take(Settings& settings, std::string_view key, const char* value) {
  if (key == "libpython")
    settings.libpython = value;
  else if (key == "path")
    settings.paths.emplace_back(value);
  else if (key == "adapter")
    settings.adapter = value;
  else if (key == "adapters")
    settings.adapters = value;
  else if (key == "site")
    settings.site = is_on(value);
  else if (key == "home")
    settings.home = value;
  else
    throw StartError("unknown option " + std::string(key) +
                     " (known: libpython, path, adapter, adapters, site, home)");
}

void check_adapters(const Settings& settings) {
  if (!settings.adapter.empty() && settings.adapters.empty())
    throw StartError("option adapter=" + settings.adapter + " needs adapters=DIR");
}

} // namespace

Settings settings_from(const pep554_option_t* options, size_t count) {
  Settings settings;
  for (size_t i = 0; i < count; ++i)
    take(settings, options[i].key, options[i].value);
  if (settings.libpython.empty())
    throw StartError("option libpython=FILE is needed");
  check_adapters(settings);
  for (std::string& path : settings.paths)
    path = std::filesystem::absolute(path).string(); // programs may change the directory
  return settings;
}

void use_adapter(Settings& settings, const std::string& adapter) {
  settings.adapter = adapter;
  if (adapter.empty())
    return;
  const auto directory = std::filesystem::absolute(settings.adapters) / adapter;
  if (!std::filesystem::exists(directory / "interpreters.py"))
    throw StartError("adapter " + adapter + ": there is no " +
                     (directory / "interpreters.py").string());
  settings.paths.insert(settings.paths.begin(), directory.string());
}

} // namespace pep554::cpython
