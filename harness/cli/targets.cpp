#include "harness/cli/targets.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pep554 {
namespace {

constexpr std::array<std::string_view, 4> option_names{"adapter", "path", "site", "home"};

std::vector<std::string> adapters(const Paths& paths) {
  std::vector<std::string> names;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(paths.adapters, failure))
    if (entry.is_directory())
      names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

std::vector<std::string> split(std::string_view text, char by) {
  std::vector<std::string> parts;
  size_t from = 0;
  for (size_t at = text.find(by); at != std::string_view::npos; at = text.find(by, from)) {
    parts.emplace_back(text.substr(from, at - from));
    from = at + 1;
  }
  parts.emplace_back(text.substr(from));
  return parts;
}

Target cpython(std::string_view name, const Paths& paths, const std::string& libpython) {
  return {std::string(name),
          {paths.host.string(), (paths.plugins / "pep554-cpython.so").string(),
           "libpython=" + libpython, "adapters=" + paths.adapters.string()}};
}

// Adds "key=value" to the command; a relative path is one from here, not from the host's folder.
bool add_option(const std::string& option, const Paths& paths, Target& target, std::string& error) {
  const size_t equals = option.find('=');
  const std::string key = option.substr(0, equals);
  const std::string value = equals == std::string::npos ? "" : option.substr(equals + 1);
  if (std::ranges::find(option_names, key) == option_names.end() || value.empty()) {
    error = fmt::format("target option \"{}\": expected one of {}=VALUE", option,
                        fmt::join(option_names, "=VALUE, "));
    return false;
  }
  const auto known = adapters(paths);
  if (key == "adapter" && std::ranges::find(known, value) == known.end()) {
    error =
        fmt::format("unknown adapter \"{}\": expected one of {}", value, fmt::join(known, ", "));
    return false;
  }
  if (key == "site" && value != "on" && value != "off") {
    error = fmt::format("target option \"{}\": expected site=on or site=off", option);
    return false;
  }
  const bool is_path = key == "path" || key == "home";
  const std::string given = is_path ? std::filesystem::absolute(value).string() : value;
  target.command.push_back(key + '=' + given);
  return true;
}

} // namespace

std::optional<Target> parse_target(std::string_view given, const Paths& paths, std::string& error) {
  constexpr std::string_view prefix = "cpython:";
  if (given == "reference") {
    Target target = cpython(given, paths, PEP554_REFERENCE_LIBPYTHON);
    target.command.push_back("path=" + paths.reference.string());
    return target;
  }
  const std::vector<std::string> parts =
      split(given.starts_with(prefix) ? given.substr(prefix.size()) : "", ',');
  if (parts.front().empty()) {
    error = fmt::format("unknown target \"{}\": expected reference or cpython:LIBPYTHON"
                        "[,adapter=NAME][,path=DIR]; see pep554 list targets",
                        given);
    return std::nullopt;
  }
  Target target = cpython(given, paths, parts.front());
  for (size_t i = 1; i < parts.size(); ++i)
    if (!add_option(parts[i], paths, target, error))
      return std::nullopt;
  return target;
}

std::vector<KnownTarget> known_targets(const Paths& paths) {
  std::vector<KnownTarget> known{
      {"reference", fmt::format("the reference implementation, on {}", PEP554_REFERENCE_LIBPYTHON)},
      {"cpython:LIBPYTHON,path=DIR",
       "the module interpreters found in DIR, on the CPython (3.8 or later) that LIBPYTHON is"}};
  for (const std::string& name : adapters(paths))
    known.push_back({"cpython:LIBPYTHON,adapter=" + name,
                     fmt::format("that CPython's own module, through the adapter {}", name)});
  return known;
}

} // namespace pep554
