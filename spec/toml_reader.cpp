#include "spec/toml_reader.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "spec/nearest.h"
#include "spec/read_file.h"

namespace pep554 {
namespace {

std::string kind_of(const toml::node& node) {
  std::ostringstream text;
  text << node.type();
  return text.str();
}

} // namespace

std::optional<toml::table> parse_toml(const std::filesystem::path& path,
                                      const std::string& display_path, Diagnostics& diagnostics) {
  const auto text = read_file(path, "a TOML file");
  if (!text) {
    diagnostics.add({display_path, 0, 0}, text.error().message);
    return std::nullopt;
  }
  return parse_toml_text(*text, display_path, diagnostics);
}

std::optional<toml::table> parse_toml_text(std::string_view text, const std::string& display_path,
                                           Diagnostics& diagnostics) {
  try {
    return toml::parse(text, display_path);
  } catch (const toml::parse_error& error) {
    diagnostics.add({display_path, error.source().begin.line, error.source().begin.column},
                    fmt::format("not TOML: {}", error.description()));
    return std::nullopt;
  }
}

Source position(const toml::node& node, const std::string& display_path) {
  return {display_path, node.source().begin.line, node.source().begin.column};
}

const toml::node* TableReader::find(std::string_view key) {
  asked_.emplace_back(key);
  return table_.get(key);
}

const toml::node* TableReader::node(std::string_view key) {
  return find(key);
}

void TableReader::report(std::string_view key, const std::string& message) {
  const toml::node* value = table_.get(key);
  diagnostics_.add(value != nullptr ? position(*value, display_path_) : where(), message);
}

std::string TableReader::required(std::string_view key) {
  const toml::node* value = find(key);
  const auto* string = value != nullptr ? value->as_string() : nullptr;
  if (string != nullptr && !string->get().empty())
    return string->get();
  report(key, fmt::format("expected \"{}\" = a string that is not empty", key));
  return {};
}

std::optional<std::string> TableReader::text(std::string_view key) {
  const toml::node* value = find(key);
  if (value == nullptr)
    return std::nullopt;
  if (const auto* string = value->as_string())
    return string->get();
  report(key, fmt::format("\"{}\" is {}: expected a string", key, kind_of(*value)));
  return std::nullopt;
}

std::optional<bool> TableReader::boolean(std::string_view key) {
  const toml::node* value = find(key);
  if (value == nullptr)
    return std::nullopt;
  if (const auto* truth = value->as_boolean())
    return truth->get();
  report(key, fmt::format("\"{}\" is {}: expected true or false", key, kind_of(*value)));
  return std::nullopt;
}

std::optional<std::int64_t> TableReader::positive(std::string_view key, std::int64_t most) {
  const toml::node* value = find(key);
  if (value == nullptr)
    return std::nullopt;
  const auto* number = value->as_integer();
  if (number != nullptr && number->get() > 0 && number->get() <= most)
    return number->get();
  const bool bounded = most != std::numeric_limits<std::int64_t>::max();
  report(key, bounded ? fmt::format("\"{}\": expected an integer from 1 to {}", key, most)
                      : fmt::format("\"{}\": expected an integer above 0", key));
  return std::nullopt;
}

std::optional<std::vector<std::string>> TableReader::texts(std::string_view key) {
  const toml::node* value = find(key);
  if (value == nullptr)
    return std::nullopt;
  const auto* array = value->as_array();
  if (array == nullptr) {
    report(key, fmt::format("\"{}\" is {}: expected an array of strings", key, kind_of(*value)));
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (const toml::node& element : *array) {
    if (const auto* string = element.as_string())
      texts.push_back(string->get());
    else
      diagnostics_.add(position(element, display_path_),
                       fmt::format("\"{}\" holds {}: expected strings", key, kind_of(element)));
  }
  return texts;
}

std::vector<const toml::table*> TableReader::tables(std::string_view key) {
  std::vector<const toml::table*> tables;
  const toml::node* value = find(key);
  if (value == nullptr)
    return tables;
  const auto* array = value->as_array();
  if (array == nullptr) {
    report(key, fmt::format("\"{}\" is {}: expected an array of tables", key, kind_of(*value)));
    return tables;
  }
  for (const toml::node& element : *array) {
    if (const auto* table = element.as_table())
      tables.push_back(table);
    else
      diagnostics_.add(position(element, display_path_),
                       fmt::format("\"{}\" holds {}: expected tables", key, kind_of(element)));
  }
  return tables;
}

void TableReader::finish() {
  for (const auto& [key, value] : table_) {
    if (std::ranges::find(asked_, key.str()) != asked_.end())
      continue;
    diagnostics_.add({display_path_, key.source().begin.line, key.source().begin.column},
                     fmt::format("unknown key \"{}\"{}: expected one of {}", key.str(),
                                 did_you_mean(key.str(), asked_), fmt::join(asked_, ", ")));
  }
}

} // namespace pep554
