#include "harness/jail/settings.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>

#include <unistd.h>

namespace pep554::jail {
namespace {

namespace fs = std::filesystem;

// What locates programs, libraries and modules, what tells the language and the time zone, and the
// settings of instrumented builds. Everything else may be a secret.
constexpr std::array<std::string_view, 13> usual{
    "PATH", "HOME", "USER",   "LOGNAME",    "SHELL",       "LANG",        "LANGUAGE",
    "TZ",   "TERM", "TMPDIR", "PYENV_ROOT", "VIRTUAL_ENV", "CONDA_PREFIX"};
constexpr std::array<std::string_view, 6> usual_prefixes{"LC_",  "LD_",     "PYTHON",
                                                         "PYPY", "PEP554_", "GCOV_"};
constexpr std::string_view sanitizers_suffix = "SAN_OPTIONS";

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    if (end > 0)
      parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::vector<std::string> list_in(const char* name) {
  const char* value = std::getenv(name);
  return split(value == nullptr ? "" : value, ':');
}

bool is_usual(std::string_view name) {
  return std::ranges::find(usual, name) != usual.end() || name.ends_with(sanitizers_suffix) ||
         std::ranges::any_of(usual_prefixes,
                             [name](std::string_view prefix) { return name.starts_with(prefix); });
}

// A program's own name is looked for as exec does.
fs::path on_path(const std::string& word) {
  if (word.find('/') != std::string::npos)
    return word;
  for (const std::string& folder : list_in("PATH"))
    if (fs::path file = fs::path(folder) / word; ::access(file.c_str(), X_OK) == 0)
      return file;
  return {};
}

fs::path folder_of(const fs::path& file) {
  std::error_code failure;
  if (fs::is_directory(file, failure))
    return file;
  fs::path folder = file.parent_path();
  for (const char* inner : {"bin", "lib", "lib64", "shims"})
    if (folder.filename() == inner)
      return folder.parent_path();
  return folder;
}

void add(std::vector<std::string>& folders, const fs::path& file) {
  std::error_code failure;
  if (file.empty() || !fs::exists(file, failure))
    return;
  for (const fs::path& form : {fs::absolute(file, failure), fs::canonical(file, failure)}) {
    const fs::path folder = folder_of(form.lexically_normal());
    if (!folder.empty() && folder != "/")
      folders.push_back(folder.native());
  }
}

} // namespace

std::string last_error() {
  return std::strerror(errno); // NOLINT(concurrency-mt-unsafe): one thread
}

Settings settings_from(std::vector<std::string> command) {
  Settings settings;
  settings.command = std::move(command);
  settings.readable = folders_of(settings.command);
  for (const std::string& path : list_in("PEP554_READABLE"))
    settings.readable.push_back(path);
  for (const char* name :
       {"PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "PYENV_ROOT", "VIRTUAL_ENV", "CONDA_PREFIX"})
    for (const std::string& path : list_in(name))
      add(settings.readable, path);
  settings.writable = list_in("PEP554_WRITABLE");
#ifdef PEP554_COVERAGE
  settings.writable.emplace_back(
      PEP554_BUILD_DIR); // where instrumented processes write their counts
#endif
  settings.kept = list_in("PEP554_ENV");
  const char* network = std::getenv("PEP554_NETWORK");
  settings.network = network != nullptr && std::strcmp(network, "on") == 0;
  return settings;
}

void clean_environment(const Settings& settings) {
  std::vector<std::string> dropped;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string name(*entry, std::strcspn(*entry, "="));
    if (!is_usual(name) && std::ranges::find(settings.kept, name) == settings.kept.end())
      dropped.push_back(name);
  }
  for (const std::string& name : dropped)
    ::unsetenv(name.c_str());
}

std::vector<std::string> folders_of(const std::vector<std::string>& command) {
  std::vector<std::string> folders;
  for (size_t i = 0; i < command.size(); ++i) {
    const size_t equals = command[i].find('=');
    const std::string value =
        equals == std::string::npos ? command[i] : command[i].substr(equals + 1);
    if (value.find('/') == std::string::npos)
      add(folders, i == 0 ? on_path(value) : fs::path(value));
    for (const std::string& part : split(value, ':'))
      if (part.find('/') != std::string::npos)
        add(folders, part);
  }
  std::ranges::sort(folders);
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
  return folders;
}

} // namespace pep554::jail
