// What code does to the interpreter that executes it, and what it emits: Oracle's part of
// behaviours.
#include "cases/properties/oracle.h"

#include <algorithm>

#include <fmt/format.h>

namespace pep554::properties {
namespace {

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

void emit(std::optional<std::vector<std::string>>& emits, std::string text) {
  if (emits)
    emits->push_back(std::move(text));
}

} // namespace

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
  Place perhaps = place;
  perhaps.perhaps = true;
  execute(code, perhaps);
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
    if (place.depth == 0) // it emits for this step, if the interpreter is ever finalized
      outcome.emits.reset();
    return;
  case Deed::nest:
    nest(behaviour, place, outcome);
    return;
  case Deed::run_all_others:
    if (!everybody_else_is_usable(place.name))
      outcome = {Deeds::How::open, std::nullopt};
    return;
  case Deed::destroy_all_others:
    destroy_all_others(place, outcome);
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

void Oracle::destroy_all_others(const Place& place, Deeds& outcome) {
  const bool certain = everybody_else_is_usable(place.name) && !place.perhaps;
  for (const std::string& name : names(Life::live)) {
    if (names_.at(name) == place.name)
      continue;
    Interpreter& other = at(name);
    if (certain) {
      outcome.during.insert(outcome.during.end(), other.at_exit.begin(), other.at_exit.end());
      other = {};
    }
    other.life = certain ? Life::dead : Life::unknown;
  }
  if (!certain)
    outcome = {Deeds::How::open, std::nullopt};
}

// Nothing where it is not known.
std::optional<size_t> Oracle::count_running(const Place& place) const {
  if (!count())
    return std::nullopt;
  size_t running = place.running;
  for (const std::string& name : names(Life::live)) {
    if (names_.at(name) == place.outermost)
      continue;
    if (at(name).threads)
      return std::nullopt;
    running += at(name).stays ? 1U : 0U;
  }
  return running;
}

bool Oracle::everybody_else_is_usable(const std::string& self) const {
  return count() && std::ranges::all_of(names(Life::live), [&](const std::string& name) {
           return name == self || is_usable(name);
         });
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
    count() ? emit(emits, std::to_string(*count() + place.depth)) : emits.reset();
    return;
  case Deed::emit_running: {
    const auto running = count_running(place);
    running ? emit(emits, std::to_string(*running)) : emits.reset();
    return;
  }
  case Deed::change_list: // an object that goes may take its interpreter along
    count() ? emit(emits, "True") : emits.reset();
    return;
  case Deed::write_id:
    emit(emits, "False");
    emit(emits, "True");
    return;
  case Deed::construct_self:
    emit(emits, "True");
    emit(emits, "True");
    return;
  case Deed::run_destroyed:
  case Deed::run_nobody:
    emit(emits, "False");
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
void Oracle::nest(const Behaviour& behaviour, const Place& place, Deeds& outcome) {
  Interpreter inner;
  const Deeds within = execute(behaviour.inside, {inner, "", place.outermost, place.running + 1,
                                                  place.depth + 1, place.perhaps});
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
