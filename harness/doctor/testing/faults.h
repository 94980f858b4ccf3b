// Fixtures for tests of the doctor: a plugin or a host with one fault, which an environment
// variable names.
#pragma once

#include <cctype>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/doctor/finding.h"

namespace pep554::test {

// How the doctor reports a fault: as an error, as a note, or as the reason why the target was
// refused.
enum class Outcome { error, note, refused };

struct Fault {
  std::string name;  // the value of the variable
  std::string check; // id of the check that finds it
  std::string seen;  // part of the report
  Outcome outcome = Outcome::error;
  std::chrono::milliseconds deadline{3'000};
};

inline void PrintTo(const Fault& fault, std::ostream* stream) {
  *stream << fault.name;
}

inline std::string name_of(const testing::TestParamInfo<Fault>& info) {
  std::string name = info.param.name;
  for (char& c : name)
    c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

// Sets the variable for its own lifetime. Processes started meanwhile inherit it.
class WithFault {
public:
  WithFault(std::string variable, const std::string& fault) : variable_(std::move(variable)) {
    ::setenv(variable_.c_str(), fault.c_str(), 1);
  }
  ~WithFault() { ::unsetenv(variable_.c_str()); }
  WithFault(const WithFault&) = delete;
  WithFault& operator=(const WithFault&) = delete;

private:
  std::string variable_;
};

// The ids of the findings of this level, in their order.
inline std::vector<std::string> of_level(const Diagnosis& diagnosis, Level level) {
  std::vector<std::string> ids;
  for (const Finding& finding : diagnosis.findings)
    if (finding.level == level)
      ids.push_back(finding.check);
  return ids;
}

inline Finding finding(const Diagnosis& diagnosis, const std::string& check) {
  for (const Finding& finding : diagnosis.findings)
    if (finding.check == check)
      return finding;
  return {"", check, Level::ok, "", "(no such check)", "", ""};
}

// Its check reports the fault, and no other check reports an error.
inline void expect_found_alone(const Diagnosis& diagnosis, const Fault& fault) {
  EXPECT_EQ(diagnosis.started, fault.outcome != Outcome::refused) << diagnosis.reason;
  EXPECT_EQ(diagnosis.reason.empty(), diagnosis.started);
  if (fault.outcome == Outcome::note) {
    EXPECT_THAT(of_level(diagnosis, Level::error), testing::IsEmpty());
    EXPECT_THAT(of_level(diagnosis, Level::note), testing::ElementsAre(fault.check));
  } else {
    EXPECT_THAT(of_level(diagnosis, Level::error), testing::ElementsAre(fault.check));
  }
  const Finding one = finding(diagnosis, fault.check);
  EXPECT_THAT(one.seen, testing::HasSubstr(fault.seen));
  EXPECT_NE(one.advice, "");
  EXPECT_TRUE(fault.outcome == Outcome::note || !one.rule.empty()) << "some notes break no rule";
}

// The text of a file on one line, without the signs of comments.
inline std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  std::string words;
  for (std::string word; stream >> word;)
    if (word != "//")
      words += (words.empty() ? "" : " ") + word;
  return words;
}

// Every check quotes the file `rules` verbatim, and has a row in the table of the file `readme`.
template <class Checks>
void expect_documented(const Checks& checks, const std::string& rules, const std::string& readme) {
  const std::string page = text_of(PEP554_SOURCE_DIR "/" + rules);
  const std::string table = text_of(PEP554_SOURCE_DIR "/" + readme);
  for (const auto& check : checks) {
    EXPECT_NE(page.find(check.rule), std::string::npos) << check.id << ": " << check.rule;
    std::string row("`");
    row.append(check.id).append("` | ").append(check.title).append(" |");
    EXPECT_NE(table.find(row), std::string::npos) << row;
  }
}

} // namespace pep554::test
