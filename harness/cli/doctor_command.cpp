// pep554 doctor: checks a target against the ABI and the protocol.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/cli/commands.h"
#include "harness/cli/print.h"
#include "harness/cli/progress.h"
#include "harness/doctor/plugin_examination.h"
#include "harness/doctor/protocol_examination.h"
#include "harness/run/isolation.h"
#include "harness/run/target_advice.h"
#include "harness/run/unjudged_module.h"
#include "reports/text.h"

namespace pep554 {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

// A host has longer than a trial to start: a runtime may be slow.
constexpr milliseconds least_startup_timeout{10'000};

const char* colour_of(Level level) {
  return level == Level::ok ? "32" : level == Level::note ? "33" : "31";
}

AsIs painted(Level level, bool colour) {
  const std::string name = fmt::format("{:<5}", to_string(level));
  return {colour ? fmt::format("\033[{}m{}\033[0m", colour_of(level), name) : name};
}

// A paragraph under its check, at most 100 columns wide.
void print_paragraph(const char* name, const std::string& text) {
  constexpr size_t width = 83;
  constexpr size_t longest = 4096;
  const std::string words = on_one_line(text, longest);
  std::string line;
  const auto flush = [&] {
    print(stdout, "        {:<6} {}\n", name, line);
    name = "";
    line.clear();
  };
  for (size_t from = 0; from < words.size();) {
    const size_t end = std::min(words.find(' ', from), words.size());
    if (!line.empty() && line.size() + 1 + end - from > width)
      flush();
    line += (line.empty() ? "" : " ") + words.substr(from, end - from);
    from = end + 1;
  }
  flush();
}

void print_finding(const Finding& finding, bool colour) {
  print(stdout, "  {} {:<29} {}\n", painted(finding.level, colour), finding.check, finding.title);
  if (finding.level == Level::ok)
    return;
  print_paragraph("seen:", finding.seen);
  if (finding.level != Level::error)
    return;
  const char* page = finding.layer == "abi" ? "pep554_plugin.h" : "PROTOCOL.md";
  print_paragraph("rule:", fmt::format("{}: \"{}\"", page, finding.rule));
  print_paragraph("fix:", finding.advice);
}

size_t count(const std::vector<Finding>& findings, Level level) {
  return static_cast<size_t>(std::ranges::count(findings, level, &Finding::level));
}

void print_part(const std::string& title, const Diagnosis& diagnosis) {
  const bool colour = wants_colour(stdout);
  print(stdout, "{}{}{}\n", title, diagnosis.description.empty() ? "" : ": ",
        diagnosis.description);
  for (const Finding& finding : diagnosis.findings)
    print_finding(finding, colour);
  print(stdout, "\n");
}

// Both examinations, the second only when the first came to a runtime.
struct Examined {
  std::vector<std::pair<std::string, Diagnosis>> parts; // with their titles
  std::vector<Finding> findings;                        // of all parts
  bool started = true;
  std::string reason;

  void add(const std::string& title, Diagnosis diagnosis) {
    started = diagnosis.started;
    reason = diagnosis.reason;
    std::ranges::copy(diagnosis.findings, std::back_inserter(findings));
    parts.emplace_back(title, std::move(diagnosis));
  }
};

Result<Examined> examine(const Target& target, const DoctorOptions& options) {
  const milliseconds deadline(static_cast<std::int64_t>(options.timeout_seconds * 1000));
  Examined examined;
  if (const auto command = examining(target.command, deadline)) {
    auto diagnosis = examine_plugin(*command);
    if (!diagnosis)
      return tl::unexpected(diagnosis.error());
    examined.add("The plugin", std::move(*diagnosis));
  }
  if (examined.started)
    examined.add("The protocol",
                 examine_protocol(target.command, std::max(deadline, least_startup_timeout)));
  return examined;
}

void print_json(const Target& target, const Examined& examined, const Paths& paths) {
  json checks = json::array();
  for (const Finding& finding : examined.findings)
    checks.push_back(to_json(finding));
  json isolation = json::object();
  for (const auto& [measure, missing] : isolation_measures(paths))
    isolation[measure] = missing;
  const json document{{"target", target.name},
                      {"isolation", isolation},
                      {"started", examined.started},
                      {"reason", examined.reason},
                      {"ok", count(examined.findings, Level::ok)},
                      {"note", count(examined.findings, Level::note)},
                      {"error", count(examined.findings, Level::error)},
                      {"checks", checks}};
  put(stdout, document.dump(2, ' ', true, json::error_handler_t::replace) + "\n");
}

void print_text(const Examined& examined, const Paths& paths) {
  print(stdout, "isolation: {}\n\n", describe_isolation(paths));
  for (const auto& [title, diagnosis] : examined.parts)
    if (!diagnosis.findings.empty())
      print_part(title, diagnosis);
  print(stdout, "{}: {} ok, {}, {}{}\n", counted(examined.findings.size(), "check"),
        count(examined.findings, Level::ok), counted(count(examined.findings, Level::note), "note"),
        counted(count(examined.findings, Level::error), "error"),
        examined.started ? "" : "; the remaining checks need a target that starts");
}

} // namespace

Exit doctor_command(const DoctorOptions& options, const Paths& paths) {
  const auto target = parse_target(options.target, paths);
  if (!target)
    return print_error(Exit::usage, target.error());
  const auto examined = examine(*target, options);
  if (!examined)
    return print_error(Exit::harness_fault, examined.error());
  for (const auto& [title, diagnosis] : examined->parts)
    print_warning(unjudged_warning(*target, diagnosis.hello));
  options.json ? print_json(*target, *examined, paths) : print_text(*examined, paths);
  if (!examined->started)
    return print_error(Exit::no_target, did_not_start(*target, target->name, examined->reason));
  return count(examined->findings, Level::error) == 0 ? Exit::conformant : Exit::not_conformant;
}

} // namespace pep554
