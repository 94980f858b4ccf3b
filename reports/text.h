// Text for people: escapes output and answers of targets, which may contain any bytes, for pages
// and XML; counts with nouns.
#pragma once

#include <string>
#include <string_view>

namespace pep554 {

// The text as valid UTF-8: each ill-formed sequence becomes U+FFFD. Valid text comes back
// unchanged.
std::string valid_utf8(std::string_view text);

// valid_utf8, with characters that cannot be seen made visible: control characters other than tab
// and line feed as "\x1B"; C1 controls, marks that reorder text and noncharacters as "<U+202E>".
// For people: not to be read back. The answer is allowed in XML 1.0; markup is NOT escaped.
std::string readable(std::string_view text);

// "1 case", "2 cases"; `plural` where it is not the noun and "s".
std::string counted(size_t count, std::string_view noun, std::string_view plural = {});

// An id as the fragment of a link: characters other than A-Z a-z 0-9 . _ - become '_'.
std::string anchor(std::string_view prefix, std::string_view id);

} // namespace pep554
