// Output for people. A closed pipe or terminal is no error, since results are files. Any other
// failure of standard output is reported at the end.
#pragma once

#include <cstdio>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/exit_codes.h"

namespace pep554 {

void put(std::FILE* stream, std::string_view text);

// Flushes the stream, e.g. before output to another stream.
void flush(std::FILE* stream);

template <class... Values>
void print(std::FILE* stream, fmt::format_string<Values...> format, Values&&... values) {
  put(stream, fmt::format(format, std::forward<Values>(values)...));
}

// The problem on standard error, behind the program's name; returns the code.
Exit print_error(Exit code, std::string_view problem);

// Call last. False when standard output could not be written, other than to a closed pipe; a line
// on standard error then says so.
bool output_is_complete();

} // namespace pep554
