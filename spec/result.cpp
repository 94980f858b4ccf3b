#include "spec/result.h"

namespace pep554 {

std::string to_string(const Error& error) {
  std::string text = error.where.file;
  for (const size_t number : {error.where.line, error.where.column})
    if (number > 0)
      text += (text.empty() ? "" : ":") + std::to_string(number);
  return text.empty() ? error.message : text + ": " + error.message;
}

} // namespace pep554
