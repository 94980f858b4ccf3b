// What a jail is made of, as its surroundings ask for it.
#pragma once

#include <string>
#include <vector>

namespace pep554::jail {

// One measure of isolation. `missing` says why it is not there; empty: it is.
struct Measure {
  std::string name;
  std::string missing;
};
using Measures = std::vector<Measure>;

std::string last_error(); // errno as text

struct Settings {
  std::vector<std::string> command;  // of the host
  std::vector<std::string> readable; // files and folders besides the system's
  std::vector<std::string> writable; // besides the private folder
  std::vector<std::string> kept;     // names of environment variables besides the usual ones
  bool network = false;              // is left as it is
};

// From the command and these variables: PEP554_ENV (names of variables), PEP554_READABLE and
// PEP554_WRITABLE (paths), each a list with ':' between; PEP554_NETWORK=on.
Settings settings_from(std::vector<std::string> command);

// Removes all variables but those that programs commonly need, and those in `kept`.
void clean_environment(const Settings& settings);

// The folders that a target needs, of a command: of each word, or of what follows its first '=',
// that names a file: the folder that it is in, or the prefix of one that is in bin, lib or shims;
// of a link, also of what it leads to. The whole folder where the word names one.
std::vector<std::string> folders_of(const std::vector<std::string>& command);

} // namespace pep554::jail
