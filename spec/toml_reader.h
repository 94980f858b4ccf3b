// Strict reading of TOML: a key is read by the type it must have, everything that is missing, of
// another type or unknown becomes a diagnostic with its position, and reading goes on.
#pragma once

#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "spec/diagnostics.h"

namespace pep554 {

// Reads the file and parses it. On failure (unreadable, a syntax error) adds a diagnostic and
// answers nothing. `display_path` is the name that diagnostics use for the file.
std::optional<toml::table> parse_toml(const std::filesystem::path& path,
                                      const std::string& display_path, Diagnostics& diagnostics);

// The same of a text that is at hand.
std::optional<toml::table> parse_toml_text(std::string_view text, const std::string& display_path,
                                           Diagnostics& diagnostics);

// The position of a node as a Source in the file called `display_path`.
Source position(const toml::node& node, const std::string& display_path);

// One table being read. Borrowed: the table, the name and the diagnostics must outlive it.
class TableReader {
public:
  TableReader(const toml::table& table, const std::string& display_path, Diagnostics& diagnostics)
      : table_(table), display_path_(display_path), diagnostics_(diagnostics) {}

  Source where() const { return position(table_, display_path_); }
  bool has(std::string_view key) const { return table_.contains(key); }

  // A non-empty string; reports its absence and answers "".
  std::string required(std::string_view key);
  // A string, possibly empty; nothing when the key is absent or (reported) of another type.
  std::optional<std::string> text(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  // A whole number from 1 to `most`.
  std::optional<std::int64_t>
  positive(std::string_view key, std::int64_t most = std::numeric_limits<std::int64_t>::max());
  // An array of strings; nothing when the key is absent.
  std::optional<std::vector<std::string>> texts(std::string_view key);
  // The elements of an array of tables, in order; others are reported.
  std::vector<const toml::table*> tables(std::string_view key);
  // Any node, for keys with more than one shape; null when absent.
  const toml::node* node(std::string_view key);

  // Adds a diagnostic at the value of `key`, or at the table when there is none.
  void report(std::string_view key, const std::string& message);
  // Reports every unknown key, and names the known ones. Call it last.
  void finish();

private:
  const toml::node* find(std::string_view key);

  const toml::table& table_;
  const std::string& display_path_;
  Diagnostics& diagnostics_;
  std::vector<std::string> asked_;
};

} // namespace pep554
