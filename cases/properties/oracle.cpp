#include "cases/properties/oracle.h"

#include <algorithm>

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

// Whether code comes to its last line, whatever there is beside it.
bool stays_well(const std::vector<Snippet>& code) {
  return std::ranges::none_of(code, [](const Snippet& one) {
    return info(one.kind).ends || info(one.kind).to_others ||
           one.kind == SnippetKind::lingering_thread || one.kind == SnippetKind::nest;
  });
}

bool is_for_others(const std::vector<Snippet>& code) {
  return std::ranges::any_of(code, [](const Snippet& one) { return info(one.kind).to_others; });
}

// In nested code those that wait for it are others too.
bool is_for_those_that_wait(const std::vector<Snippet>& code) {
  return std::ranges::any_of(code, [](const Snippet& one) {
    return is_for_others(one.inside) || is_for_those_that_wait(one.inside);
  });
}

} // namespace

bool Oracle::precondition(const Action& action) const {
  const bool wants =
      info(action.op).wants_on || (action.op == Op::construct && action.text.empty());
  if (wants && !names_.contains(action.on))
    return false;
  if (!action.as.empty() && names_.contains(action.as))
    return false;
  const bool changes = action.op == Op::destroy || action.op == Op::run || action.op == Op::release;
  if (wants && changes && at(action.on).blocking)
    return false; // whether it waits until the other has ended is open: it could be for ever
  if (is_for_those_that_wait(action.code) || (is_for_others(action.code) && anything_blocks()))
    return false;
  return !action.blocking ||
         (action.op == Op::run && is_usable(action.on) && stays_well(action.code));
}

bool Oracle::anything_blocks() const {
  return std::ranges::any_of(interpreters_, [](const auto& one) { return one.second.blocking; });
}

Expectation Oracle::expect(const Action& action) {
  if (action.unblocks) {
    at(action.on).blocking = false;
    return {};
  }
  Expectation expected = expectation(action);
  return open_ ? any() : expected;
}

Expectation Oracle::expectation(const Action& action) {
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

bool Oracle::blocking(const std::string& name) const {
  return names_.contains(name) && at(name).blocking;
}

bool Oracle::has_threads(const std::string& name) const {
  return names_.contains(name) && at(name).threads;
}

bool Oracle::is_usable(const std::string& name) const {
  const Interpreter& interpreter = at(name);
  return interpreter.life == Life::live && !interpreter.blocking && !interpreter.threads &&
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
  for (const std::string& name : names(Life::dead))
    if (!at(name).replaced)
      expectation.excludes.push_back(name);
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
  for (auto& [name, one] : interpreters_)
    one.replaced = one.replaced || one.life == Life::dead;
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
  expectation.truth = interpreter.blocking;
  return expectation;
}

Expectation Oracle::expect_destroy(const std::string& name) {
  Interpreter& interpreter = at(name);
  if (is_main(name)) {
    for (auto& [other, one] : interpreters_)
      one.life = Life::unknown;
    open_ = true; // what is left when it is gone
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
  where.blocking = action.blocking;
  const bool in_the_main_one = in_main || is_main(action.on);
  const CodeContext context{where, name, name, in_the_main_one ? 0U : 1U, 0, !certain};
  const CodeOutcome outcome = execute(action.code, context);
  if (!certain) {
    where.doubtful = true;
    return any();
  }
  if (outcome.result == CodeOutcome::Result::open)
    return any();
  Expectation expectation =
      outcome.result == CodeOutcome::Result::raises ? raises() : Expectation{};
  expectation.emits = outcome.emits;
  expectation.during = outcome.during;
  return expectation;
}

} // namespace pep554::properties
