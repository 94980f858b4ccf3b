#include "cases/properties/oracle.h"

#include <algorithm>

#include <fmt/format.h>

namespace pep554::properties {
namespace {

using Outcome = Expectation::Outcome;

Expectation any() {
  Expectation expectation;
  expectation.outcome = Outcome::any;
  return expectation;
}

Expectation raises() {
  Expectation expectation;
  expectation.outcome = Outcome::raises;
  return expectation;
}

Expectation same_as(const std::string& name) {
  Expectation expectation;
  expectation.same = name;
  return expectation;
}

// What a deed leaves, or asks for, in the memory of its interpreter.
std::string memory_of(const Behaviour& behaviour) {
  const auto slot = [&](const char* kind) { return fmt::format("{}-{}", kind, behaviour.which); };
  switch (behaviour.deed) {
  case Deed::set_sys:
  case Deed::get_sys:
    return slot("sys");
  case Deed::set_builtin:
  case Deed::get_builtin:
    return slot("builtin");
  case Deed::add_module:
  case Deed::has_module:
    return slot("module");
  case Deed::add_path:
  case Deed::has_path:
    return slot("path");
  case Deed::bind_name:
  case Deed::get_name:
    return slot("name");
  default:
    return {};
  }
}

// Whether code comes to its last line, whatever there is beside it.
bool stays_well(const std::vector<Behaviour>& code) {
  return std::ranges::none_of(code, [](const Behaviour& one) {
    return info(one.deed).ends || one.deed == Deed::thread_that_stays || one.deed == Deed::nest ||
           one.deed == Deed::run_all_others;
  });
}

void emit(std::optional<std::vector<std::string>>& emits, std::string text) {
  if (emits)
    emits->push_back(std::move(text));
}

} // namespace

bool Oracle::makes_sense(const Action& action) const {
  const bool wants =
      info(action.op).wants_on || (action.op == Op::construct && action.text.empty());
  if (wants && !names_.contains(action.on))
    return false;
  if (!action.as.empty() && names_.contains(action.as))
    return false;
  const bool changes = action.op == Op::destroy || action.op == Op::run || action.op == Op::release;
  if (wants && changes && at(action.on).stays)
    return false; // whether it waits until the other has ended is open: it could be for ever
  return !action.stays || (action.op == Op::run && is_usable(action.on) && stays_well(action.code));
}

Expectation Oracle::expect(const Action& action) {
  if (action.ends_stay) {
    at(action.on).stays = false;
    return {};
  }
  switch (action.op) {
  case Op::enumerate:
    return expect_enumerate();
  case Op::get_main:
    return expect_get_main(action);
  case Op::get_current: // every lane is the main interpreter's
    return main_ ? same_as(*main_) : Expectation{};
  case Op::create:
    return expect_create(action);
  case Op::construct:
    return expect_construct(action);
  case Op::read_id:
    return at(action.on).life == Life::live ? same_as(names_.at(action.on)) : any();
  case Op::write_id:
    return at(action.on).life == Life::live ? raises() : any();
  case Op::is_running:
    return expect_is_running(action.on);
  case Op::destroy:
    return expect_destroy(action.on);
  case Op::run:
  case Op::eval:
    return expect_code(action);
  case Op::release:
    release(action.on);
    return {};
  case Op::open:
  case Op::wait:
    break;
  }
  return {};
}

std::vector<std::string> Oracle::names(Life life) const {
  std::vector<std::string> found;
  std::set<std::string> met; // first names
  for (const auto& [name, first] : names_)
    if (interpreters_.at(first).life == life && first != main_ && met.insert(first).second)
      found.push_back(name);
  return found;
}

std::vector<std::string> Oracle::aliases(const std::string& name) const {
  std::vector<std::string> found;
  const auto known = names_.find(name);
  for (const auto& [alias, first] : names_)
    if (known != names_.end() && first == known->second)
      found.push_back(alias);
  return found;
}

bool Oracle::is_main(const std::string& name) const {
  return main_ && names_.contains(name) && names_.at(name) == *main_;
}

bool Oracle::stays(const std::string& name) const {
  return names_.contains(name) && at(name).stays;
}

bool Oracle::has_threads(const std::string& name) const {
  return names_.contains(name) && at(name).threads;
}

bool Oracle::is_usable(const std::string& name) const {
  const Interpreter& interpreter = at(name);
  return interpreter.life == Life::live && !interpreter.stays && !interpreter.threads &&
         !is_main(name);
}

std::optional<size_t> Oracle::count() const {
  if (!counted_ || !names(Life::unknown).empty())
    return std::nullopt;
  return names(Life::live).size() + 1;
}

// Whether an object that goes takes its interpreter along is open, also when there are others of
// it.
void Oracle::release(const std::string& name) {
  const std::string first = names_.at(name);
  names_.erase(name);
  if (first == main_)
    return;
  Interpreter& interpreter = interpreters_.at(first);
  const bool last =
      std::ranges::none_of(names_, [&](const auto& entry) { return entry.second == first; });
  if (interpreter.life == Life::live)
    interpreter.life = Life::unknown;
  if (!last)
    return;
  if (interpreter.life != Life::dead)
    counted_ = false;
  interpreters_.erase(first);
}

Expectation Oracle::expect_enumerate() const {
  Expectation expectation;
  std::vector<std::string> live = names(Life::live);
  if (main_)
    live.push_back(*main_);
  if (main_ && count())
    expectation.exactly = live;
  else
    expectation.contains = live;
  expectation.lacks = names(Life::dead);
  return expectation;
}

Expectation Oracle::expect_get_main(const Action& action) {
  Expectation expectation;
  if (main_)
    expectation.same = *main_;
  else
    expectation.differs = names(Life::live);
  if (action.as.empty())
    return expectation;
  if (!main_) {
    main_ = action.as;
    interpreters_[action.as] = unnamed_main_;
  }
  names_[action.as] = *main_;
  return expectation;
}

Expectation Oracle::expect_create(const Action& action) {
  Expectation expectation;
  expectation.differs = names(Life::live);
  if (main_)
    expectation.differs.push_back(*main_);
  if (action.as.empty()) {
    counted_ = false;
    return expectation;
  }
  interpreters_[action.as] = {};
  names_[action.as] = action.as;
  return expectation;
}

Expectation Oracle::expect_construct(const Action& action) {
  if (action.on.empty() || at(action.on).life != Life::live)
    return any();
  const std::string first = names_.at(action.on);
  if (!action.as.empty())
    names_[action.as] = first;
  return same_as(first);
}

Expectation Oracle::expect_is_running(const std::string& name) const {
  const Interpreter& interpreter = at(name);
  if (interpreter.life != Life::live || interpreter.threads || is_main(name))
    return any();
  Expectation expectation;
  expectation.truth = interpreter.stays;
  return expectation;
}

Expectation Oracle::expect_destroy(const std::string& name) {
  Interpreter& interpreter = at(name);
  if (is_main(name)) {
    for (auto& [other, one] : interpreters_) // what is left when it is gone is open
      one.life = Life::unknown;
    return any();
  }
  if (interpreter.life == Life::dead)
    return any();
  if (!is_usable(name)) {
    interpreter.life = Life::unknown;
    return any();
  }
  Expectation expectation;
  expectation.during = interpreter.at_exit;
  interpreter = {};
  interpreter.life = Life::dead;
  return expectation;
}

Expectation Oracle::expect_code(const Action& action) {
  if (action.op == Op::run && at(action.on).life == Life::dead)
    return raises();
  const bool in_main = action.op == Op::eval;
  Interpreter& where = !in_main ? at(action.on) : main_ ? interpreters_.at(*main_) : unnamed_main_;
  const std::string name = !in_main ? names_.at(action.on) : main_.value_or("");
  const bool certain = in_main || is_usable(action.on);
  where.stays = action.stays;
  const Place place{where, name};
  const Deeds outcome = execute(action.code, place);
  if (!certain) {
    where.doubtful = true;
    return any();
  }
  if (outcome.how == Deeds::How::open)
    return any();
  Expectation expectation = outcome.how == Deeds::How::raises ? raises() : Expectation{};
  expectation.emits = outcome.emits;
  return expectation;
}

Oracle::Deeds Oracle::execute(const std::vector<Behaviour>& code, const Place& place) {
  Deeds outcome;
  const bool compiles =
      std::ranges::none_of(code, [](const Behaviour& one) { return one.deed == Deed::bad_syntax; });
  if (!compiles) {
    outcome.how = Deeds::How::raises; // and none of it is executed
    return outcome;
  }
  for (size_t i = 0; i < code.size(); ++i) {
    execute(code[i], place, outcome);
    if (outcome.how == Deeds::How::ok)
      continue;
    if (outcome.how == Deeds::How::open && !info(code[i].deed).ends)
      perhaps_execute({code.begin() + static_cast<std::ptrdiff_t>(i) + 1, code.end()}, place);
    break;
  }
  return outcome;
}

// Code of which nobody knows whether it was reached.
void Oracle::perhaps_execute(const std::vector<Behaviour>& code, const Place& place) {
  if (code.empty())
    return;
  const auto at_exit = place.interpreter.at_exit;
  execute(code, place);
  place.interpreter.at_exit = at_exit;
  place.interpreter.doubtful = true;
}

void Oracle::execute(const Behaviour& behaviour, const Place& place, Deeds& outcome) {
  Interpreter& here = place.interpreter;
  switch (behaviour.deed) {
  case Deed::set_sys:
  case Deed::set_builtin:
  case Deed::add_module:
  case Deed::add_path:
    here.remembers.insert(memory_of(behaviour));
    return;
  case Deed::bind_name:
    here.bound.insert(memory_of(behaviour));
    return;
  case Deed::thread_that_stays:
    here.threads = true;
    return;
  case Deed::at_exit:
    here.at_exit.push_back(fmt::format("bye-{}", behaviour.which));
    if (!place.nested) // it emits for this step, if the interpreter is ever finalized
      outcome.emits.reset();
    return;
  case Deed::nest:
    nest(behaviour, outcome);
    return;
  case Deed::run_all_others:
    if (!everybody_else_is_usable(place.name))
      outcome = {Deeds::How::open, std::nullopt};
    return;
  case Deed::raise:
    outcome.how = Deeds::How::raises;
    return;
  case Deed::leave: // whether it is a failure is open
    outcome = {Deeds::How::open, std::nullopt};
    return;
  default:
    ask(behaviour, place, outcome);
  }
}

bool Oracle::everybody_else_is_usable(const std::string& self) const {
  if (self.empty() || !count())
    return false;
  return std::ranges::all_of(
      names(Life::live), [&](const std::string& name) { return name == self || is_usable(name); });
}

// Deeds that emit.
void Oracle::ask(const Behaviour& behaviour, const Place& place, Deeds& outcome) const {
  const Interpreter& here = place.interpreter;
  const std::string memory = memory_of(behaviour);
  const bool known = here.remembers.contains(memory);
  auto& emits = outcome.emits;
  switch (behaviour.deed) {
  case Deed::get_sys:
  case Deed::get_builtin:
    here.doubtful ? emits.reset() : emit(emits, known ? memory : "absent");
    return;
  case Deed::has_module:
  case Deed::has_path:
    here.doubtful ? emits.reset() : emit(emits, known ? "True" : "False");
    return;
  case Deed::get_name: // whether a later run sees the names of an earlier one is open
    here.doubtful || here.bound.contains(memory) ? emits.reset() : emit(emits, "absent");
    return;
  case Deed::emit_current:
    place.name.empty() ? emits.reset() : emit(emits, fmt::format("{{{}.id}}", place.name));
    return;
  case Deed::emit_main:
    main_ ? emit(emits, fmt::format("{{{}.id}}", *main_)) : emits.reset();
    return;
  case Deed::emit_count:
    count() && !place.name.empty() ? emit(emits, std::to_string(*count())) : emits.reset();
    return;
  case Deed::emit_self_running:
    emit(emits, "True");
    return;
  case Deed::live_and_die:
    emit(emits, "False");
    return;
  case Deed::emit_thread:
    emit(emits, "{lane.thread}");
    return;
  default:
    return; // it says nothing
  }
}

// An interpreter of its own, without a name, that is destroyed at the end.
void Oracle::nest(const Behaviour& behaviour, Deeds& outcome) {
  Interpreter inner;
  const Deeds within = execute(behaviour.inside, {inner, "", true});
  outcome.how = inner.threads ? Deeds::How::open : within.how;
  if (inner.threads)
    counted_ = false;                             // it may not have been destroyed
  if (within.emits && inner.at_exit.size() < 2) { // in which order they are called is open
    for (const std::string& text : *within.emits)
      emit(outcome.emits, text);
    for (const std::string& text : inner.at_exit)
      emit(outcome.emits, text);
  } else {
    outcome.emits.reset();
  }
}

} // namespace pep554::properties
