// What to write instead of a target that is unknown, or that cannot start.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "harness/run/targets.h"

namespace pep554 {

inline constexpr std::array<std::string_view, 4> target_kinds{"cpython", "python", "plugin",
                                                              "host"};

// The target that an unknown one probably means, as --target takes it: of "toy.so" "plugin:toy.so".
// Empty when none is probable.
std::string probable_target(std::string_view given);

// Whether it has the form of a target.
bool parses_as_target(std::string_view given);

// " (did you mean plugin:toy.so?)", or nothing.
std::string meant(std::string_view given);

// The line for a target that did not start: which, why, and what would be right, as far as that can
// be known.
std::string did_not_start(const Target& target, std::string_view name, std::string_view why);

} // namespace pep554
