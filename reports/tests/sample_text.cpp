#include "reports/tests/sample_text.h"

#include <algorithm>

namespace pep554 {
namespace {

ClauseResult stated(std::string id, std::string quote, std::string summary) {
  ClauseResult clause;
  clause.id = std::move(id);
  clause.kind = ClauseKind::stated;
  clause.quote = std::move(quote);
  clause.summary = std::move(summary);
  return clause;
}

ClauseResult implied(std::string id, std::vector<std::string> from, std::string reasoning,
                     std::string summary) {
  auto clause = stated(std::move(id), "", std::move(summary));
  clause.kind = ClauseKind::implied;
  clause.follows_from = std::move(from);
  clause.reasoning = std::move(reasoning);
  return clause;
}

ClauseResult open(std::string id, std::string question) {
  auto clause = stated(std::move(id), "", std::move(question));
  clause.kind = ClauseKind::open;
  return clause;
}

} // namespace

std::vector<ClauseResult> sample_clauses() {
  return {
      stated("get_current.running", "Return the currently running interpreter.",
             "The answer is the interpreter that executes the call."),
      stated("create.initializes", "Initialize a new Python interpreter and return it.",
             "The answer is an interpreter that is ready to run Python code."),
      implied("create.distinct", {"create.initializes"}, "\"New\": not one that existed before.",
              "The answer is none of the interpreters that existed before."),
      open("enumerate.order", "In which order are the interpreters listed?"),
      stated("is_running.answer", "Return whether or not the interpreter is currently running.",
             "True while code is executed in the interpreter, else False."),
      stated("destroy.destroys", "Finalize and destroy the interpreter.",
             "After destroy the interpreter does not exist."),
      implied("destroy.removes", {"destroy.destroys", "enumerate.all"},
              "What was destroyed does not exist, so it is none of all existing interpreters.",
              "A destroyed interpreter is not in the list."),
      open("destroy.twice", "What does destroy do with an interpreter that was destroyed?"),
      stated("run.code", "Run the provided Python code in the interpreter,",
             "The code is executed, in that interpreter."),
  };
}

void judge_sample(RunResult& run) {
  for (auto& clause : run.clauses)
    for (const auto& result : run.cases) {
      if (std::ranges::find(result.clauses, clause.id) == result.clauses.end())
        continue;
      clause.verdict =
          clause.cases.empty() ? result.verdict : worse(clause.verdict, result.verdict);
      clause.cases.push_back(result.id);
    }
}

std::string hostile_text() {
  using namespace std::string_literals;
  return "<script>alert('x')</script> & \"quoted\" {{mustache}} {{{raw}}} ]]> <!-- \\u0041\n"
         "\x1B[31mred\x1B[0m bell\a nul\0 back\b return\r delete\x7F\n"s +
         "reordered \u202Etxt.exe\u202C, not UTF-8: \xFF\xC0\xAF\xED\xA0\x80, noncharacter \uFFFE\n"
         "tab\there, \u00E9\u4E2D\U0001F40D\n" +
         std::string(600, 'w') + "\n";
}

} // namespace pep554
