#include "spec/text.h"

#include <algorithm>
#include <cctype>

namespace pep554 {
namespace {

// The text is one long line: its words are all there is to go by.
std::vector<std::string_view> words(std::string_view part) {
  std::vector<std::string_view> found;
  size_t at = 0;
  while ((at = part.find_first_not_of(" \t\r\n", at)) != std::string_view::npos) {
    const size_t end = std::min(part.find_first_of(" \t\r\n", at), part.size());
    found.push_back(part.substr(at, end - at));
    at = end;
  }
  return found;
}

bool is_underline(std::string_view word) {
  return word.size() >= 4 && word.find_first_not_of('=') == std::string_view::npos;
}

bool ends_sentence(std::string_view word) {
  return word.ends_with('.') || word.ends_with(':');
}

std::string_view span(std::string_view first, std::string_view last) {
  return {first.data(), static_cast<size_t>(last.data() + last.size() - first.data())};
}

} // namespace

std::string_view text_sha256() {
  return PEP554_TEXT_SHA256;
}

std::string_view normative_part(std::string_view text) {
  const size_t begin = text.find("Abstract ====");
  const size_t end = text.find("Copyright ====");
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin)
    return {};
  return text.substr(begin, end - begin);
}

std::vector<std::string_view> sentences(std::string_view part) {
  std::vector<std::string_view> found;
  const std::vector<std::string_view> all = words(part);
  size_t first = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    if (is_underline(all[i])) {
      first = i + 1; // the words before it were a heading
    } else if (ends_sentence(all[i])) {
      found.push_back(span(all[first], all[i]));
      first = i + 1;
    }
  }
  if (first < all.size())
    found.push_back(span(all[first], all.back()));
  return found;
}

} // namespace pep554
