// Errors in input files, with their positions. Readers collect every error of every file; `pep554`
// prints them all, one line each, and ends with exit code 2.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pep554 {

// A position in a file. Lines and columns count from 1; 0 where there is none.
struct Source {
  std::string file;
  size_t line = 0;
  size_t column = 0;
  bool operator==(const Source&) const = default;
};

struct Diagnostic {
  Source where;
  std::string message; // what is wrong and what was expected
};

// "cases/run.toml:12:3: ..."; parts that are 0 are left out.
std::string to_string(const Diagnostic& diagnostic);

class Diagnostics {
public:
  void add(Source where, const std::string& message); // the message comes to stand on one line
  bool empty() const { return list_.empty(); }
  // Sorted by file, line, column.
  std::vector<Diagnostic> sorted() const;

private:
  std::vector<Diagnostic> list_;
};

} // namespace pep554
