// Measures the cost of generated programs: generated, executed and judged as pep554 properties does
// it, and executed by the floor.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "cases/properties/property.h"
#include "harness/bench/measure.h"

namespace pep554::bench {

// Examples a second of the property, by two hosts, and programs a second by two floors at once:
// {"ours":
// [...], "floor": [...], "operations": of one example, on average}. Only examples that the floor
// can execute: one lane, no gate. Throws as measure.h says.
nlohmann::json examples(const Subjects& subjects, const properties::Property& property,
                        const std::vector<std::string>& clauses, const Size& size);

} // namespace pep554::bench
