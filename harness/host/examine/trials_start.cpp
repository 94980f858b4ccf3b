// Trials of the runtime's start, stop and facts.
#include <algorithm>
#include <array>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <sys/wait.h>
#include <unistd.h>

#include "harness/host/examine/trials.h"

namespace pep554::host {
namespace {

namespace fs = std::filesystem;

// Process state that a start may change.
struct ProcessSnapshot {
  std::vector<std::string> threads;
  std::string children;
  std::array<struct sigaction, NSIG> handlers{};
  sigset_t mask{};
  fs::path directory;
};

ProcessSnapshot take_snapshot() {
  ProcessSnapshot now;
  std::error_code ignored;
  for (const auto& task : fs::directory_iterator("/proc/self/task", ignored)) {
    now.threads.push_back(task.path().filename());
    std::string pids;
    std::getline(std::ifstream(task.path() / "children"), pids);
    now.children += pids;
  }
  for (int signal = 1; signal < NSIG; ++signal)
    ::sigaction(signal, nullptr, &now.handlers.at(static_cast<size_t>(signal)));
  ::sigprocmask(SIG_BLOCK, nullptr, &now.mask);
  now.directory = fs::current_path(ignored);
  return now;
}

std::string changed_signals(const ProcessSnapshot& before, const ProcessSnapshot& after) {
  std::string names;
  for (int signal = 1; signal < NSIG; ++signal) {
    const auto& was = before.handlers.at(static_cast<size_t>(signal));
    const auto& is = after.handlers.at(static_cast<size_t>(signal));
    const bool handler = was.sa_handler != is.sa_handler;
    if (handler || ::sigismember(&before.mask, signal) != ::sigismember(&after.mask, signal))
      names +=
          (names.empty() ? "" : ", ") + signal_name(signal) + (handler ? " (handler)" : " (mask)");
  }
  return names;
}

// The standard output so far, which is a file here.
std::string written() {
  static_cast<void>(std::fflush(stdout));
  std::array<char, 512> text{};
  const ssize_t size = ::pread(STDOUT_FILENO, text.data(), text.size(), 0);
  return {text.data(), size > 0 ? static_cast<size_t>(size) : 0};
}

void note_unless(FindingSink& findings, bool holds, const char* check, const std::string& seen) {
  holds ? findings.ok(check) : findings.note(check, seen);
}

void compare_snapshots(FindingSink& findings, const ProcessSnapshot& before) {
  const ProcessSnapshot after = take_snapshot();
  findings.expect(after.children.empty(), "start.processes",
                  "after start there are child processes: " + after.children);
  note_unless(findings, after.threads.size() <= before.threads.size(), "start.threads",
              "after start the process has " + std::to_string(after.threads.size()) + " threads");
  const std::string text = written();
  note_unless(findings, text.empty(), "start.output", "start wrote " + escaped(text));
  const std::string signals = changed_signals(before, after);
  note_unless(findings, signals.empty(), "start.signals", "start changed " + signals);
  note_unless(findings, after.directory == before.directory, "start.directory",
              "start went to " + after.directory.string());
}

bool is_one_line(const std::string& text) {
  return !text.empty() && text.find('\n') == std::string::npos &&
         text.find_first_not_of(" \t\r") != std::string::npos;
}

void judge_reason(FindingSink& findings, const Answer& answer) {
  findings.expect(answer.status == PEP554_FAILED, "start.answers",
                  std::string("start answered ") + status_text(answer.status));
  if (answer.has_error)
    findings.expect(is_one_line(answer.message), "start.reason",
                    "the message is " + escaped(answer.message));
}

} // namespace

void try_start(InstrumentedPlugin& plugin) {
  plugin.load();
  FindingSink& findings = plugin.findings();
  const ProcessSnapshot before = take_snapshot();
  const Answer answer = plugin.start_with(plugin.config().options);
  if (!answer.ok()) {
    findings.error("start.answers", "start answered " + answer.text());
    findings.report_fact("reason", answer.message);
    judge_reason(findings, answer);
    return;
  }
  findings.ok("start.answers");
  if (plugin.runtime() == nullptr) {
    findings.report_fact("reason", "start answered PEP554_OK and gave no runtime");
    return;
  }
  compare_snapshots(findings, before);
}

void try_unknown_option(InstrumentedPlugin& plugin) {
  plugin.load();
  Options options = plugin.config().options;
  options.emplace_back("no-such-option-of-any-plugin", "1");
  const Answer answer = plugin.start_with(options);
  FindingSink& findings = plugin.findings();
  if (findings.expect(!answer.ok(), "start.unknown-option",
                      "start took the option no-such-option-of-any-plugin=1"))
    judge_reason(findings, answer);
}

void try_describe(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  FindingSink& findings = plugin.findings();
  Facts first;
  Facts second;
  const Answer answer = plugin.describe(first);
  if (!findings.expect(answer.ok(), "describe.answers", "describe answered " + answer.text()))
    return;
  findings.expect(plugin.describe(second).ok(), "describe.answers",
                  "describe answered another status the second time");
  findings.expect(first == second, "describe.stable", "the second time the facts differ");
  std::string missing;
  for (const char* needed :
       {"implementation", "version", "build", "platform", "module", "module_file"})
    if (std::ranges::none_of(first, [&](const auto& fact) { return fact.first == needed; }))
      missing += (missing.empty() ? "" : ", ") + std::string(needed);
  for (const auto& [key, value] : first)
    findings.expect(std::ranges::count(first, key, &Facts::value_type::first) == 1,
                    "describe.facts", key + " comes more than once");
  findings.expect(missing.empty(), "describe.facts", "missing: " + missing);
}

void try_stop(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  HandleAnswer held = plugin.get_main();
  held = plugin.create();
  const Answer answer = plugin.stop();
  plugin.findings().expect(answer.status != PEP554_FAILED, "stop.answers",
                           "stop answered " + answer.text());
}

void try_exit(InstrumentedPlugin& plugin) {
  plugin.load();
  plugin.start();
  static_cast<void>(plugin.create());
  static_cast<void>(plugin.stop());
}

} // namespace pep554::host
