#include "harness/engine/expectation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pep554 {
namespace {

std::string outcome(const Expectation& expectation) {
  switch (expectation.outcome) {
  case Expectation::Outcome::any:
    return "any answer, or an exception";
  case Expectation::Outcome::raises:
    return expectation.category ? fmt::format("raises ({})", *expectation.category) : "raises";
  case Expectation::Outcome::ok:
    return "answers";
  }
  return {};
}

} // namespace

std::string describe(const Expectation& expectation) {
  std::vector<std::string> parts;
  if (expectation.truth)
    parts.emplace_back(*expectation.truth ? "True" : "False");
  if (expectation.same)
    parts.push_back(*expectation.same);
  if (!expectation.differs.empty())
    parts.push_back(fmt::format("not {}", fmt::join(expectation.differs, ", not ")));
  if (expectation.exactly)
    parts.push_back(fmt::format("lists exactly {}", fmt::join(*expectation.exactly, ", ")));
  if (!expectation.contains.empty())
    parts.push_back(fmt::format("lists {}", fmt::join(expectation.contains, ", ")));
  if (!expectation.excludes.empty())
    parts.push_back(fmt::format("does not list {}", fmt::join(expectation.excludes, ", ")));
  if (expectation.emits)
    parts.push_back(expectation.emits->empty()
                        ? "the code emits nothing"
                        : fmt::format("the code emits {}", fmt::join(*expectation.emits, ", ")));
  if (!expectation.during.empty())
    parts.push_back(
        fmt::format("{} emitted before it returns", fmt::join(expectation.during, ", ")));
  if (parts.empty() || expectation.outcome != Expectation::Outcome::ok)
    parts.insert(parts.begin(), outcome(expectation));
  return fmt::format("{}", fmt::join(parts, "; "));
}

} // namespace pep554
