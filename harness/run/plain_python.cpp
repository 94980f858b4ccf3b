#include "harness/run/plain_python.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include <unistd.h>

#include "harness/repro/script.h"
#include "harness/run/shell.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

bool is_executable(const fs::path& path) {
  return fs::is_regular_file(path) && ::access(path.c_str(), X_OK) == 0;
}

// PREFIX/bin/python3.12 of a library; the executable that the host of a process reports.
fs::path executable_of(const Hello& hello) {
  const std::string version = hello.fact("version");
  const std::string minor = version.substr(0, version.rfind('.'));
  fs::path own = hello.fact("executable");
  if (hello.fact("libpython").empty())
    return own;
  const fs::path beside = fs::path(hello.fact("prefix")) / "bin" / ("python" + minor);
  return is_executable(beside) ? beside : own;
}

} // namespace

std::string PlainPython::command(const std::string& script) const {
  std::string words;
  for (const auto& [name, value] : environment)
    words += name + "=" + quoted(value) + " ";
  return words + quoted(executable) + " " + quoted(script);
}

std::optional<PlainPython> plain_python(const Target& target, const Hello& hello) {
  PlainPython found;
  if (hello.fact("implementation").empty())
    return std::nullopt;
  const fs::path executable = executable_of(hello);
  if (!is_executable(executable))
    return std::nullopt;
  found.executable = executable.string();
  found.adapter = hello.fact("adapter");
  const auto& known = repro::adapters();
  if (!found.adapter.empty() && std::ranges::find(known, found.adapter) == known.end())
    return std::nullopt;
  std::string path;
  for (const std::string& word : target.command)
    if (word.starts_with("path="))
      path += (path.empty() ? "" : ":") + word.substr(5);
  if (!path.empty())
    found.environment.emplace_back("PYTHONPATH", path);
  return found;
}

} // namespace pep554
