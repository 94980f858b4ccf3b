#include "harness/run/unjudged_module.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/run/shell.h"
#include "spec/read_file.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code failure;
  return fs::is_regular_file(path, failure);
}

// The lines of a file, without the space around them.
std::vector<std::string> lines_of(const fs::path& file) {
  std::vector<std::string> lines;
  std::istringstream all(read_file(file).value_or(""));
  for (std::string line; std::getline(all, line);) {
    line.erase(0, line.find_first_not_of(" \t"));
    line.erase(line.find_last_not_of(" \t\r") + 1);
    lines.push_back(line);
  }
  return lines;
}

// The folder of the virtual environment that the Python is of; empty for none.
fs::path environment_of(const Hello& hello) {
  const fs::path bin = fs::path(hello.fact("executable")).parent_path();
  for (const fs::path& home : {bin, bin.parent_path()})
    if (is_file(home / "pyvenv.cfg"))
      return home;
  return {};
}

std::string minor_version(const Hello& hello) {
  const std::string version = hello.fact("version");
  return version.substr(0, version.find('.', version.find('.') + 1));
}

// Folders that the module `site` adds below a prefix, whether they exist or not.
void add_site_folders(const fs::path& prefix, const std::string& minor,
                      std::vector<fs::path>& folders) {
  for (const std::string& lib : {"lib/python" + minor, "lib64/python" + minor, "lib/pypy" + minor})
    for (const char* packages : {"site-packages", "dist-packages"})
      folders.push_back(prefix / lib / packages);
  folders.push_back(prefix / "lib/python3/dist-packages"); // Debian's
  folders.push_back(prefix / "local/lib" / ("python" + minor) / "dist-packages");
  folders.push_back(prefix / "site-packages"); // old PyPys'
}

std::vector<fs::path> site_folders(const Hello& hello) {
  const fs::path environment = environment_of(hello);
  std::vector<fs::path> folders;
  if (!environment.empty())
    add_site_folders(environment, minor_version(hello), folders);
  const auto lines = lines_of(environment / "pyvenv.cfg");
  if (environment.empty() ||
      std::ranges::find(lines, "include-system-site-packages = true") != lines.end())
    add_site_folders(hello.fact("prefix"), minor_version(hello), folders);
  return folders;
}

// The user's own, which no target has on its path, whatever its option site says.
fs::path user_folder(const Hello& hello) {
  const char* home = std::getenv("HOME");
  return home == nullptr || !environment_of(hello).empty()
             ? fs::path()
             : fs::path(home) / ".local/lib" / ("python" + minor_version(hello)) / "site-packages";
}

fs::path module_in(const fs::path& folder) {
  for (const char* name : {"interpreters/__init__.py", "interpreters.py"})
    if (is_file(folder / name))
      return folder / name;
  std::error_code failure;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with("interpreters.") && name.ends_with(".so"))
      return at->path();
  }
  return {};
}

// The folders that the .pth files of a folder name, e.g. of a package that is installed to be
// edited.
std::vector<fs::path> named_folders(const fs::path& folder) {
  std::vector<fs::path> named;
  std::error_code failure;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end;
       at.increment(failure))
    if (at->path().extension() == ".pth")
      for (const std::string& line : lines_of(at->path()))
        if (!line.empty() && line.front() != '#' && !line.starts_with("import"))
          named.push_back(folder / line);
  return named;
}

} // namespace

UnjudgedModule unjudged_module(const Target& target, const Hello& hello) {
  const auto is_given = [&](const char* word) {
    return std::ranges::find(target.command, word) != target.command.end();
  };
  if (!is_given("adapter=auto") || is_given("site=off") || hello.fact("site") != "off")
    return {};
  for (const fs::path& folder : site_folders(hello)) {
    if (fs::path module = module_in(folder); !module.empty())
      return {module, "site=on"};
    for (const fs::path& named : named_folders(folder))
      if (fs::path module = module_in(named); !module.empty())
        return {module, "site=on"};
  }
  const fs::path folder = user_folder(hello);
  const fs::path module = folder.empty() ? fs::path() : module_in(folder);
  return module.empty() ? UnjudgedModule{}
                        : UnjudgedModule{module, "path=" + target_word(folder.string())};
}

std::string unjudged_warning(const Target& target, const Hello& hello) {
  const UnjudgedModule module = unjudged_module(target, hello);
  return module.file.empty()
             ? ""
             : fmt::format("{} is installed, but not judged: targets start without site packages; "
                           "to judge it: --target {}",
                           module.file.string(), quoted(target.name + "," + module.option));
}

} // namespace pep554
