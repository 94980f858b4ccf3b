// The properties: a sentence that holds for every program of a kind, and the profile that generates
// such programs. properties.toml has them; README.md explains its keys.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/properties/generator.h"
#include "spec/clauses.h"
#include "spec/diagnostics.h"

namespace pep554::properties {

// The check of a program of the property, beside the expectations of its actions.
enum class Check {
  answers,        // nothing more
  leaves_nothing, // executed many times in one process, it does not hold more each time
  same_again,     // executed again in another process, it is answered alike
  in_any_order,   // with independent actions in another order, each is answered as before
};

std::string_view to_string(Check check); // as in properties.toml, e.g. "leaves-nothing"
std::optional<Check> check_from(std::string_view name);

struct Property {
  std::string name;
  std::string sentence;
  std::vector<std::string> clauses; // that it follows from, or that ask for it
  Profile profile;
  Check check = Check::answers;
  unsigned share = 1; // of the examples, relative to the others
  Source where;
};

// Reads the file. Every error is added to `diagnostics`, with the file as `display_path`; what is
// answered is of use only when there is none.
std::vector<Property> load_properties(const std::filesystem::path& file,
                                      const std::string& display_path, const ClauseSet& clauses,
                                      Diagnostics& diagnostics);
std::vector<Property> read_properties(std::string_view text, const std::string& display_path,
                                      const ClauseSet& clauses, Diagnostics& diagnostics);

// Which one the example is of: each has its share of any few examples that follow on each other.
const Property& property_of(const std::vector<Property>& properties, std::uint64_t example);

} // namespace pep554::properties
