#include "harness/repro/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace pep554::repro {
namespace {

constexpr size_t widest = 100;

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

std::string escaped(char c) {
  switch (c) {
  case '\n':
    return "\\n";
  case '\r':
    return "\\r";
  case '\t':
    return "\\t";
  case '\\':
    return "\\\\";
  default:
    return fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
}

bool is_gate_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

// ("name") with quotes of either kind, escaped alike or not: the name, and how long it all is.
struct GateCall {
  std::string name;
  size_t size = 0;
};
std::optional<GateCall> gate_call(std::string_view text) {
  size_t at = 1;
  while (at < text.size() && text[at] == '\\')
    ++at;
  if (!text.starts_with('(') || at >= text.size() || (text[at] != '"' && text[at] != '\''))
    return std::nullopt;
  const std::string delimiter = std::string(text.substr(1, at)) + ")";
  const size_t begin = ++at;
  while (at < text.size() && is_gate_name(text[at]))
    ++at;
  if (at == begin || !text.substr(at).starts_with(delimiter))
    return std::nullopt;
  return GateCall{std::string(text.substr(begin, at - begin)), at + delimiter.size()};
}

// The macro at the beginning of the text, and how long it is.
std::optional<std::pair<CodePart, size_t>> macro_at(std::string_view text) {
  if (text.starts_with("$emit("))
    return std::pair{CodePart{CodePart::Kind::emit, ""}, size_t{5}};
  const bool opens = text.starts_with("$open(");
  if (!opens && !text.starts_with("$wait("))
    return std::nullopt;
  const auto call = gate_call(text.substr(5));
  if (!call)
    return std::nullopt;
  return std::pair{CodePart{opens ? CodePart::Kind::open : CodePart::Kind::wait, call->name},
                   5 + call->size};
}

// The field at the beginning of the text, and how long it is.
std::optional<std::pair<Field, size_t>> field_at(std::string_view text) {
  constexpr std::string_view thread = "{lane.thread}";
  constexpr std::string_view id_end = ".id}";
  if (text.starts_with(thread))
    return std::pair{Field{Field::Kind::thread, ""}, thread.size()};
  const size_t close = text.find('}');
  if (!text.starts_with('{') || close == std::string_view::npos)
    return std::nullopt;
  const std::string_view inside = text.substr(1, close);
  if (inside.size() <= id_end.size() || !inside.ends_with(id_end) ||
      inside.find('{') != std::string_view::npos)
    return std::nullopt;
  const std::string handle(inside.substr(0, inside.size() - id_end.size()));
  return std::pair{Field{Field::Kind::id, handle}, close + 1};
}

// The text in pieces: those that `special_at` finds, and what is plain between them.
template <class One, class SpecialAt>
std::vector<One> split(std::string_view text, SpecialAt special_at) {
  std::vector<One> all;
  std::string plain;
  const auto end_plain = [&] {
    if (!plain.empty())
      all.push_back({One::Kind::plain, std::exchange(plain, {})});
  };
  while (!text.empty()) {
    const auto special = special_at(text);
    if (!special) {
      plain += text.front();
      text.remove_prefix(1);
      continue;
    }
    end_plain();
    all.push_back(special->first);
    text.remove_prefix(special->second);
  }
  end_plain();
  return all;
}

} // namespace

std::string python_word(std::string_view text) {
  const bool single = text.find('"') != std::string_view::npos;
  const char quote = single ? '\'' : '"';
  std::string literal(1, quote);
  for (const char c : text)
    literal += c == quote                   ? std::string{'\\', c}
               : c == '\\' || is_control(c) ? escaped(c)
                                            : std::string(1, c);
  return literal + quote;
}

std::string python_literal(std::string_view text) {
  if (text.find('\n') == std::string_view::npos || text.find('\n') + 1 == text.size())
    return python_word(text);
  std::string literal = "\"\"\"\\\n";
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool quote = c == '"' && (i + 1 == text.size() || text.substr(i).starts_with("\"\"\""));
    if (quote)
      literal += "\\\"";
    else
      literal += c == '\\' || (is_control(c) && c != '\n') ? escaped(c) : std::string(1, c);
  }
  return literal + "\"\"\"";
}

std::string c_literal(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    if (c == '\n')
      literal += "\\n";
    else if (c == '"' || c == '\\' || c == '?') // two ? may begin a trigraph
      (literal += '\\') += c;
    else if (is_control(c) || static_cast<unsigned char>(c) > '~')
      literal += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    else
      literal += c;
  }
  return literal + "\"";
}

std::vector<CodePart> split_macros(std::string_view code) {
  return split<CodePart>(code, macro_at);
}

std::vector<Field> fields_of(std::string_view text) {
  return split<Field>(text, field_at);
}

std::string as_written(const Field& field) {
  switch (field.kind) {
  case Field::Kind::id:
    return "{" + field.text + ".id}";
  case Field::Kind::thread:
    return "{lane.thread}";
  default:
    return field.text;
  }
}

bool emits(std::string_view code) {
  return code.find("$emit(") != std::string_view::npos;
}

std::set<std::string> gates_in(std::string_view code) {
  std::set<std::string> gates;
  for (const CodePart& piece : split_macros(code))
    if (piece.kind == CodePart::Kind::open || piece.kind == CodePart::Kind::wait)
      gates.insert(piece.text);
  return gates;
}

bool emits_late(std::string_view code) {
  return std::ranges::any_of(
      std::array{"atexit", "thread", "__del__", "weakref", "fork"},
      [&](const char* word) { return code.find(word) != std::string_view::npos; });
}

std::string paragraph(const std::string& first, const std::string& text,
                      const std::string& margin) {
  std::string all;
  std::string line = margin + first;
  const std::string space = margin + std::string(first.size(), ' ');
  bool begun = false;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    at = end + 1;
    if (begun && line.size() + 1 + word.size() > widest) {
      all += line + "\n";
      line = space;
      begun = false;
    }
    line += (begun ? " " : "") + word;
    begun = true;
  }
  return all + line + "\n";
}

} // namespace pep554::repro
