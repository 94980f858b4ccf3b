#include "spec/diagnostics.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace pep554 {

std::string to_string(const Diagnostic& diagnostic) {
  std::string text = diagnostic.where.file;
  if (diagnostic.where.line > 0)
    text += ':' + std::to_string(diagnostic.where.line);
  if (diagnostic.where.column > 0)
    text += ':' + std::to_string(diagnostic.where.column);
  return text + ": " + diagnostic.message;
}

std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '\n')
      line += "\\n";
    else if (code < 0x20 || code == 0x7F)
      line += fmt::format("\\x{:02x}", static_cast<unsigned>(code));
    else
      line += c;
  }
  return line;
}

void Diagnostics::add(Source where, const std::string& message) {
  list_.push_back({std::move(where), on_one_line(message)});
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> copy = list_;
  std::ranges::stable_sort(copy, {}, [](const Diagnostic& one) {
    return std::tie(one.where.file, one.where.line, one.where.column);
  });
  return copy;
}

} // namespace pep554
