#include "harness/gate/toml_edits.h"

#include <algorithm>

#include <fmt/format.h>

#include "spec/readable.h"

namespace pep554::gate {
namespace {

constexpr size_t width = 100;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::string_view trimmed(std::string_view line) {
  const size_t from = line.find_first_not_of(" \t\r");
  return from == std::string_view::npos ? std::string_view() : line.substr(from);
}

// Behind the last value of a table, whose own position ends with its header.
toml::source_position end_of(const toml::table& table) {
  toml::source_position end = table.source().end;
  for (const auto& [key, value] : table)
    end = std::max(end, value.source().end);
  return end;
}

// The element's text, when it is a string.
std::string text_of(const toml::node& element) {
  const auto* string = element.as_string();
  return string != nullptr ? string->get() : std::string();
}

} // namespace

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\u{:04X}", byte);
    else
      out += c;
  }
  return out + '"';
}

std::string toml_key(std::string_view key) {
  const bool bare = !key.empty() && std::ranges::all_of(key, [](unsigned char c) {
    return (c < 0x80 && std::isalnum(c) != 0) || c == '-' || c == '_';
  });
  return bare ? std::string(key) : toml_string(key);
}

std::string toml_array(const std::vector<std::string>& texts, std::string_view before) {
  std::string one_line = "[";
  for (const std::string& text : texts)
    one_line += (one_line.size() > 1 ? ", " : "") + toml_string(text);
  one_line += ']';
  if (before.size() + one_line.size() <= width)
    return one_line;
  std::string lines = "[\n ";
  size_t used = 1;
  for (const std::string& text : texts) {
    const std::string element = " " + toml_string(text) + ",";
    if (used > 1 && used + element.size() > width) {
      lines += "\n ";
      used = 1;
    }
    lines += element;
    used += element.size();
  }
  return lines + "\n]";
}

