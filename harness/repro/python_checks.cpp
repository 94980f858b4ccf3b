// The checks of answers in a Python script.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/repro/header.h"
#include "harness/repro/python_names.h"
#include "harness/repro/python_steps.h"
#include "harness/repro/text.h"
#include "spec/readable.h"

namespace pep554::repro {

std::string PythonSteps::text(const std::string& text) const {
  std::vector<std::string> parts;
  for (const Field& field : fields_of(text))
    parts.push_back(field.kind == Field::Kind::id       ? id_of(field.text)
                    : field.kind == Field::Kind::thread ? "str(threading.get_native_id())"
                                                        : python_word(field.text));
  return parts.empty() ? python_word("") : fmt::format("{}", fmt::join(parts, " + "));
}

bool PythonSteps::is_late(At at) const {
  return emits_late(step(at).text);
}

bool PythonSteps::by_model(At at) const {
  const StepResult* word = judged(subject_, at.lane, at.step);
  const Expectation* expectation = expected(subject_.subject, at.lane, at.step);
  return word != nullptr && word->state == StepResult::State::disagreed &&
         (expectation == nullptr || word->expected != describe(*expectation));
}

std::string PythonSteps::report_line(At at, const std::string& got) const {
  const StepResult* word = judged(subject_, at.lane, at.step);
  const std::string wanted =
      word != nullptr ? word->expected : describe(*expected(subject_.subject, at.lane, at.step));
  return fmt::format("reproduced({}, {}, {})\n",
                     python_word(on_one_line(render(step(at), 60), 100)),
                     python_word(on_one_line(wanted, 200)), got);
}

std::string PythonSteps::objection(At at) const {
  const Event* event =
      subject_.history != nullptr ? subject_.history->returned({at.lane, at.step}) : nullptr;
  if (event == nullptr)
    return "";
  if (event->answer.truth)
    return fmt::format("bool(got) is {}", *event->answer.truth ? "True" : "False");
  std::map<std::string, std::string> known; // id to handle
  for (const Event& one : subject_.history->events) {
    if (&one == event)
      break;
    const bool here = one.at.lane < subject_.subject.program.lanes.size() &&
                      one.at.step < subject_.subject.program.lanes[one.at.lane].size();
    if (here && one.kind == Event::Kind::returned && one.answer.ids.size() == 1 &&
        !step({one.at.lane, one.at.step}).as.empty())
      known[one.answer.ids.front()] = step({one.at.lane, one.at.step}).as;
  }
  std::vector<std::string> ids;
  for (const std::string& id : event->answer.ids)
    ids.push_back(known.contains(id) ? id_of(known[id]) : python_word(id));
  if (step(at).op == Op::enumerate)
    return fmt::format("sorted(got) == sorted([{}])", fmt::join(ids, ", "));
  return ids.size() == 1 ? "got == " + ids.front() : "";
}

std::string PythonSteps::conditions(At at, const Expectation& expectation) {
  std::string lines;
  const auto unless = [&](const std::string& wrong, const std::string& got) {
    lines += fmt::format("if {}:\n    {}", wrong, report_line(at, got));
  };
  if (by_model(at)) {
    const std::string wrong = objection(at);
    if (!wrong.empty())
      unless(wrong, "got");
    return lines;
  }
  if (expectation.truth)
    unless(fmt::format("bool(got) is not {}", *expectation.truth ? "True" : "False"), "got");
  if (expectation.exactly)
    unless(fmt::format("sorted(got) != sorted({})", list(*expectation.exactly)), "got");
  for (const std::string& one : expectation.contains)
    unless(fmt::format("got.count({}) != 1", id_of(one)), "got");
  for (const std::string& one : expectation.excludes)
    if (!expectation.exactly)
      unless(fmt::format("{} in got", id_of(one)), "got");
  if (expectation.same)
    unless(fmt::format("got != {}", id_of(*expectation.same)), "got");
  if (!expectation.differs.empty())
    unless(fmt::format("got in {}", list(expectation.differs)), "got");
  if (expectation.emits) {
    std::vector<std::string> texts;
    for (const std::string& one : *expectation.emits)
      texts.push_back(text(one));
    const size_t n = number(at);
    const std::string wanted = fmt::format("[{}]", fmt::join(texts, ", "));
    if (is_late(at)) {
      lines += fmt::format("wanted_{} = {}\n", n, wanted);
      last_ += fmt::format("if emissions({0}) != wanted_{0}:\n    {1}", n,
                           report_line(at, fmt::format("emissions({})", n)));
    } else {
      unless(fmt::format("emissions({}) != {}", n, wanted), fmt::format("emissions({})", n));
    }
  }
  for (const std::string& one : expectation.during)
    unless(fmt::format("{} not in emissions()[before:]", text(one)), "emissions()[before:]");
  return lines;
}

std::string PythonSteps::checked(At at, const Expectation& expectation) {
  const StepResult* word = judged(subject_, at.lane, at.step);
  std::string lines = expectation.during.empty() ? "" : "before = len(emissions())\n";
  const bool raises = expectation.outcome == Expectation::Outcome::raises && !by_model(at);
  lines += "try:\n" + behind("    ", raises ? statement(at) : answer(at));
  if (!raises) {
    lines += "except BaseException as error:\n    " + report_line(at, "error");
    return lines + conditions(at, expectation);
  }
  // Only the plugin knows the category: the script compares the observed type instead.
  const Event* event = word != nullptr && subject_.history != nullptr
                           ? subject_.history->returned({at.lane, at.step})
                           : nullptr;
  const bool kind = expectation.category && event != nullptr &&
                    event->answer.status == Status::raised && !expectation.emits;
  if (kind)
    lines += fmt::format("except BaseException as error:\n"
                         "    if type(error).__name__ == {}:\n        {}",
                         python_word(event->answer.raised.type),
                         report_line(at, "type(error).__name__"));
  else
    lines += "except BaseException:\n    pass\n";
  lines += "else:\n    " + report_line(at, "\"an answer\"");
  return lines + conditions(at, expectation);
}

} // namespace pep554::repro
