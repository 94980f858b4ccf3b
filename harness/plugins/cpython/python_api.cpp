#include "harness/plugins/cpython/python_api.h"

#include <filesystem>

#include <dlfcn.h>

namespace pep554::cpython {

PythonApi py;

namespace {

template <typename Symbol>
void find(void* library, const char* name, Symbol& symbol) {
  symbol = reinterpret_cast<Symbol>(::dlsym(library, name));
}

template <typename Symbol>
void need(void* library, const char* name, Symbol& symbol) {
  find(library, name, symbol);
  if (symbol == nullptr)
    throw StartError(std::string("libpython lacks ") + name + ": not CPython 3.8 or newer?");
}

// The file that a symbol comes from, without symbolic links.
std::string file_of(const void* symbol) {
  Dl_info info{};
  if (::dladdr(symbol, &info) == 0 || info.dli_fname == nullptr)
    return {};
  std::error_code ignored;
  const auto real = std::filesystem::canonical(info.dli_fname, ignored);
  return real.empty() ? info.dli_fname : real.string();
}

} // namespace

void load_python(const std::string& libpython) {
  std::error_code failure;
  if (std::filesystem::exists(libpython, failure) &&
      !std::filesystem::is_regular_file(libpython, failure)) // to open a pipe would wait
    throw StartError("libpython=" + libpython + ": it is no regular file");
  void* library = ::dlopen(libpython.c_str(), RTLD_NOW | RTLD_GLOBAL); // never closed
  if (library == nullptr) {
    const char* reason = ::dlerror();
    throw StartError("libpython=" + libpython + ": " + (reason != nullptr ? reason : "unknown"));
  }
#define PEP554_FIND(name) need(library, #name, py.name);
  PEP554_PYTHON_FUNCTIONS(PEP554_FIND)
  PEP554_PYTHON_EXCEPTIONS(PEP554_FIND)
#undef PEP554_FIND
  find(library, "Py_NoSiteFlag", py.no_site_flag);
  find(library, "Py_SetPythonHome", py.set_python_home);
  find(library, "Py_SetProgramName", py.set_program_name);
  find(library, "PyInterpreterState_Main", py.main_interpreter);
  find(library, "_PyInterpreterState_SetRunningMain", py.set_running_main);
  find(library, "_PyInterpreterState_SetNotRunningMain", py.set_not_running_main);
  py.path = file_of(reinterpret_cast<const void*>(py.Py_GetVersion));
}

} // namespace pep554::cpython
