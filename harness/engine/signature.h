// Signatures of failures, which are equal for failures of one defect: the verdict, the operation,
// and the kind of error; of a leak, the resource. Words with one space between them, the verdict
// first. They contain no names, ids or texts of a program, and no addresses, times or sizes: two
// runs that fail alike have equal signatures. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/history.h"
#include "harness/engine/leak.h"
#include "harness/engine/result.h"

namespace pep554 {

// E.g. "crash destroy SIGABRT", "fail enumerate", "fail run RuntimeError", "broken-at-exit
// SIGSEGV", "leak memory create". `result` is the judge's of this case, history and baseline, and
// no pass.
std::string signature_of(const Case& subject, const History& history, const Baseline& baseline,
                         const CaseResult& result);

// The words with which all of them begin: "crash run" of "crash run SIGABRT" and "crash run
// SIGSEGV". At least one signature.
std::string common_signature(const std::vector<std::string>& signatures);

// Whether `found` is `wanted`, or begins with all its words.
bool begins_with_words(std::string_view found, std::string_view wanted);

// A leak's signature without the operation, "leak memory", as it is without a culprit; others
// unchanged.
std::string without_culprit(const std::string& signature);

// Whether the signatures match: they are equal, or a leak of the same resource where `wanted` has
// no operation.
bool is_of_kind(const std::string& found, const std::string& wanted);

} // namespace pep554
