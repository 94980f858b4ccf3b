// Signatures of failures, which are equal for failures of one defect: the verdict, the operation,
// and the kind of error; of a leak, the resource. They contain no names, ids or texts of a program.
// Pure.
#pragma once

#include <string>

#include "harness/engine/history.h"
#include "harness/engine/leak.h"
#include "harness/engine/result.h"

namespace pep554 {

// E.g. "crash destroy SIGABRT", "fail enumerate", "fail run RuntimeError", "broken-at-exit
// SIGSEGV", "leak memory create". `result` is the judge's of this case, history and baseline, and
// no pass.
std::string signature_of(const Case& subject, const History& history, const Baseline& baseline,
                         const CaseResult& result);

// A leak's signature without the operation, "leak memory", as it is without a culprit; others
// unchanged.
std::string without_culprit(const std::string& signature);

// Whether the signatures match: they are equal, or a leak of the same resource where `wanted` has
// no operation.
bool is_of_kind(const std::string& found, const std::string& wanted);

} // namespace pep554
