#include "harness/gate/baseline.h"

#include <algorithm>

#include <fmt/format.h>
#include <fnmatch.h>

namespace pep554::gate {

Date today() {
  return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
}

std::string to_string(Date date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string_view to_string(Entry::Subject subject) {
  switch (subject) {
  case Entry::Subject::one_case:
    return "case";
  case Entry::Subject::property:
    return "property";
  case Entry::Subject::clause:
    return "clause";
  }
  return {};
}

std::string subject_of(const Entry& entry) {
  return fmt::format("{} {}", to_string(entry.subject), entry.name);
}

std::string id_of(const Entry& entry) {
  switch (entry.subject) {
  case Entry::Subject::one_case:
    return entry.name;
  case Entry::Subject::property:
    return "property." + entry.name;
  case Entry::Subject::clause:
    break;
  }
  return {};
}

std::string fact(const TargetResult& target, std::string_view name) {
  const auto found = std::ranges::find(target.facts, name, &Facts::value_type::first);
  return found == target.facts.end() ? "" : found->second;
}

Result<std::vector<std::string>> versions_of(const Baseline& baseline, const TargetResult& target) {
  const std::string implementation = fact(target, "implementation");
  if (!baseline.implementation.empty() && baseline.implementation != implementation)
    return fail(fmt::format("is a baseline of the implementation \"{}\", and the target says that "
                            "it is \"{}\"",
                            baseline.implementation, implementation),
                {baseline.file});
  const std::string version = fact(target, "version");
  std::vector<std::string> patterns;
  for (const Version& one : baseline.versions) {
    if (::fnmatch(one.pattern.c_str(), version.c_str(), 0) != 0)
      continue;
    patterns.push_back(one.pattern);
    for (const auto& [name, value] : one.facts)
      if (fact(target, name) != value)
        return fail(fmt::format("version \"{}\" is listed with {} \"{}\", and the target's {} is "
                                "\"{}\"",
                                version, name, value, name, fact(target, name)),
                    one.where);
  }
  if (!patterns.empty() || baseline.versions.empty())
    return patterns;
  return fail(version.empty()
                  ? "has [versions], and the target does not say which version it is"
                  : fmt::format("does not list the target's version \"{}\" in [versions]", version),
              {baseline.file});
}

bool applies(const Entry& entry, const std::vector<std::string>& versions) {
  return entry.versions.empty() ||
         std::ranges::find_first_of(entry.versions, versions) != entry.versions.end();
}

} // namespace pep554::gate
