#include "harness/plugins/cpython/startup.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include "harness/plugins/cpython/python_api.h"

namespace pep554::cpython {
namespace {

namespace fs = std::filesystem;

// "3.11", from what works before the runtime is initialized.
std::string short_version() {
  const std::string version = py.Py_GetVersion();
  return version.substr(0, version.find('.', version.find('.') + 1));
}

// The prefix above the libpython that has the standard library, e.g. /usr.
std::string find_home() {
  const fs::path library = fs::path("lib") / ("python" + short_version()) / "os.py";
  for (fs::path prefix = fs::path(py.path).parent_path(); prefix.has_relative_path();
       prefix = prefix.parent_path())
    if (fs::exists(prefix / library))
      return prefix.string();
  throw StartError("no " + library.string() + " above " + py.path + "; option home=DIR names it");
}

void clear_environment() {
  std::vector<std::string> names;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    if (const std::string_view pair = *entry; pair.starts_with("PYTHON"))
      names.emplace_back(pair.substr(0, pair.find('=')));
  for (const std::string& name : names)
    ::unsetenv(name.c_str());
}

void set_environment(const char* name, const std::string& value) {
  ::setenv(name, value.c_str(), 1);
}

// By the environment, because every interpreter of the process gets its path from there.
void set_path(const std::vector<std::string>& paths) {
  std::string joined;
  for (const std::string& path : paths)
    joined += (joined.empty() ? "" : ":") + path;
  if (!joined.empty())
    set_environment("PYTHONPATH", joined);
}

void set_site(bool on) {
  if (py.no_site_flag != nullptr)
    *py.no_site_flag = on ? 0 : 1;
  else if (!on)
    throw StartError("this libpython has no Py_NoSiteFlag, so site=off cannot be had; say site=on");
}

// Strings that are passed to Python live as long as the process.
const wchar_t* wide(const std::string& text) {
  return py.Py_DecodeLocale(text.c_str(), nullptr);
}

void set_home(const std::string& home) {
  if (py.set_python_home != nullptr)
    py.set_python_home(wide(home));
  else
    set_environment("PYTHONHOME", home);
}

// So that sys.executable is the interpreter of this home, and not the first python3 on the PATH.
void set_program(const std::string& home) {
  const fs::path program = fs::path(home) / "bin" / ("python" + short_version());
  if (py.set_program_name != nullptr && fs::exists(program))
    py.set_program_name(wide(program.string()));
}

} // namespace

void initialize(const Settings& settings) {
  const std::string home = settings.home.empty() ? find_home() : settings.home;
  clear_environment();
  set_environment("PYTHONHASHSEED", "0");
  set_environment("PYTHONDONTWRITEBYTECODE", "1");
  set_environment("PYTHONNOUSERSITE", "1");
  set_path(settings.paths);
  set_home(home);
  set_program(home);
  set_site(settings.site);
  py.Py_InitializeEx(0); // ends the process when it fails
}

} // namespace pep554::cpython
