// What all trials found, put together for each check.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace pep554::host {

enum class Level { unseen, absent, ok, note, mend };

struct Entry {
  Level level = Level::unseen;
  std::vector<std::string> seen; // of the highest level, each once
};

class Ledger {
public:
  void add(Level level, const std::string& check, const std::string& seen);
  // Why trials could not go on; the first is the reason of checks that nothing was seen of.
  void add_obstacle(const std::string& why) { obstacles_.push_back(why); }

  // The first of these checks that found something to mend; "" when there is none.
  std::string_view first_of(std::initializer_list<std::string_view> checks) const;
  // What was seen of a check, on one line.
  std::string seen_of(std::string_view check) const;

  // The messages "check", one for each that is not absent, in the order of checks(); behind `last`,
  // if it is not "", only those with something to mend.
  std::vector<nlohmann::json> messages(std::string_view last = "") const;

private:
  std::map<std::string, Entry, std::less<>> entries_;
  std::vector<std::string> obstacles_;
};

} // namespace pep554::host
