// Words for people. A reader that went away (a closed pipe, a terminal that hung up) is no reason
// to stop or to complain: results are files. Any other failure of standard output is told at the
// end.
#pragma once

#include <cstdio>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/exit_codes.h"

namespace pep554 {

void put(std::FILE* stream, std::string_view text);

// What was said so far goes out now, before what another stream says, or what takes time.
void flush(std::FILE* stream);

template <class... Values>
void say(std::FILE* stream, fmt::format_string<Values...> format, Values&&... values) {
  put(stream, fmt::format(format, std::forward<Values>(values)...));
}

// The problem on standard error, behind the program's name; returns the code.
Exit complain(Exit code, std::string_view problem);

// Call last. False when something of standard output was lost for another reason than that nobody
// reads it; a line on standard error then says so.
bool all_was_said();

} // namespace pep554
