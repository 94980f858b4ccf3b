// What identifies the cases of a run: results of other tables are not the same run's.
#pragma once

#include <string>

#include "harness/run/suite.h"

namespace pep554 {

// The SHA-256, in hexadecimal, of all that the cases and the properties (not the distribution of
// their programs) ask for and that their results repeat of them;
// the folder of their tables does not count.
std::string cases_digest(const Suite& suite);

} // namespace pep554
