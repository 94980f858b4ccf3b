#include "harness/run/filter.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fnmatch.h>

#include "spec/nearest.h"

namespace pep554 {
namespace {

// A character of a filter; a literal one stood behind a backslash.
struct FilterChar {
  char c = 0;
  bool literal = false;

  bool is(std::string_view special) const {
    return !literal && special.find(c) != std::string_view::npos;
  }
};

using FilterText = std::vector<FilterChar>;

FilterText unescaped(std::string_view text) {
  FilterText read;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool literal = text[i] == '\\' && i + 1 < text.size();
    i += literal ? 1U : 0U;
    read.push_back({text[i], literal});
  }
  return read;
}

std::string plain(const FilterText& text) {
  std::string all;
  for (const FilterChar& one : text)
    all += one.c;
  return all;
}

// The pieces between the separators; empty ones too.
std::vector<FilterText> pieces_of(const FilterText& text, char separator) {
  std::vector<FilterText> pieces(1);
  for (const FilterChar& one : text)
    if (one.is({&separator, 1}))
      pieces.emplace_back();
    else
      pieces.back().push_back(one);
  return pieces;
}

// Whether the character at `at` is a hyphen that begins an exclusion: the first character, the last
// hyphen before a '.' or '=', or one behind op= or class=. `pattern` is what stands before it.
bool excludes(const FilterText& piece, size_t at, const FilterText& pattern) {
  if (!piece[at].is("-"))
    return false;
  const std::string before = plain(pattern);
  if (before.starts_with("op=") || before.starts_with("class="))
    return true;
  const auto next = std::find_if(piece.begin() + static_cast<std::ptrdiff_t>(at) + 1, piece.end(),
                                 [](const FilterChar& one) { return one.is("-.="); });
  return at == 0 || (next != piece.end() && !next->is("-"));
}

// As fnmatch takes it: only '*' and '?' have a meaning.
std::string glob_of(const FilterText& text) {
  std::string glob;
  for (const FilterChar& one : text) {
    if (!one.is("*?") && std::string_view("*?[\\").find(one.c) != std::string_view::npos)
      glob += '\\';
    glob += one.c;
  }
  return glob;
}

bool matches_glob(const std::string& glob, const std::string& text) {
  return ::fnmatch(glob.c_str(), text.c_str(), 0) == 0;
}

std::vector<std::string> class_names() {
  std::vector<std::string> names;
  names.reserve(clause_kinds.size());
  for (const ClauseKind kind : clause_kinds)
    names.emplace_back(to_string(kind));
  return names;
}

} // namespace

// Reads the text of a filter.
class FilterReader {
public:
  Result<Filter> read(std::string_view text) {
    for (const FilterText& one : pieces_of(unescaped(text), ' '))
      if (!one.empty())
        read_part(one);
    return read_.map([this] { return std::move(filter_); });
  }

private:
  using Field = Filter::Field;

  void read_part(const FilterText& text) {
    Filter::Part part;
    std::vector<Filter::Pattern>* list = &part.wanted;
    for (const FilterText& piece : pieces_of(text, ':')) {
      FilterText pattern;
      for (size_t i = 0; i < piece.size(); ++i) {
        if (!excludes(piece, i, pattern)) {
          pattern.push_back(piece[i]);
          continue;
        }
        add(std::exchange(pattern, {}), *list);
        list = &part.excluded;
      }
      add(pattern, *list);
    }
    if (part.wanted.empty() && part.excluded.empty())
      refuse(fmt::format("the filter \"{}\" has no pattern", plain(text)));
    filter_.parts_.push_back(std::move(part));
  }

  void add(const FilterText& text, std::vector<Filter::Pattern>& list) {
    if (text.empty())
      return;
    const auto sign = std::ranges::find_if(text, [](const FilterChar& one) { return one.is("="); });
    if (sign == text.end()) {
      list.push_back({Field::any, glob_of(text)});
      return;
    }
    const FilterText value(sign + 1, text.end());
    const auto field = field_of(plain({text.begin(), sign}), plain(text));
    if (value.empty())
      refuse(fmt::format("\"{}\": expected a pattern behind the =", plain(text)));
    else if (field == Field::kind)
      check_class(value);
    list.push_back({field, glob_of(value)});
  }

  Field field_of(const std::string& name, const std::string& pattern) {
    static constexpr std::array<std::pair<std::string_view, Field>, 4> fields{
        {{"case", Field::id},
         {"clause", Field::clause},
         {"op", Field::operation},
         {"class", Field::kind}}};
    std::vector<std::string> names;
    for (const auto& [known, field] : fields) {
      if (known == name)
        return field;
      names.emplace_back(known);
    }
    refuse(fmt::format("\"{}\": \"{}\" is unknown{}: expected case=, clause=, op= or class=",
                       pattern, name, did_you_mean(name, names)));
    return Field::any;
  }

  void check_class(const FilterText& value) {
    const std::vector<std::string> names = class_names();
    const bool known = std::ranges::any_of(
        names, [&](const std::string& name) { return matches_glob(glob_of(value), name); });
    if (!known)
      refuse(fmt::format("no class matches \"{}\"{}: expected stated, implied or open",
                         plain(value), did_you_mean(plain(value), names)));
  }

  void refuse(std::string error) {
    if (read_)
      read_ = fail(std::move(error));
  }

  Filter filter_;
  Result<> read_; // or the first error
};

Result<Filter> Filter::parse(std::string_view text) {
  return FilterReader().read(text);
}

bool Filter::matches(const Pattern& pattern, const std::string& id,
                     const std::vector<std::string>& clauses, const ClauseSet& set) {
  const auto here = [&](const std::string& text) { return matches_glob(pattern.glob, text); };
  switch (pattern.field) {
  case Field::any:
    return here(id) || std::ranges::any_of(clauses, here);
  case Field::id:
    return here(id);
  case Field::clause:
    return std::ranges::any_of(clauses, here);
  case Field::operation:
    return here(id.substr(0, id.find('.')));
  case Field::kind:
    return std::ranges::any_of(clauses, [&](const std::string& clause) {
      const Clause* found = set.find(clause);
      return found != nullptr && here(std::string(to_string(found->kind)));
    });
  }
  return false;
}

bool Filter::selects(const std::string& id, const std::vector<std::string>& clauses,
                     const ClauseSet& set) const {
  const auto here = [&](const Pattern& pattern) { return matches(pattern, id, clauses, set); };
  return std::ranges::all_of(parts_, [&](const Part& part) {
    return (part.wanted.empty() || std::ranges::any_of(part.wanted, here)) &&
           std::ranges::none_of(part.excluded, here);
  });
}

std::string filter_of(std::string_view id) {
  const size_t dot = id.rfind('.');
  const size_t name = dot == std::string_view::npos ? 0 : dot; // hyphens behind it exclude nothing
  std::string filter = "case=";
  for (size_t i = 0; i < id.size(); ++i) {
    const bool special = std::string_view("*?:\\= ").find(id[i]) != std::string_view::npos ||
                         (id[i] == '-' && i < name);
    filter += special ? "\\" : "";
    filter += id[i];
  }
  return filter;
}

} // namespace pep554
