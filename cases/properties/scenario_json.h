// A scenario as JSON, and back.
#pragma once

#include <nlohmann/json.hpp>

#include "cases/properties/scenario.h"

namespace pep554::properties {

nlohmann::json to_json(const Scenario& scenario);

// The inverse. Throws nlohmann::json::exception on a document that is not what it should be.
Scenario scenario_from(const nlohmann::json& document);

} // namespace pep554::properties
