#include "harness/engine/check.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pep554 {
namespace {

std::string id_of(const std::string& name, const Handles& handles) {
  const auto found = handles.find(name);
  return found == handles.end() ? std::string{} : found->second;
}

// An id as its handle's name; the first in the alphabet where there are several.
std::string shown(const std::string& id, const Handles& handles) {
  for (const auto& [name, known] : handles)
    if (known == id)
      return name;
  return "id " + id;
}

std::string fill(std::string text, const Observation& seen, const Handles& handles) {
  const auto replace = [&text](const std::string& what, const std::string& by) {
    for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
      text.replace(at, what.size(), by);
  };
  for (const auto& [name, id] : handles)
    replace("{" + name + ".id}", id);
  replace("{lane.thread}", seen.thread);
  return text;
}

bool lists(const Observation& seen, const std::string& name, const Handles& handles,
           std::ptrdiff_t times) {
  return std::ranges::count(seen.answer.ids, id_of(name, handles)) == times;
}

bool agrees_on_lists(const Expectation& expectation, const Observation& seen,
                     const Handles& handles) {
  const auto once = [&](const std::string& name) { return lists(seen, name, handles, 1); };
  const auto never = [&](const std::string& name) { return lists(seen, name, handles, 0); };
  const bool exact =
      !expectation.exactly || (std::ranges::all_of(*expectation.exactly, once) &&
                               seen.answer.ids.size() == expectation.exactly->size());
  return exact && std::ranges::all_of(expectation.contains, once) &&
         std::ranges::all_of(expectation.excludes, never);
}

// One interpreter, or the text of an id, against handles.
bool agrees_on_identity(const Expectation& expectation, const Observation& seen,
                        const Handles& handles) {
  if (!expectation.same && expectation.differs.empty())
    return true;
  if (seen.answer.ids.size() != 1 && !seen.answer.text)
    return false;
  const std::string& id = seen.answer.text ? *seen.answer.text : seen.answer.ids.front();
  const auto other = [&](const std::string& name) { return id_of(name, handles) != id; };
  return (!expectation.same || id_of(*expectation.same, handles) == id) &&
         std::ranges::all_of(expectation.differs, other);
}

bool agrees_on_emissions(const Expectation& expectation, const Observation& seen,
                         const Handles& handles) {
  std::vector<std::string> wanted = expectation.emits.value_or(seen.emitted);
  for (std::string& text : wanted)
    text = fill(text, seen, handles);
  const auto heard = [&](const std::string& text) {
    return std::ranges::find(seen.during, fill(text, seen, handles)) != seen.during.end();
  };
  return wanted == seen.emitted && std::ranges::all_of(expectation.during, heard);
}

bool agrees_on_outcome(const Expectation& expectation, const Answer& answer) {
  if (expectation.outcome == Expectation::Outcome::ok)
    return answer.status == Status::ok;
  return answer.status == Status::raised &&
         (!expectation.category || *expectation.category == answer.raised.category);
}

// Addresses of objects are other ones in every run, and say nothing: "<f at 0x...>". By hand:
// std::regex recurses for each character of a foreign text.
std::string without_addresses(std::string_view text) {
  constexpr size_t fewest_digits = 6;
  std::string kept;
  while (!text.empty()) {
    const size_t found = std::min(text.find("0x"), text.size());
    kept += text.substr(0, found);
    text.remove_prefix(found);
    const size_t end = std::min(text.find_first_not_of("0123456789abcdefABCDEF", 2), text.size());
    const bool address = text.size() >= 2 && end >= 2 + fewest_digits;
    kept += address ? "0x..." : text.substr(0, 2);
    text.remove_prefix(address ? end : std::min<size_t>(2, text.size()));
  }
  return kept;
}

std::string describe(const Answer& answer, const Handles& handles) {
  if (answer.status != Status::ok) {
    const std::string type = answer.raised.type.empty() ? "an error" : answer.raised.type;
    return answer.raised.message.empty()
               ? "raised " + type
               : fmt::format("raised {}: {}", type, answer.raised.message);
  }
  if (answer.truth)
    return *answer.truth ? "True" : "False";
  if (answer.text)
    return shown(*answer.text, handles);
  std::vector<std::string> names;
  for (const std::string& id : answer.ids)
    names.push_back(shown(id, handles));
  return names.empty() ? "answered" : fmt::format("{}", fmt::join(names, ", "));
}

} // namespace

std::optional<std::string> disagreement(const Expectation& expectation, const Observation& seen,
                                        const Handles& handles) {
  if (expectation.outcome == Expectation::Outcome::any)
    return std::nullopt;
  const bool truth = !expectation.truth || expectation.truth == seen.answer.truth;
  if (agrees_on_outcome(expectation, seen.answer) && truth &&
      agrees_on_lists(expectation, seen, handles) &&
      agrees_on_identity(expectation, seen, handles) &&
      agrees_on_emissions(expectation, seen, handles))
    return std::nullopt;
  std::string got = describe(seen, handles);
  if (!expectation.during.empty())
    got += seen.during.empty()
               ? "; nothing emitted before it returned"
               : fmt::format("; before it returned: {}", fmt::join(seen.during, ", "));
  return got;
}

std::string describe(const Observation& seen, const Handles& handles) {
  const std::string answer = describe(seen.answer, handles);
  if (seen.emitted.empty())
    return without_addresses(answer);
  std::vector<std::string> emitted = seen.emitted;
  // A thread's id is another one in every run; which thread it is, is what matters.
  if (!seen.thread.empty())
    std::ranges::replace(emitted, seen.thread, std::string("{lane.thread}"));
  return without_addresses(fmt::format("{}; emitted {}", answer, fmt::join(emitted, ", ")));
}

} // namespace pep554
