// Errors in input files, with their positions. Readers collect every error of every file; `pep554`
// prints them all, one line each, and ends with exit code 2.
#pragma once

#include <string>
#include <vector>

#include "spec/result.h"

namespace pep554 {

class Diagnostics {
public:
  void add(Source where, const std::string& message); // the message comes to stand on one line
  void add(const Error& error) { add(error.where, error.message); }
  bool empty() const { return list_.empty(); }
  // Sorted by file, line, column.
  std::vector<Error> sorted() const;

private:
  std::vector<Error> list_;
};

} // namespace pep554
