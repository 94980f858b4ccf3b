// The two long lists of the page as template data: clauses in the order of the text, cases by
// table.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include <kainjow/mustache.hpp>

#include "harness/engine/result.h"
#include "reports/summary.h"

namespace pep554 {

// Clauses and cases of a run by id. Refers to the run, which must outlive it.
class RunIndex {
public:
  explicit RunIndex(const RunResult& run);
  const ClauseResult* clause(std::string_view id) const; // null when there is none
  const CaseResult* find_case(std::string_view id) const;

private:
  std::unordered_map<std::string_view, const ClauseResult*> clauses_;
  std::unordered_map<std::string_view, const CaseResult*> cases_;
};

kainjow::mustache::data clauses_data(const RunResult& run, const RunIndex& index);
kainjow::mustache::data tables_data(const RunResult& run, const RunIndex& index);

// A text made readable; false, which a section leaves out, when it is empty.
kainjow::mustache::data html_data(std::string_view text);

// Sets "verdict" and "sign": the word, and a sign so that colour is never alone.
void set_verdict(kainjow::mustache::data& item, Verdict verdict);
const char* sign_of(Verdict verdict);
const char* sign_of(Claim claim);

// Sets "claim_word", "claim_class" and "claim_sign".
void set_claim(kainjow::mustache::data& item, const RunResult& run);

// Sets "bar", "bar_label" and "segments": the cases by verdict, as a picture and in words.
void set_bar(kainjow::mustache::data& item, const RunResult& run);

std::string clause_anchor(std::string_view id); // without '#'
std::string case_anchor(std::string_view id);

// "12 cases: 9 pass, 3 fail"; in the order of all_verdicts.
std::string tally(const std::map<Verdict, size_t>& counts, std::string_view noun);

} // namespace pep554
