#include "harness/run/target_advice.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "harness/run/isolation.h"
#include "spec/nearest.h"

namespace pep554 {
namespace {

namespace fs = std::filesystem;

// The kind of target whose first word such a file is; empty when its name does not say.
std::string_view kind_of(const std::string& file) {
  const std::string name = fs::path(file).filename().string();
  const bool library = name.ends_with(".so") || name.find(".so.") != std::string::npos;
  if (library)
    return name.starts_with("libpython") ? "cpython" : "plugin";
  if (name.starts_with("python") || name.starts_with("pypy"))
    return "python";
  return {};
}

bool is_executable(const std::string& file) {
  std::error_code failure;
  return fs::is_regular_file(file, failure) && ::access(file.c_str(), X_OK) == 0;
}

// As the C library, the dynamic loader and Python say that a file cannot be read.
bool cannot_read(std::string_view why) {
  constexpr std::array<std::string_view, 4> unread{"Permission denied", "cannot open shared object",
                                                   "No module named", "cannot import name"};
  return std::ranges::any_of(
      unread, [why](std::string_view words) { return why.find(words) != std::string_view::npos; });
}

std::string advice(const Target& target, std::string_view why) {
  const size_t colon = target.name.find(':');
  const std::string kind = target.name.substr(0, colon);
  const std::string rest = colon == std::string::npos ? "" : target.name.substr(colon + 1);
  const std::string_view other = kind_of(rest.substr(0, rest.find(',')));
  const bool is_missing = why.starts_with("cannot start ") ||
                          why.find("cannot open shared object file") != std::string_view::npos;
  if (kind != "host" && kind != "reference" && !other.empty() && other != kind)
    return fmt::format(" (did you mean {}:{}?)", other, rest);
  if (kind == "reference" && is_missing)
    return "; the reference implementation runs in this library: install it, or name another "
           "target";
  if (is_missing && (kind == "cpython" || kind == "python"))
    return "; pep554 list targets lists the Pythons of this machine";
  if (is_jailed() && cannot_read(why))
    return "; if it needs files outside of its own folders, add --readable FOLDER";
  return {};
}

} // namespace

std::string probable_target(std::string_view given) {
  const std::string text(given);
  const size_t colon = text.find(':');
  if (colon != std::string::npos) {
    const std::vector<std::string> kinds{target_kinds.begin(), target_kinds.end()};
    const std::string kind = nearest(text.substr(0, colon), kinds);
    return kind.empty() || colon + 1 == text.size() ? "" : kind + text.substr(colon);
  }
  if (std::string name = nearest(text, {"reference"}); !name.empty())
    return name;
  const std::string file = text.substr(0, text.find(','));
  if (const std::string_view kind = kind_of(file); !kind.empty())
    return fmt::format("{}:{}", kind, text);
  return is_executable(file) ? "host:" + text : "";
}

bool parses_as_target(std::string_view given) {
  const size_t colon = given.find(':');
  return given == "reference" ||
         (colon != std::string_view::npos && colon + 1 < given.size() &&
          std::ranges::find(target_kinds, given.substr(0, colon)) != target_kinds.end());
}

std::string meant(std::string_view given) {
  const std::string target = probable_target(given);
  return target.empty() ? "" : fmt::format(" (did you mean {}?)", target);
}

std::string did_not_start(const Target& target, std::string_view name, std::string_view why) {
  return fmt::format("target {} did not start: {}{}", name, why, advice(target, why));
}

} // namespace pep554
