#include "harness/run/isolation.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/run/shell.h"

namespace pep554 {
namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> stream(::popen(command.c_str(), "re"), &::pclose);
  std::string text;
  std::array<char, 4096> portion{};
  size_t size = 0;
  while (stream && (size = std::fread(portion.data(), 1, portion.size(), stream.get())) > 0)
    text.append(portion.data(), size);
  return text;
}

} // namespace

void allow(const JailOptions& options) {
  const auto add = [](const char* name, const std::vector<std::string>& more) {
    const char* given = std::getenv(name);
    const std::string before = given == nullptr || *given == 0 ? "" : std::string(given) + ":";
    if (!more.empty())
      ::setenv(name, fmt::format("{}{}", before, fmt::join(more, ":")).c_str(), 1);
  };
  add("PEP554_ENV", options.env);
  add("PEP554_READABLE", options.readable);
}

bool is_jailed() {
  const char* wanted = std::getenv("PEP554_JAIL");
  return wanted == nullptr || std::string_view(wanted) != "off";
}

std::vector<std::pair<std::string, std::string>> isolation_measures(const Paths& paths) {
  if (!is_jailed())
    return {{"jail", "PEP554_JAIL=off"}};
  std::vector<std::pair<std::string, std::string>> measures;
  std::istringstream lines(output_of(quoted(paths.jail.string()) + " --probe"));
  for (std::string name, missing; std::getline(lines, name, '\t') && std::getline(lines, missing);)
    measures.emplace_back(name, missing);
  if (measures.empty())
    return {{"jail", paths.jail.string() + " does not start"}};
  return measures;
}

std::string describe_isolation(const Paths& paths) {
  std::string active;
  std::string missing;
  for (const auto& [name, why] : isolation_measures(paths))
    if (why.empty())
      active += (active.empty() ? "" : ", ") + name;
    else
      missing += fmt::format("{}{} ({})", missing.empty() ? "" : ", ", name, why);
  if (active.empty())
    active = "none";
  return missing.empty() ? active : active + "; not: " + missing;
}

} // namespace pep554
