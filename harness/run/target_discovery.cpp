#include "harness/run/target_discovery.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <glob.h>

#include "harness/engine/host_process.h"
#include "harness/run/targets.h"
#include "harness/run/unjudged_module.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

// Files that match a shell pattern, in the order of the versions in their names.
std::vector<std::string> matches(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> files;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
    files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  std::ranges::sort(files, [](const std::string& left, const std::string& right) {
    return ::strverscmp(left.c_str(), right.c_str()) < 0;
  });
  return files;
}

std::string pyenv() {
  return variable("PYENV_ROOT", variable("HOME", "/root") + "/.pyenv") + "/versions/*";
}

std::string fetched(const Paths& paths) {
  return variable("PEP554_PYTHONS", paths.pythons.string()) + "/*";
}

std::vector<std::string> library_patterns(const Paths& paths) {
  const std::string file = "/libpython3.*.so.1.0";
  return {"/usr/lib/*" + file, "/usr/local/lib" + file, pyenv() + "/lib" + file,
          fetched(paths) + "/lib/*" + file};
}

std::vector<std::string> executable_patterns(const Paths& paths) {
  std::vector<std::string> patterns;
  std::string folders = variable("PATH", "/usr/bin") + ":/usr/bin:/usr/local/bin";
  for (size_t from = 0; from < folders.size();) {
    const size_t end = std::min(folders.find(':', from), folders.size());
    for (const char* name : {"/python3.[0-9]", "/python3.[0-9][0-9]", "/pypy3"})
      if (end > from)
        patterns.push_back(folders.substr(from, end - from) + name);
    from = end + 1;
  }
  for (const std::string& home : {pyenv(), fetched(paths)})
    for (const char* name : {"/bin/python3.[0-9]", "/bin/python3.[0-9][0-9]", "/bin/pypy3"})
      patterns.push_back(home + name);
  return patterns;
}

FoundTarget examine(const std::string& target, const Paths& paths) {
  constexpr std::chrono::seconds startup_timeout{20};
  FoundTarget found{target, "", "", ""};
  const auto parsed = parse_target(target, paths);
  const auto host = parsed.and_then(
      [&](const Target& one) { return HostProcess::start(one.command, startup_timeout); });
  if (!host) {
    found.problem = host.error().message;
    return found;
  }
  const Hello& hello = (*host)->hello();
  found.what = fmt::format("{} {}", hello.fact("implementation"), hello.fact("version"));
  if (const std::string adapter = hello.fact("adapter"); !adapter.empty())
    found.what += ", adapter " + adapter;
  if (const UnjudgedModule module = unjudged_module(*parsed, hello); !module.file.empty())
    found.what += fmt::format("; {} judges {}", module.option, module.file.string());
  found.problem = hello.unsupported_reason;
  found.name = target == "reference" ? target
                                     : fmt::format("{}-{}-{}", hello.fact("implementation"),
                                                   hello.fact("version"), hello.fact("via"));
  return found;
}

// A script that only picks a Python, as pyenv's shims do, is none.
bool is_elf(const std::string& file) {
  std::array<char, 4> magic{};
  std::error_code failure;
  if (!fs::is_regular_file(file, failure)) // to open a pipe would wait for its other end
    return false;
  std::ifstream(file, std::ios::binary).read(magic.data(), magic.size());
  return std::string_view(magic.data(), magic.size()) == "\177ELF";
}

// Each program or library once, under whichever name it was met first.
std::vector<std::string> distinct(const std::vector<std::string>& patterns) {
  std::vector<std::string> files;
  std::set<fs::path> known;
  for (const std::string& pattern : patterns)
    for (const std::string& file : matches(pattern)) {
      std::error_code failure;
      if (is_elf(file) && known.insert(fs::canonical(file, failure)).second && !failure)
        files.push_back(file);
    }
  return files;
}

} // namespace

void discover(const Paths& paths, const std::function<void(const FoundTarget&)>& found) {
  found(examine("reference", paths));
  for (const std::string& library : distinct(library_patterns(paths)))
    found(examine("cpython:" + target_word(library), paths));
  for (const std::string& executable : distinct(executable_patterns(paths)))
    found(examine("python:" + target_word(executable), paths));
}

} // namespace pep554
