// What two failures have in common that come from one defect: the verdict, the operation that is
// blamed, and how it went wrong. Names, ids and texts of a program are no part of it. Pure.
#pragma once

#include <string>

#include "harness/engine/history.h"
#include "harness/engine/result.h"

namespace pep554 {

// E.g. "crash destroy SIGABRT", "fail enumerate", "fail run RuntimeError", "broken-at-exit
// SIGSEGV". `result` is the judge's of this case and history, and no pass.
std::string signature_of(const Case& subject, const History& history, const CaseResult& result);

} // namespace pep554
