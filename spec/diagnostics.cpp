#include "spec/diagnostics.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "spec/readable.h"

namespace pep554 {

std::string to_string(const Diagnostic& diagnostic) {
  std::string text = diagnostic.where.file;
  if (diagnostic.where.line > 0)
    text += ':' + std::to_string(diagnostic.where.line);
  if (diagnostic.where.column > 0)
    text += ':' + std::to_string(diagnostic.where.column);
  return text + ": " + diagnostic.message;
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
