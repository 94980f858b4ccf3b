// What two failures have in common that come from one defect: the verdict, the operation that is
// blamed, and how it went wrong; of a leak, what stays behind. Names, ids and texts of a program
// are no part of it. Pure.
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

// A leak's without the operation, "leak memory", which it has where no step has the greater part;
// others as they are.
std::string without_culprit(const std::string& signature);

// Whether what was `found` is of the kind that is `wanted`: the same, or a leak of the same
// resource where nobody is blamed for the wanted one.
bool is_of_kind(const std::string& found, const std::string& wanted);

} // namespace pep554
