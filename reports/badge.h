// The verdict of a run as a badge: a picture, and the JSON from which shields.io draws one.
#pragma once

#include <iosfwd>
#include <string>

#include "harness/engine/result.h"

namespace pep554 {

// Words and numbers of this project alone; nothing of the target.
struct Badge {
  std::string message; // "conformant", "not conformant: 74 of 81", "partial: 12 of 81"
  std::string colour;  // six hexadecimal digits
};

// Of how many stated and implied clauses how many passed, and whether that makes it conformant.
Badge badge_of(const RunResult& run);

// An SVG document of one line that loads nothing. Whether it could be written is the state of the
// stream, here and below.
void write_badge_svg(const RunResult& run, std::ostream& out);

// A response to the endpoint badge of shields.io: schemaVersion, label, message, color.
void write_badge_json(const RunResult& run, std::ostream& out);

} // namespace pep554