TomlEdits::TomlEdits(std::string_view text) : text_(text) {
  lines_.push_back(text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
  for (size_t at = 0; (at = text.find('\n', at)) != std::string_view::npos; ++at)
    lines_.push_back(at + 1);
  if (lines_.size() > 1 && lines_[1] >= 2 && text[lines_[1] - 2] == '\r')
    line_end_ = "\r\n";
}

// The parser counts lines by line feeds, and columns by characters.
size_t TomlEdits::offset(const toml::source_position& position) const {
  size_t at = lines_.at(position.line - 1);
  for (size_t column = 1; column < position.column && at < text_.size(); ++column)
    do
      ++at;
    while (at < text_.size() && is_continuation(text_[at]));
  return at;
}

size_t TomlEdits::line_of(size_t offset) const {
  return static_cast<size_t>(std::ranges::upper_bound(lines_, offset) - lines_.begin()) - 1;
}

std::string_view TomlEdits::line(size_t number) const {
  const std::string_view rest = text_.substr(lines_[number]);
  return rest.substr(0, rest.find('\n'));
}

size_t TomlEdits::start_of(size_t line) const {
  return line < lines_.size() ? lines_[line] : text_.size();
}

bool TomlEdits::is_comment(size_t line_number) const {
  return line_number < lines_.size() && trimmed(line(line_number)).starts_with('#');
}

bool TomlEdits::is_blank(size_t line_number) const {
  return line_number < lines_.size() && trimmed(line(line_number)).empty();
}

// Comments at the very top of the file are about all of it.
size_t TomlEdits::first_comment_above(size_t line) const {
  size_t first = line;
  while (first > 0 && is_comment(first - 1))
    --first;
  return first == 0 ? line : first;
}

// Comments directly above another table are that one's.
size_t TomlEdits::last_comment_below(size_t line) const {
  size_t last = line;
  while (is_comment(last + 1))
    ++last;
  return last + 1 >= lines_.size() || is_blank(last + 1) ? last : line;
}

void TomlEdits::edit(size_t begin, size_t end, std::string text) {
  edits_.emplace(begin, Edit{end, std::move(text)});
}

std::string TomlEdits::with_line_ends(const std::string& lines) const {
  std::string out;
  for (const char c : lines)
    out += c == '\n' ? line_end_ : std::string(1, c);
  return out;
}

void TomlEdits::replace(const toml::node& value, const std::string& text) {
  edit(offset(value.source().begin), offset(value.source().end), with_line_ends(text));
}

void TomlEdits::change(const toml::array& array, const std::vector<std::string>& removed,
                       const std::vector<std::string>& added, std::string_view key) {
  const size_t begin = offset(array.source().begin);
  const size_t end = offset(array.source().end);
  const auto is_removed = [&](const toml::node& element) {
    return std::ranges::find(removed, text_of(element)) != removed.end();
  };
  if (text_.substr(begin, end - begin).find_first_of("\n#") == std::string_view::npos) {
    std::vector<std::string> texts;
    for (const toml::node& element : array)
      if (!is_removed(element))
        texts.push_back(text_of(element));
    texts.insert(texts.end(), added.begin(), added.end());
    replace(array, toml_array(texts, fmt::format("{} = ", key)));
    return;
  }
  // Each element goes with its comma and the spaces behind it; a comma may also stand last.
  size_t last_end = begin + 1;
  bool has_comma = true; // behind the last element, or there is none
  for (const toml::node& element : array) {
    last_end = offset(element.source().end);
    const size_t comma = text_.find_first_not_of(" \t\r\n", last_end);
    has_comma = text_[comma] == ',';
    const size_t next = has_comma ? text_.find_first_not_of(" \t", comma + 1) : last_end;
    if (is_removed(element))
      edit(offset(element.source().begin), next, "");
    last_end = has_comma ? comma + 1 : last_end;
  }
  std::string more = !added.empty() && !has_comma ? "," : "";
  for (const std::string& text : added)
    more += "\n  " + toml_string(text) + ",";
  if (!more.empty())
    edit(last_end, last_end, with_line_ends(more));
}

void TomlEdits::remove_table(const toml::table& table) {
  const size_t first = first_comment_above(line_of(offset(table.source().begin)));
  size_t last = last_comment_below(line_of(offset(end_of(table))));
  while (is_blank(last + 1))
    ++last;
  edit(start_of(first), start_of(last + 1), "");
}

void TomlEdits::remove_lines(const toml::node& value) {
  edit(start_of(line_of(offset(value.source().begin))),
       start_of(line_of(offset(value.source().end)) + 1), "");
}

void TomlEdits::add_below(const toml::node& value, const std::string& lines) {
  const size_t next = line_of(offset(value.source().end)) + 1;
  const bool unfinished = next >= lines_.size(); // the last line has no line end
  edit(start_of(next), start_of(next), with_line_ends((unfinished ? "\n" : "") + lines + "\n"));
}

void TomlEdits::add_table_below(const toml::table& table, const std::string& lines) {
  const size_t next = last_comment_below(line_of(offset(end_of(table)))) + 1;
  const bool unfinished = next >= lines_.size();
  edit(start_of(next), start_of(next), with_line_ends((unfinished ? "\n\n" : "\n") + lines + "\n"));
}

void TomlEdits::add_table_at_end(const std::string& lines) {
  const bool unfinished = !text_.empty() && text_.back() != '\n';
  edit(text_.size(), text_.size(),
       with_line_ends(std::string(unfinished ? "\n" : "") + (text_.empty() ? "" : "\n") + lines +
                      "\n"));
}

void TomlEdits::add_table_above(const toml::node& node, const std::string& lines) {
  const size_t start = start_of(first_comment_above(line_of(offset(node.source().begin))));
  edit(start, start, with_line_ends(lines + "\n\n"));
}

std::string TomlEdits::result() const {
  std::string out;
  size_t at = 0;
  for (const auto& [begin, edit] : edits_) {
    if (begin > at)
      out += text_.substr(at, begin - at);
    out += edit.text;
    at = std::max(at, edit.end);
  }
  out += text_.substr(std::min(at, text_.size()));
  while (out.ends_with(line_end_ + line_end_) && !text_.ends_with(line_end_ + line_end_))
    out.resize(out.size() - line_end_.size()); // above a table that is gone
  return out;
}

} // namespace pep554::gate
