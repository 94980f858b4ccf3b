#include "spec/diagnostics.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "spec/readable.h"

namespace pep554 {

void Diagnostics::add(Source where, const std::string& message) {
  list_.push_back({std::move(where), on_one_line(message)});
}

std::vector<Error> Diagnostics::sorted() const {
  std::vector<Error> copy = list_;
  std::ranges::stable_sort(copy, {}, [](const Error& one) {
    return std::tie(one.where.file, one.where.line, one.where.column);
  });
  return copy;
}

} // namespace pep554
