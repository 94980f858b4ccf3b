// Edits of a TOML file that leave the rest of its text as it is: comments, order, spaces. The
// positions are those that the parser gave to the nodes of this text.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

namespace pep554::gate {

// A string as a TOML basic string, with its quotes.
std::string toml_string(std::string_view text);
// A key as TOML writes it: bare where it may be.
std::string toml_key(std::string_view key);
// An array of strings: on one line if it and `before`, the text in front of it, fit into 100 bytes;
// else wrapped, with an indent of two spaces.
std::string toml_array(const std::vector<std::string>& texts, std::string_view before);

class TomlEdits {
public:
  // Borrowed: the text outlives this.
  explicit TomlEdits(std::string_view text);

  void replace(const toml::node& value, const std::string& text);
  // Removes and adds elements of an array of strings. One without comments and line breaks is
  // written anew; `key` is in front of it.
  void change(const toml::array& array, const std::vector<std::string>& removed,
              const std::vector<std::string>& added, std::string_view key);
  // Removes the table of [[...]], with the comments that stand directly above it and below it.
  void remove_table(const toml::table& table);
  // Removes the lines of a value and its key, with a comment behind it.
  void remove_lines(const toml::node& value);
  // Adds lines, without a line end, below the line with the end of this node.
  void add_below(const toml::node& value, const std::string& lines);
  // Adds paragraphs below the table and its comments, or at the end of the text.
  void add_table_below(const toml::table& table, const std::string& lines);
  void add_table_at_end(const std::string& lines);
  // Adds a paragraph above the line of the node and the comments directly above that.
  void add_table_above(const toml::node& node, const std::string& lines);

  // The text with all edits. What is added inside of what is removed stays.
  std::string result() const;

private:
  struct Edit {
    size_t end = 0;
    std::string text;
  };

  size_t offset(const toml::source_position& position) const;
  size_t line_of(size_t offset) const;
  std::string_view line(size_t number) const; // from 0; without its end
  size_t start_of(size_t line) const;
  bool is_comment(size_t line) const;
  bool is_blank(size_t line) const;
  size_t first_comment_above(size_t line) const;
  size_t last_comment_below(size_t line) const; // `line` when there is none
  void edit(size_t begin, size_t end, std::string text);
  std::string with_line_ends(const std::string& lines) const;

  std::string_view text_;
  std::string line_end_ = "\n";
  std::vector<size_t> lines_; // offsets of their first bytes
  std::multimap<size_t, Edit> edits_;
};

} // namespace pep554::gate
