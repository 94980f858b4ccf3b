// Finds the targets of this machine.
#pragma once

#include <functional>
#include <string>

#include "harness/run/paths.h"

namespace pep554 {

struct FoundTarget {
  std::string target; // as --target takes it
  std::string name;   // plain, e.g. "cpython-3.14.8-embedded"; empty when it cannot be judged
  std::string
      what; // implementation, version and adapter, e.g. "cpython 3.14.8, adapter concurrent"
  std::string problem; // why it did not start, or has nothing to judge, in one line; else empty
};

// Starts, one after the other, a host for the reference and for every Python in the usual places
// (/usr, /usr/local, the PATH, pyenv, ci/pythons): each libpython, then each executable. Hands over
// each as soon as it is known.
void discover(const Paths& paths, const std::function<void(const FoundTarget&)>& found);

} // namespace pep554
