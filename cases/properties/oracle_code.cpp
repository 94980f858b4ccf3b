// The part of Oracle for snippets: how they change the interpreter that executes them, and what
// they emit.
#include "cases/properties/oracle.h"

#include <algorithm>

#include <fmt/format.h>

namespace pep554::properties {
namespace {

// The key of the interpreter's state that a snippet writes or reads.
std::string memory_of(const Snippet& snippet) {
  const auto slot = [&](const char* kind) { return fmt::format("{}-{}", kind, snippet.which); };
  switch (snippet.kind) {
  case SnippetKind::set_sys:
  case SnippetKind::get_sys:
    return slot("sys");
  case SnippetKind::set_builtin:
  case SnippetKind::get_builtin:
    return slot("builtin");
  case SnippetKind::add_module:
  case SnippetKind::has_module:
    return slot("module");
  case SnippetKind::add_path:
  case SnippetKind::has_path:
    return slot("path");
  case SnippetKind::bind_name:
  case SnippetKind::get_name:
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

Oracle::CodeOutcome Oracle::execute(const std::vector<Snippet>& code, const CodeContext& context) {
  CodeOutcome outcome;
  const bool compiles = std::ranges::none_of(
      code, [](const Snippet& one) { return one.kind == SnippetKind::bad_syntax; });
  if (!compiles) {
    outcome.result = CodeOutcome::Result::raises; // and none of it is executed
    return outcome;
  }
  for (size_t i = 0; i < code.size(); ++i) {
    execute(code[i], context, outcome);
    if (outcome.result == CodeOutcome::Result::ok)
      continue;
    if (outcome.result == CodeOutcome::Result::open && !info(code[i].kind).ends)
      maybe_execute({code.begin() + static_cast<std::ptrdiff_t>(i) + 1, code.end()}, context);
    break;
  }
  return outcome;
}

// Executes code that may not be reached.
void Oracle::maybe_execute(const std::vector<Snippet>& code, const CodeContext& context) {
  if (code.empty())
    return;
  const auto at_exit = context.interpreter.at_exit;
  CodeContext perhaps = context;
  perhaps.perhaps = true;
  execute(code, perhaps);
  context.interpreter.at_exit = at_exit;
  context.interpreter.doubtful = true;
}

void Oracle::execute(const Snippet& snippet, const CodeContext& context, CodeOutcome& outcome) {
  Interpreter& here = context.interpreter;
  switch (snippet.kind) {
  case SnippetKind::set_sys:
  case SnippetKind::set_builtin:
  case SnippetKind::add_module:
  case SnippetKind::add_path:
    here.remembers.insert(memory_of(snippet));
    return;
  case SnippetKind::bind_name:
    here.bound.insert(memory_of(snippet));
    return;
  case SnippetKind::lingering_thread:
    here.threads = true;
    return;
  case SnippetKind::at_exit:
    here.at_exit.push_back(fmt::format("bye-{}", snippet.which));
    if (context.depth == 0) // it emits for this step, if the interpreter is ever finalized
      outcome.emits.reset();
    return;
  case SnippetKind::nest:
    nest(snippet, context, outcome);
    return;
  case SnippetKind::run_all_others:
    if (!all_others_usable(context.name))
      outcome = {CodeOutcome::Result::open, std::nullopt};
    return;
  case SnippetKind::destroy_all_others:
    destroy_all_others(context, outcome);
    return;
  case SnippetKind::raise:
    outcome.result = CodeOutcome::Result::raises;
    return;
  case SnippetKind::leave: // whether it is a failure is open
    outcome = {CodeOutcome::Result::open, std::nullopt};
    return;
  default:
    ask(snippet, context, outcome);
  }
}

void Oracle::destroy_all_others(const CodeContext& context, CodeOutcome& outcome) {
  const bool certain = all_others_usable(context.name) && !context.perhaps;
  for (const std::string& name : names(Life::live)) {
    if (names_.at(name) == context.name)
      continue;
    Interpreter& other = at(name);
    if (certain) {
      outcome.during.insert(outcome.during.end(), other.at_exit.begin(), other.at_exit.end());
      other = {};
    }
    other.life = certain ? Life::dead : Life::unknown;
  }
  if (!certain)
    outcome = {CodeOutcome::Result::open, std::nullopt};
}

// Nothing where it is not known.
std::optional<size_t> Oracle::count_running(const CodeContext& context) const {
  if (!count())
    return std::nullopt;
  size_t running = context.running;
  for (const std::string& name : names(Life::live)) {
    if (names_.at(name) == context.outermost)
      continue;
    if (at(name).threads)
      return std::nullopt;
    running += at(name).blocking ? 1U : 0U;
  }
  return running;
}

bool Oracle::all_others_usable(const std::string& self) const {
  return count() && std::ranges::all_of(names(Life::live), [&](const std::string& name) {
           return name == self || is_usable(name);
         });
}

// CodeOutcome that emit.
void Oracle::ask(const Snippet& snippet, const CodeContext& context, CodeOutcome& outcome) const {
  const Interpreter& here = context.interpreter;
  const std::string memory = memory_of(snippet);
  const bool known = here.remembers.contains(memory);
  auto& emits = outcome.emits;
  switch (snippet.kind) {
  case SnippetKind::get_sys:
  case SnippetKind::get_builtin:
    here.doubtful ? emits.reset() : emit(emits, known ? memory : "absent");
    return;
  case SnippetKind::has_module:
  case SnippetKind::has_path:
    here.doubtful ? emits.reset() : emit(emits, known ? "True" : "False");
    return;
  case SnippetKind::get_name: // whether a later run sees the names of an earlier one is open
    here.doubtful || here.bound.contains(memory) ? emits.reset() : emit(emits, "absent");
    return;
  case SnippetKind::emit_current:
    context.name.empty() ? emits.reset() : emit(emits, fmt::format("{{{}.id}}", context.name));
    return;
  case SnippetKind::emit_main:
    main_ ? emit(emits, fmt::format("{{{}.id}}", *main_)) : emits.reset();
    return;
  case SnippetKind::emit_count:
    count() ? emit(emits, std::to_string(*count() + context.depth)) : emits.reset();
    return;
  case SnippetKind::emit_running: {
    const auto running = count_running(context);
    running ? emit(emits, std::to_string(*running)) : emits.reset();
    return;
  }
  case SnippetKind::change_list: // an object that goes may take its interpreter along
    count() ? emit(emits, "True") : emits.reset();
    return;
  case SnippetKind::write_id:
    emit(emits, "False");
    emit(emits, "True");
    return;
  case SnippetKind::construct_self:
    emit(emits, "True");
    emit(emits, "True");
    return;
  case SnippetKind::run_destroyed:
  case SnippetKind::run_invalid_id:
    emit(emits, "False");
    return;
  case SnippetKind::emit_self_running:
    emit(emits, "True");
    return;
  case SnippetKind::live_and_die:
    emit(emits, "False");
    return;
  case SnippetKind::emit_thread:
    emit(emits, "{lane.thread}");
    return;
  default:
    return; // it emits nothing
  }
}

// An interpreter of its own, without a name, that is destroyed at the end.
void Oracle::nest(const Snippet& snippet, const CodeContext& context, CodeOutcome& outcome) {
  Interpreter inner;
  const CodeOutcome within =
      execute(snippet.inside, {inner, "", context.outermost, context.running + 1, context.depth + 1,
                               context.perhaps});
  outcome.result = inner.threads ? CodeOutcome::Result::open : within.result;
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
