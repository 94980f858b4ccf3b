// Texts of reports: counts with nouns, fragments of links.
#pragma once

#include <string>
#include <string_view>

namespace pep554 {

// "1 case", "2 cases"; `plural` where it is not the noun and "s".
std::string counted(size_t count, std::string_view noun, std::string_view plural = {});

// An id as the fragment of a link: characters other than A-Z a-z 0-9 . _ - become '_'.
std::string anchor(std::string_view prefix, std::string_view id);

} // namespace pep554
