// The executable oracle: a pure model of what a Python program may know of the module's state.
// It receives calls and answers in the order in which they happened, on any number of lanes, and
// objects to an answer that the clauses rule out. Where the text is silent, or where the model
// cannot know (code that uses the module itself, calls that overlap), it reports nothing.
//
// Calls are made from the main interpreter. Interpreters are named by the text of their ids. Not
// thread-safe; copies are independent.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pep554 {

// A lane's call of the module.
struct ModelCall {
  enum class Kind {
    enumerate,
    get_current,
    get_main,
    create,
    construct, // from an id that was given by the module: `id`; else `id` is empty
    read_id,
    write_id,
    is_running,
    destroy,
    run,
    release, // the caller lets go of its object; it may hold others
    other,   // code in the main interpreter
  };
  Kind kind = Kind::other;
  std::string id;           // of the interpreter that is operated on
  bool uses_module = false; // the code may itself create, run and destroy
};

struct ModelAnswer {
  bool raised = false;
  std::vector<std::string> ids; // interpreters answered with, or the id that was read
  std::optional<bool> truth;
};

// Why an answer cannot be right.
struct Objection {
  std::string clause;   // id of the clause that it violates
  std::string expected; // in words, e.g. "lists 0, 1, each once"
};

class Model {
public:
  void called(size_t lane, const ModelCall& call);
  // Ends the lane's call. Nothing when the answer can be right.
  std::optional<Objection> returned(size_t lane, const ModelAnswer& answer);

private:
  enum class Life { alive, dead, unknown };

  // A call under way, with every call of another lane that overlaps it.
  struct Flight {
    ModelCall call;
    std::vector<ModelCall> overlaps;
    std::set<std::string> came; // ids of interpreters that were created meanwhile
    std::set<std::string> went; // ... that were destroyed, or may have been
    bool may_go(const std::string& id) const;
    bool may_change(const std::string& id) const; // may come or go meanwhile
    bool may_run(const std::string& id) const;    // may run, or change, meanwhile
    bool may_change_population() const;
  };

  Life life(const std::string& id) const;
  std::optional<Objection> judge(const Flight& flight, const ModelAnswer& answer) const;
  std::optional<Objection> judge_enumerate(const Flight& flight, const ModelAnswer& answer) const;
  std::optional<Objection> judge_one(const ModelCall& call, const ModelAnswer& answer) const;
  std::optional<Objection> judge_create(const Flight& flight, const ModelAnswer& answer) const;
  std::optional<Objection> judge_is_running(const Flight& flight, const ModelAnswer& answer) const;
  std::optional<Objection> judge_destroy(const Flight& flight, const ModelAnswer& answer) const;
  void learn(const ModelCall& call, const ModelAnswer& answer);
  void set(const std::string& id, Life life);
  void forget();

  std::map<std::string, Life> lives_; // by id
  std::optional<std::string> main_;   // once known
  bool complete_ = true; // the model knows every interpreter, except perhaps the main one
  std::map<size_t, Flight> flights_; // by lane
};

} // namespace pep554
