#include "harness/repro/python_steps.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/repro/header.h"
#include "harness/repro/python_names.h"
#include "harness/repro/text.h"

namespace pep554::repro {
namespace {

using Outcome = Expectation::Outcome;

template <class Value>
std::string joined(const Value& values) {
  return fmt::format("{}", fmt::join(values, ", "));
}

std::vector<std::string> handles_in(const Expectation& expectation) {
  std::vector<std::string> all = expectation.differs;
  const auto add = [&all](const std::vector<std::string>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  add(expectation.contains);
  add(expectation.excludes);
  if (expectation.same)
    all.push_back(*expectation.same);
  if (expectation.exactly)
    add(*expectation.exactly);
  return all;
}

} // namespace

PythonSteps::PythonSteps(const Subject& subject, const ModuleApi& module_api)
    : subject_(subject), module_api_(module_api) {
  const Case& one = subject_.subject;
  for (size_t lane = 0; lane < one.program.lanes.size(); ++lane)
    for (size_t i = 0; i < one.program.lanes[lane].size(); ++i)
      look({lane, i});
  std::set<std::string> variables;
  for (const auto& steps : one.program.lanes)
    for (const Step& step : steps)
      if (!step.as.empty())
        variables.insert({name(step.as), name(step.as) + "_id"});
  for (const auto& steps : one.program.lanes)
    for (const Step& step : steps)
      needs_.names = needs_.names || (step.op == Op::eval && clashes(step.text, variables));
  for (const auto& steps : one.program.lanes)
    for (const Step& step : steps)
      if (step.op == Op::run || step.op == Op::eval)
        needs_.code_macros = needs_.code_macros || (needs_.emissions && emits(step.text)) ||
                             !gates_in(step.text).empty();
}

void PythonSteps::look(At at) {
  const Step& one = step(at);
  needs_.runs = needs_.runs || one.op == Op::run;
  needs_.evals = needs_.evals || one.op == Op::eval;
  if (one.op == Op::open || one.op == Op::wait)
    needs_.gates.insert(one.text);
  if (one.op == Op::run || one.op == Op::eval)
    needs_.gates.merge(gates_in(one.text));
  // The end of the process may depend on an emission in a callback.
  if (checks_exit(subject_) && emits(one.text))
    needs_.emissions = true;
  const Expectation* expectation = expected(subject_.subject, at.lane, at.step);
  needs_.checks = needs_.checks || is_checked(subject_, at.lane, at.step);
  if (expectation == nullptr || !is_checked(subject_, at.lane, at.step))
    return;
  needs_.emissions =
      needs_.emissions || !expectation->during.empty() || expectation->emits.has_value();
  // The ids of names that are dropped or bound again are kept.
  const std::vector<std::string> asked = handles_in(*expectation);
  std::map<std::string, int> bound;
  for (const auto& lane : subject_.subject.program.lanes)
    for (const Step& other : lane) {
      bound[other.as] += other.as.empty() ? 0 : 1;
      const bool drops = other.op == Op::release || bound[other.as] > 1;
      const std::string& gone = other.op == Op::release ? other.on : other.as;
      if (drops && std::ranges::find(asked, gone) != asked.end())
        kept_.insert(gone);
    }
}

size_t PythonSteps::number(At at) const {
  size_t index = at.step + 1;
  for (size_t lane = 0; lane < at.lane; ++lane)
    index += subject_.subject.program.lanes[lane].size();
  return index;
}

std::string PythonSteps::name(const std::string& handle) const {
  return identifier(handle);
}

std::string PythonSteps::id_of(const std::string& handle) const {
  return kept_.contains(handle) ? name(handle) + "_id"
                                : fmt::format(fmt::runtime(module_api_.text_id), name(handle));
}

std::string PythonSteps::list(const std::vector<std::string>& handles) const {
  std::vector<std::string> ids;
  ids.reserve(handles.size());
  for (const std::string& handle : handles)
    ids.push_back(id_of(handle));
  return "[" + joined(ids) + "]";
}

// "id {a.id}!" as "id " + str(a.id) + "!"
std::string PythonSteps::code(At at) const {
  std::string source = step(at).text;
  // Emissions that no step checks are left out.
  if (!needs_.emissions)
    for (size_t found = source.find("$emit("); found != std::string::npos;
         found = source.find("$emit(", found))
      source.replace(found, 5, "str");
  const bool macros = emits(source) || !gates_in(source).empty();
  std::string literal = python_literal(source);
  if (!macros)
    return literal;
  return needs_.emissions ? fmt::format("code({}, {})", literal, number(at))
                          : fmt::format("code({})", literal);
}

std::string PythonSteps::call(At at) const {
  const Step& one = step(at);
  const auto on = [&](std::string_view form) {
    return fmt::format(fmt::runtime(form), name(one.on));
  };
  // A number, of any size, or else a text.
  const auto id = [&] {
    const bool number = !one.text.empty() &&
                        one.text.size() > (one.text.front() == '-' ? 1U : 0U) &&
                        one.text.find_first_not_of("0123456789", one.text.front() == '-' ? 1 : 0) ==
                            std::string::npos;
    return number && (one.text.front() != '0' || one.text == "0") ? one.text
                                                                  : python_word(one.text);
  };
  switch (one.op) {
  case Op::enumerate:
    return std::string(module_api_.enumerate);
  case Op::get_current:
    return std::string(module_api_.get_current);
  case Op::get_main:
    return std::string(module_api_.get_main);
  case Op::create:
    return std::string(module_api_.create);
  case Op::construct:
    return fmt::format(fmt::runtime(module_api_.construct),
                       one.on.empty() ? id() : on(module_api_.id));
  case Op::read_id:
    return on(module_api_.text_id);
  case Op::write_id:
    return module_api_.write_id.empty()
               ? "pass  # there is no attribute that could be written"
               : fmt::format(fmt::runtime(module_api_.write_id), name(one.on), id());
  case Op::is_running:
    return on(module_api_.is_running);
  case Op::destroy:
    return on(module_api_.destroy);
  case Op::run:
    return fmt::format(fmt::runtime(module_api_.run), name(one.on), code(at));
  case Op::release:
    return "del " + name(one.on);
  case Op::eval:
    return fmt::format("exec({}, {})", code(at), needs_.names ? "names" : "globals()");
  case Op::open:
    return fmt::format("open_gate({})", python_word(one.text));
  case Op::wait:
    return fmt::format("wait_gate({})", python_word(one.text));
  }
  return {};
}

std::string PythonSteps::bind(At at, const std::string& statement) const {
  const std::string& as = step(at).as;
  if (as.empty() || !kept_.contains(as))
    return statement;
  return fmt::format("{}\n{}_id = {}", statement, name(as),
                     fmt::format(fmt::runtime(module_api_.text_id), name(as)));
}

std::string PythonSteps::statement(At at) const {
  const Step& one = step(at);
  return one.as.empty() ? call(at) : bind(at, fmt::format("{} = {}", name(one.as), call(at)));
}

std::string PythonSteps::answer(At at) const {
  const Step& one = step(at);
  if (one.op == Op::enumerate)
    return "got = " + std::string(module_api_.ids);
  if (one.op == Op::is_running || one.op == Op::read_id)
    return "got = " + call(at);
  if (!info(one.op).may_bind)
    return statement(at);
  if (one.as.empty())
    return "got = " + fmt::format(fmt::runtime(module_api_.text_id), call(at));
  return fmt::format("{}\ngot = {}", statement(at),
                     fmt::format(fmt::runtime(module_api_.text_id), name(one.as)));
}

std::string PythonSteps::lines(At at, const std::string& margin) {
  const Expectation* expectation = expected(subject_.subject, at.lane, at.step);
  const bool checks = is_checked(subject_, at.lane, at.step);
  if (checks && expectation != nullptr)
    return behind(margin, checked(at, *expectation));
  if (checks) // the model objects to a step that only prepares
    return behind(margin, checked(at, {}));
  const bool may_raise = expectation != nullptr && expectation->outcome != Outcome::ok;
  if (!may_raise || step(at).op == Op::open || step(at).op == Op::wait)
    return behind(margin, statement(at));
  return behind(
      margin, fmt::format("try:\n{}except BaseException:  # it {}\n    pass\n",
                          behind("    ", statement(at)),
                          expectation->outcome == Outcome::raises ? "should raise" : "may raise"));
}

std::string PythonSteps::lane(size_t lane, const std::string& margin) {
  std::string all;
  for (size_t i = 0; i < subject_.subject.program.lanes[lane].size(); ++i)
    all += lines({lane, i}, margin);
  return all;
}

std::string PythonSteps::last(const std::string& margin) const {
  return behind(margin, last_);
}

std::set<std::string> PythonSteps::globals(size_t lane) const {
  std::set<std::string> all;
  const auto& steps = subject_.subject.program.lanes[lane];
  for (size_t i = 0; i < steps.size(); ++i) {
    const std::string& handle = steps[i].op == Op::release ? steps[i].on : steps[i].as;
    if (!handle.empty())
      all.insert(name(handle));
    if (!steps[i].as.empty() && kept_.contains(steps[i].as))
      all.insert(name(steps[i].as) + "_id");
    const Expectation* expectation = expected(subject_.subject, lane, i);
    if (expectation != nullptr && expectation->emits && is_late({lane, i}) &&
        is_checked(subject_, lane, i))
      all.insert(fmt::format("wanted_{}", number({lane, i})));
  }
  return all;
}

} // namespace pep554::repro
