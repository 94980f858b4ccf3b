// Texts as literals of Python and C, and the macros that code may use (cases/README.md).
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pep554::repro {

// A str literal of Python: between three quotes, a line for a line, when it has several lines.
std::string python_literal(std::string_view text);
// A short one on one line.
std::string python_word(std::string_view text);

// A string literal of C on one line; NUL and what is not ASCII as octal numbers.
std::string c_literal(std::string_view text);

// A piece of code: plain text, or a macro with its gate.
struct CodePart {
  enum class Kind { plain, emit, open, wait };
  Kind kind = Kind::plain;
  std::string text; // of emit nothing: the parenthesis that follows is plain
};
std::vector<CodePart> split_macros(std::string_view code);

bool emits(std::string_view code);
std::set<std::string> gates_in(std::string_view code);
// Whether it may emit when the step is over: at an exit, on a thread.
bool emits_late(std::string_view code);

// A piece of a text that is expected: plain, the id of a handle, or the native id of the lane's
// thread (cases/README.md).
struct Field {
  enum class Kind { plain, id, thread };
  Kind kind = Kind::plain;
  std::string text; // of an id: the handle
};
std::vector<Field> fields_of(std::string_view text);
std::string as_written(const Field& field);

// Lines of at most 100 characters that begin with `first`, and then with as much space.
std::string paragraph(const std::string& first, const std::string& text,
                      const std::string& margin = "# ");

} // namespace pep554::repro
