#include "harness/repro/python_names.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace pep554::repro {
namespace {

// Names that a script or Python uses.
constexpr std::array taken{"_interpreters",
                           "_xxsubinterpreters",
                           "and",
                           "as",
                           "assert",
                           "ast",
                           "async",
                           "await",
                           "bool",
                           "break",
                           "class",
                           "code",
                           "def",
                           "del",
                           "dict",
                           "elif",
                           "else",
                           "except",
                           "exec",
                           "finally",
                           "for",
                           "from",
                           "gates",
                           "global",
                           "got",
                           "held",
                           "if",
                           "import",
                           "in",
                           "int",
                           "interpreters",
                           "is",
                           "lambda",
                           "len",
                           "names",
                           "not",
                           "once",
                           "open",
                           "or",
                           "os",
                           "pass",
                           "print",
                           "raise",
                           "range",
                           "return",
                           "run",
                           "emissions",
                           "select",
                           "reproduced",
                           "sorted",
                           "str",
                           "sys",
                           "threading",
                           "threads",
                           "traceback",
                           "try",
                           "unexpected",
                           "while",
                           "with",
                           "yield",
                           "before",
                           "faulthandler",
                           "re",
                           "None",
                           "True",
                           "False",
                           "zip",
                           "series",
                           "type"};

// Names that a script defines and uses later, except modules, which code may import.
constexpr std::array defined{"after",      "code",    "emit_to",    "emitted",   "gates",
                             "held",       "names",   "once",       "open_gate", "emissions",
                             "reproduced", "threads", "unexpected", "wait_gate"};

// One of those, the function of a lane, or what is waited for in a step.
bool is_defined(const std::string& word) {
  return word.starts_with("lane_") || word.starts_with("wanted_") ||
         std::ranges::find(defined, word) != defined.end();
}

bool is_of_a_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

} // namespace

bool clashes(std::string_view code, const std::set<std::string>& variables) {
  for (auto at = code.begin(); at != code.end();) {
    const auto first = std::find_if(at, code.end(), is_of_a_word);
    at = std::find_if_not(first, code.end(), is_of_a_word);
    const std::string word(first, at);
    if (variables.contains(word) || is_defined(word))
      return true;
  }
  return false;
}

std::string identifier(const std::string& handle) {
  std::string name;
  for (const char c : handle)
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0)
    name = "_" + name;
  return std::ranges::find(taken, name) != taken.end() ? name + "_" : name;
}

std::string behind(const std::string& margin, const std::string& lines) {
  std::string all;
  bool literal = false; // the lines of a long literal stay where they are
  for (size_t at = 0; at < lines.size();) {
    const size_t end = std::min(lines.find('\n', at), lines.size());
    const std::string line = lines.substr(at, end - at);
    at = end + 1;
    all += (literal || line.empty() ? "" : margin) + line + "\n";
    for (size_t quotes = line.find("\"\"\""); quotes != std::string::npos;
         quotes = line.find("\"\"\"", quotes + 3))
      literal = !literal;
  }
  return all;
}

} // namespace pep554::repro
