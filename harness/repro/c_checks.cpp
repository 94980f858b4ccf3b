#include "harness/repro/c_checks.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "harness/repro/header.h"
#include "harness/repro/text.h"
#include "spec/readable.h"

namespace pep554::repro {
namespace {

// Whether any step has an expectation that is checked and of which `holds` is true.
template <class Holds>
bool some_checked(const Subject& subject, Holds holds) {
  const auto& lanes = subject.subject.program.lanes;
  for (size_t lane = 0; lane < lanes.size(); ++lane)
    for (size_t step = 0; step < lanes[lane].size(); ++step) {
      const Expectation* expectation = expected(subject.subject, lane, step);
      if (expectation != nullptr && is_checked(subject, lane, step) && holds(*expectation))
        return true;
    }
  return false;
}

bool has_fields(const std::string& text) {
  return std::ranges::any_of(fields_of(text),
                             [](const Field& one) { return one.kind != Field::Kind::plain; });
}

std::string per_cent_twice(std::string_view text) {
  std::string all;
  for (const char c : text)
    all += c == '%' ? "%%" : std::string(1, c);
  return all;
}

} // namespace

std::string c_variable(const std::string& handle) {
  std::string name = "i_";
  for (const char c : handle)
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

size_t step_number(const Program& program, size_t lane, size_t step) {
  for (size_t before = 0; before < lane; ++before)
    step += program.lanes[before].size();
  return step + 1;
}

bool CChecks::lists() const {
  return some_checked(subject_, [](const Expectation& one) {
    return one.exactly || !one.contains.empty() || !one.excludes.empty();
  });
}

bool CChecks::emissions() const {
  return some_checked(subject_,
                      [](const Expectation& one) { return one.emits || !one.during.empty(); });
}

bool CChecks::fills() const {
  return some_checked(subject_, [](const Expectation& one) {
    return (one.emits && std::ranges::any_of(*one.emits, has_fields)) ||
           std::ranges::any_of(one.during, has_fields);
  });
}

bool CChecks::is_late(size_t lane, size_t step) const {
  const Expectation* one = expected(subject_.subject, lane, step);
  return one != nullptr && one->emits && emits_late(at(lane, step).text) &&
         is_checked(subject_, lane, step);
}

std::string CChecks::variables() const {
  const auto& lanes = subject_.subject.program.lanes;
  std::string all;
  for (size_t lane = 0; lane < lanes.size(); ++lane)
    for (size_t step = 0; step < lanes[lane].size(); ++step)
      if (is_late(lane, step))
        all += fmt::format("static char wanted_{}[1 << 16];\n", number(lane, step));
  return all.empty() ? all : "\n" + all;
}

bool CChecks::listens(size_t lane, size_t step) const {
  const Expectation* one = expected(subject_.subject, lane, step);
  return one != nullptr && !one->during.empty() && is_checked(subject_, lane, step);
}

// An expression of C: a literal, or one that is filled when it is asked for.
std::string CChecks::filled(std::string_view text) const {
  std::string format;
  std::string values;
  for (const Field& field : fields_of(text)) {
    const bool known = field.kind == Field::Kind::id && handles_.contains(field.text);
    if (field.kind == Field::Kind::thread)
      values += ", thread_id()";
    else if (known)
      values += ", " + c_variable(field.text) + "_id";
    const bool value = known || field.kind == Field::Kind::thread;
    format += value ? "%s" : per_cent_twice(as_written(field));
  }
  return values.empty() ? c_literal(text) : fmt::format("filled({}{})", c_literal(format), values);
}

std::string CChecks::filled(const std::vector<std::string>& lines) const {
  std::string all;
  for (const std::string& line : lines)
    all += line + "\n";
  return filled(all);
}

// As conditions of C.
std::vector<std::string> CChecks::wrongs(size_t lane, size_t step, const Expectation& one) const {
  std::vector<std::string> all;
  const auto id = [](const std::string& handle) { return c_variable(handle) + "_id"; };
  const std::string got = at(lane, step).op == Op::read_id ? "got" : "last_id";
  if (one.truth)
    all.push_back(fmt::format("(running != 0) != {}", *one.truth ? 1 : 0));
  if (one.same)
    all.push_back(fmt::format("strcmp({}, {}) != 0", got, id(*one.same)));
  for (const std::string& other : one.differs)
    all.push_back(fmt::format("strcmp({}, {}) == 0", got, id(other)));
  if (one.exactly)
    all.push_back(fmt::format("listed != {}", one.exactly->size()));
  for (const std::string& other : one.exactly.value_or(std::vector<std::string>{}))
    all.push_back(fmt::format("times({}) != 1", id(other)));
  for (const std::string& other : one.contains)
    all.push_back(fmt::format("times({}) != 1", id(other)));
  for (const std::string& other : one.excludes)
    all.push_back(fmt::format("times({}) != 0", id(other)));
  if (one.emits && !is_late(lane, step))
    all.push_back(fmt::format("!has_emitted({}, {})", number(lane, step), filled(*one.emits)));
  for (const std::string& text : one.during)
    all.push_back(fmt::format("!was_emitted({})", filled(text)));
  return all;
}

std::string CChecks::after(size_t lane, size_t step, const std::string& what) const {
  const Expectation* expectation = expected(subject_.subject, lane, step);
  const Expectation plain;
  const Expectation& one = expectation != nullptr ? *expectation : plain;
  if (!is_checked(subject_, lane, step))
    return one.outcome == Expectation::Outcome::ok ? fmt::format("    must(status, {});\n", what)
                                                   : "";
  const StepResult* word = judged(subject_, lane, step);
  const std::string wanted =
      c_literal(on_one_line(word != nullptr ? word->expected : describe(one), 200));
  const bool raises = one.outcome == Expectation::Outcome::raises;
  std::string all = fmt::format("    if (status != {})\n      reproduced({}, {});\n",
                                raises ? "PEP554_RAISED" : "PEP554_OK", what, wanted);
  for (const std::string& wrong : wrongs(lane, step, one))
    all += fmt::format("    if ({})\n      reproduced({}, {});\n", wrong, what, wanted);
  if (is_late(lane, step))
    all += fmt::format("    strcpy(wanted_{}, {});\n", number(lane, step), filled(*one.emits));
  return all;
}

std::string CChecks::last() const {
  const auto& lanes = subject_.subject.program.lanes;
  std::string all;
  for (size_t lane = 0; lane < lanes.size(); ++lane)
    for (size_t step = 0; step < lanes[lane].size(); ++step)
      if (is_late(lane, step))
        all += fmt::format(
            "  if (!has_emitted({0}, wanted_{0}))\n    reproduced({1}, {2});\n", number(lane, step),
            c_literal(on_one_line(render(at(lane, step), 60), 100)),
            c_literal(on_one_line(describe(*expected(subject_.subject, lane, step)), 200)));
  return all;
}

} // namespace pep554::repro
