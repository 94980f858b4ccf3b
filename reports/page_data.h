// The results of a run as the data that the templates of the page ask for: texts made readable,
// links resolved, numbers in words. The keys are those of page/*.mustache.
#pragma once

#include <kainjow/mustache.hpp>

#include "harness/engine/result.h"

namespace pep554 {

// Everything but style, script and partials.
kainjow::mustache::data page_data(const RunResult& run);

} // namespace pep554
