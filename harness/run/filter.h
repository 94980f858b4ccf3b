// The filters of a run, with the grammar of GoogleTest's.
//
// A filter is a list of patterns, separated by ':', in which '*' stands for any text and '?' for
// any character. It selects what one of them matches. Behind a '-' are patterns that exclude; a
// filter that only excludes selects everything else:
//
//   destroy.*:run.*-*.by-keyword      all of destroy and run, but for each name "by-keyword"
//   -class=open                       everything that decides conformance
//
// A pattern is matched against
//
//   PATTERN          the id of the case or property, and the ids of the clauses that it cites
//   case=PATTERN     its id alone
//   clause=PATTERN   the ids of its clauses alone
//   op=PATTERN       its operation: its id up to the first dot, which is the name of its table
//   class=PATTERN    the classes of its clauses: stated, implied, open
//
// Names contain hyphens; those of operations and classes do not. So a '-' excludes at the beginning
// of a pattern, behind op= and class=, and where it is the last one before a '.' or '='; any other
// belongs to a name. A backslash takes away the meaning of the character behind it.
//
// Several filters are separated by spaces; each of them has to select the case.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spec/clauses.h"

namespace pep554 {

class Filter {
public:
  // Reads one filter or several. An empty text selects everything.
  static Result<Filter> parse(std::string_view text);

  // `id` is that of a case or a property, `clauses` the ids of those that it cites; the classes of
  // clauses are those of `set`.
  bool selects(const std::string& id, const std::vector<std::string>& clauses,
               const ClauseSet& set) const;

private:
  enum class Field { any, id, clause, operation, kind };
  struct Pattern {
    Field field = Field::any;
    std::string glob; // as fnmatch takes it
  };
  struct Part {
    std::vector<Pattern> wanted; // empty: everything
    std::vector<Pattern> excluded;
  };
  friend class FilterReader;

  static bool matches(const Pattern& pattern, const std::string& id,
                      const std::vector<std::string>& clauses, const ClauseSet& set);

  std::vector<Part> parts_;
};

// The filter that selects the case or property with this id and no other, also where a clause has
// the same id.
std::string filter_of(std::string_view id);

} // namespace pep554
