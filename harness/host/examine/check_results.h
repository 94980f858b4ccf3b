// The findings of all trials, by check.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace pep554::host {

enum class Level { unseen, absent, ok, note, error };

struct Entry {
  Level level = Level::unseen;
  std::vector<std::string> seen; // of the highest level, each once
  std::string_view advice;       // for the first of these; empty: the check's own
};

class CheckResults {
public:
  // `advice` is of static storage.
  void add(Level level, const std::string& check, const std::string& seen,
           std::string_view advice = {});
  // Why a trial could not continue; the first is the reason of checks without a finding.
  void add_blocker(const std::string& why) { blockers_.push_back(why); }

  // The first of these checks with an error; "" when there is none.
  std::string_view first_failed(std::initializer_list<std::string_view> checks) const;
  // The observations of a check, on one line.
  std::string observations_of(std::string_view check) const;

  // The messages "check", one for each that is not absent, in the order of checks(); after `last`,
  // if it is not "", only those with an error.
  std::vector<nlohmann::json> messages(std::string_view last = "") const;

private:
  std::map<std::string, Entry, std::less<>> entries_;
  std::vector<std::string> blockers_;
};

} // namespace pep554::host
