#include "harness/bench/programs.h"

#include <stdexcept>

namespace pep554::bench {

Program program_called(const std::string& name) {
  Program program;
  if (name == "nothing")
    program.lanes = {{{Op::get_main, "", "main", ""}}};
  else if (name == "life")
    program.lanes = {
        {{Op::create, "", "a", ""}, {Op::run, "a", "", "x = 6 * 7"}, {Op::destroy, "a", "", ""}}};
  else
    throw std::invalid_argument("no program is called " + name);
  return program;
}

} // namespace pep554::bench
