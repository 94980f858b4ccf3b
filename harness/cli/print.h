// Output for people; nothing else of this program writes to a terminal. A closed pipe or terminal
// is no error, since results are files. Any other failure of standard output is reported at the
// end.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "harness/cli/exit_codes.h"
#include "spec/readable.h"
#include "spec/result.h"

namespace pep554 {

// The text as it is.
void put(std::FILE* stream, std::string_view text);

// Flushes the stream, e.g. before output to another stream.
void flush(std::FILE* stream);

// Text that is printed as it is: of this program, or made readable before.
struct AsIs {
  std::string text;
};

// A value as print() prints it. Every text is taken for foreign (spec/readable.h): it comes to
// stand on one line, without anything that acts on a terminal, and is cut where it is endless.
template <class Value>
auto shown(const Value& value) {
  constexpr size_t longest = 4096; // bytes; as long as a path can be
  if constexpr (std::is_same_v<Value, AsIs>)
    return value.text;
  else if constexpr (std::is_convertible_v<const Value&, std::string_view>)
    return on_one_line(value, longest);
  else
    return value;
}

template <class... Values>
void print(std::FILE* stream,
           fmt::format_string<decltype(shown(std::declval<const Values&>()))...> format,
           const Values&... values) {
  put(stream, fmt::format(format, shown(values)...));
}

// Each line of a text behind the prefix, as print() prints it.
void print_lines(std::FILE* stream, std::string_view prefix, std::string_view text);

// The same without a code to return; nothing where the text is empty.
void print_warning(std::string_view text);

// The problem on standard error, behind the program's name; returns the code.
Exit print_error(Exit code, std::string_view problem);
Exit print_error(Exit code, const Error& error);

// Call last. False when standard output could not be written, other than to a closed pipe; a line
// on standard error then says so.
bool output_is_complete();

} // namespace pep554
