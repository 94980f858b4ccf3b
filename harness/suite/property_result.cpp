#include "harness/suite/property_result.h"

#include <fmt/format.h>

namespace pep554 {
namespace {

CaseResult missing(const PropertySearch::Outcome& outcome) {
  CaseResult result;
  if (outcome.unobtained > 0) {
    result.verdict = Verdict::blocked;
    result.reason = fmt::format("{} of {} examples had no result: {}", outcome.unobtained,
                                outcome.examples, outcome.why_unobtained);
  } else if (outcome.unsupported > 0) {
    result.verdict = Verdict::unsupported;
    result.reason =
        fmt::format("{} of {} examples use an operation that the target does not support",
                    outcome.unsupported, outcome.examples);
  } else if (outcome.examples == 0) {
    result.verdict = Verdict::not_run;
    result.reason = "no example was executed";
  } else {
    result.verdict = Verdict::pass;
  }
  return result;
}

} // namespace

CaseResult property_result(const properties::Property& property,
                           const PropertySearch::Outcome& outcome) {
  CaseResult result =
      outcome.counterexamples.empty() ? missing(outcome) : outcome.counterexamples.front().result;
  result.id = "property." + property.name;
  result.title = property.sentence;
  result.where = property.where;
  result.clauses = property.clauses;
  return result;
}

} // namespace pep554
