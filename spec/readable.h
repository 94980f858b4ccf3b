// Foreign text for people: output, answers, names and files of others may hold any bytes. These
// functions are all that makes it fit for terminals, pages, XML and comments. For people: the
// results are not to be read back. Each leaves its own results alone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pep554 {

// The text as valid UTF-8: each ill-formed sequence becomes U+FFFD. Valid text comes back
// unchanged.
std::string valid_utf8(std::string_view text);

// valid_utf8, with characters that cannot be seen made visible: control characters other than tab
// and line feed as "\x1b"; C1 controls, characters that reorder text or have no width, further ends
// of lines and noncharacters as "<U+202E>". The answer is allowed in XML 1.0; markup is NOT
// escaped.
std::string readable(std::string_view text);

// readable, with line feeds as "\n" and tabs as "\t": it stays on its line. Beyond `width` bytes,
// "..." stands for the rest.
std::string on_one_line(std::string_view text, size_t width = std::string_view::npos);

} // namespace pep554
