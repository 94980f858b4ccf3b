// What keeps judged code apart on this machine.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/run/paths.h"

namespace pep554 {

// Further exceptions for judged code.
struct JailOptions {
  std::vector<std::string> env;      // names of environment variables that it may see
  std::vector<std::string> readable; // files and folders that it may read
};

// Puts them into the environment, where pep554-jail looks for them.
void allow(const JailOptions& options);

// Whether hosts are started through pep554-jail: unless the environment has PEP554_JAIL=off.
bool is_jailed();

// The measures of isolation that the jail takes, each with the reason why it is missing, else "".
// Starts the jail once; one measure "jail" where that cannot be done.
std::vector<std::pair<std::string, std::string>> isolation_measures(const Paths& paths);

// The same in one line: "pid namespace, landlock; not: seccomp (Function not implemented)".
std::string describe_isolation(const Paths& paths);

} // namespace pep554
