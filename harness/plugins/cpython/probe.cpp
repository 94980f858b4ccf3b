#include "harness/plugins/cpython/probe.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "harness/plugins/cpython/errors.h"
#include "harness/plugins/cpython/objects.h"
#include "harness/plugins/cpython/startup.h"

namespace pep554::cpython {
namespace {

struct Candidate {
  std::string adapter; // "" for none
  std::string module;
};

std::vector<Candidate> candidates(const Settings& settings) {
  const std::string path = settings.adapters + "/order";
  std::ifstream file(path);
  if (!file)
    throw StartError("adapter=auto: cannot read " + path);
  std::vector<Candidate> all{{"", "interpreters"}};
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    Candidate one;
    if (words >> one.adapter >> one.module && !one.adapter.starts_with('#'))
      all.push_back(one);
  }
  return all;
}

std::string modules_of(const std::vector<Candidate>& all) {
  std::string names;
  for (const Candidate& one : all)
    names += (names.empty() ? "" : ", ") + one.module;
  return names;
}

bool has_module(const std::string& module, PyObject* names) {
  const Ref done = execute("found = has('" + module + "')", "<probe>", names);
  PyObject* found = done ? py.PyDict_GetItemString(names, "found") : nullptr;
  return found != nullptr && py.PyObject_IsTrue(found) == 1;
}

// In the child: the index of the first that is there, or their number.
size_t look(const Settings& settings, const std::vector<Candidate>& all) {
  initialize(settings);
  const Ref names(py.PyDict_New());
  const Ref builtins(py.PyImport_ImportModule("builtins"));
  py.PyDict_SetItemString(names.get(), "__builtins__", builtins.get());
  const Ref defined = execute("import importlib.util\n"
                              "def has(name):\n"
                              "    try:\n"
                              "        return importlib.util.find_spec(name) is not None\n"
                              "    except Exception:\n"
                              "        return False\n",
                              "<probe>", names.get());
  if (!defined)
    throw StartError("adapter=auto: " + take_exception_line());
  size_t index = 0;
  while (index < all.size() && !has_module(all[index].module, names.get()))
    ++index;
  return index;
}

// The child must not end as this process would: what watches its start is not meant.
[[noreturn]] void answer(int pipe, const Settings& settings, const std::vector<Candidate>& all) {
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE})
    std::signal(signal, SIG_DFL); // NOLINT(cert-err33-c): these signals can be caught
  std::uint8_t index = 0;
  try {
    index = static_cast<std::uint8_t>(look(settings, all));
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "%s\n", problem.what()); // NOLINT(cert-err33-c)
    ::_exit(1);
  }
  ::_exit(::write(pipe, &index, 1) == 1 ? 0 : 1);
}

// The index of the candidate that the child found; the number of candidates when it found none.
size_t ask_child(const Settings& settings, const std::vector<Candidate>& all) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0)
    throw StartError("adapter=auto: no pipe is to be had");
  const pid_t child = ::fork();
  if (child == 0)
    answer(ends[1], settings, all);
  ::close(ends[1]);
  std::uint8_t index = 0;
  ssize_t got = -1;
  while (child > 0 && (got = ::read(ends[0], &index, 1)) < 0 && errno == EINTR) {
  }
  ::close(ends[0]);
  while (child > 0 && ::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (got != 1)
    throw StartError("adapter=auto: this Python did not start, so its modules are unknown");
  return index;
}

} // namespace

std::string choose_adapter(const Settings& settings) {
  const std::vector<Candidate> all = candidates(settings);
  const size_t index = ask_child(settings, all);
  if (index >= all.size())
    throw StartError("this Python has none of the modules " + modules_of(all));
  return all[index].adapter;
}

} // namespace pep554::cpython
