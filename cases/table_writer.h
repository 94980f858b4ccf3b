// Writes cases as a table that read_cases() reads back, so that generated cases are stored and run
// like handwritten ones.
#pragma once

#include <string>
#include <vector>

#include "harness/engine/expectation.h"

namespace pep554 {

// `about` is the table's first line. Of an id only what follows the first dot is written: the rest
// is the name of the file. `where` is not written.
std::string table_text(const std::string& about, const std::vector<Case>& cases);

} // namespace pep554
