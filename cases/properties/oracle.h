// The expected answer of each action of a scenario, from the text: tracks every interpreter by the
// names that the scenario binds, and the state that code left there. Where the text is silent the
// outcome is open, and state that depends on it is not expected later.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cases/properties/scenario.h"

namespace pep554::properties {

class Oracle {
public:
  // Whether the action can run: its name is bound.
  bool precondition(const Action& action) const;
  // The expectation of the next action, which is applied to the state. It accepts any answer where
  // the text only implies that the process survives.
  Expectation expect(const Action& action);

  // For generators: the names of interpreters, one for each.
  enum class Life { live, dead, unknown };
  std::vector<std::string> names(Life life) const;
  // All names of the interpreter that has this one; none when it has gone.
  std::vector<std::string> aliases(const std::string& name) const;
  bool has_main() const { return main_.has_value(); }
  bool is_main(const std::string& name) const;
  bool blocking(const std::string& name) const;
  bool has_threads(const std::string& name) const;

private:
  struct Interpreter {
    Life life = Life::live;
    bool blocking = false;           // a run of it is under way on another lane
    bool threads = false;            // some may be left over from a run
    bool doubtful = false;           // what it remembers cannot be known any more
    bool replaced = false;           // dead, and another came later, which may have its id
    std::set<std::string> remembers; // "sys-0", "module-2", ...
    std::set<std::string> bound;     // global names, which a later run may or may not see
    std::vector<std::string> at_exit;
  };
  struct CodeOutcome { // the outcome of code

    enum class Result { ok, raises, open } result = Result::ok;
    std::optional<std::vector<std::string>> emits = std::vector<std::string>{}; // nothing: open
    std::vector<std::string> during = {}; // what others emit, in any order
  };

  Interpreter& at(const std::string& name) { return interpreters_.at(names_.at(name)); }
  const Interpreter& at(const std::string& name) const { return interpreters_.at(names_.at(name)); }
  bool is_usable(const std::string& name) const; // live, idle, and nothing is left over from a run
  std::optional<size_t> count() const;           // of interpreters that exist
  bool anything_blocks() const;
  void release(const std::string& name);

  Expectation expectation(const Action& action);
  Expectation expect_enumerate() const;
  Expectation expect_get_main(const Action& action);
  Expectation expect_create(const Action& action);
  Expectation expect_construct(const Action& action);
  Expectation expect_is_running(const std::string& name) const;
  Expectation expect_destroy(const std::string& name);
  Expectation expect_code(const Action& action);

  // Where code is executed; `name` is empty for an interpreter that has none.
  struct CodeContext {
    Interpreter& interpreter;
    std::string name;
    // The interpreter that the step is about, and how many are running one in the other from there,
    // the main one not counted. All but that are destroyed before the step is over.
    std::string outermost;
    unsigned running = 0;
    unsigned depth = 0;
    bool perhaps = false; // whether the code is executed at all is open
  };
  CodeOutcome execute(const std::vector<Snippet>& code, const CodeContext& context);
  void maybe_execute(const std::vector<Snippet>& code, const CodeContext& context);
  void execute(const Snippet& snippet, const CodeContext& context, CodeOutcome& outcome);
  void ask(const Snippet& snippet, const CodeContext& context, CodeOutcome& outcome) const;
  void nest(const Snippet& snippet, const CodeContext& context, CodeOutcome& outcome);
  void destroy_all_others(const CodeContext& context, CodeOutcome& outcome);
  bool all_others_usable(const std::string& self) const;
  std::optional<size_t> count_running(const CodeContext& context) const;

  std::map<std::string, std::string> names_;        // to the first name of the same interpreter
  std::map<std::string, Interpreter> interpreters_; // by that
  std::optional<std::string> main_;                 // its first name
  Interpreter unnamed_main_;
  bool counted_ = true; // every interpreter but, perhaps, the main one has a name
  bool open_ = false;   // nothing is claimed any more
};

} // namespace pep554::properties
