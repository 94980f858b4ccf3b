// The harness cannot go on: an error is a value. A function that can fail returns a Result, its
// caller handles the error or passes it on, and `main` prints it once.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace pep554 {

// A position in a file. Lines and columns count from 1; 0 where there is none.
struct Source {
  std::string file;
  size_t line = 0;
  size_t column = 0;
  bool operator==(const Source&) const = default;
};

struct Error {
  Source where;        // without a file when no input is wrong
  std::string message; // what is wrong, and what was expected
  bool operator==(const Error&) const = default;
};

// "cases/run.toml:12:3: ..."; parts that are empty or 0 are left out.
std::string to_string(const Error& error);

template <class T = void>
using Result = tl::expected<T, Error>;

// For `return fail("...")` in a function that returns a Result.
inline tl::unexpected<Error> fail(std::string message, Source where = {}) {
  return tl::unexpected<Error>({std::move(where), std::move(message)});
}

} // namespace pep554
