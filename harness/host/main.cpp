// pep554-host PLUGIN.so [key=value ...]: loads one plugin, starts its runtime once, and executes
// programs, each in a forked process. Speaks the protocol of PROTOCOL.md on standard input and
// output.
//
// pep554-host --examine[=MILLISECONDS] PLUGIN.so [key=value ...]: holds the plugin against the ABI;
// see examine/README.md.
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include "harness/host/examine/examination.h"
#include "harness/host/reaper.h"
#include "harness/host/session.h"
#include "harness/host/shared_memory.h"
#include "harness/host/spawned_host.h"

namespace {

int usage(const char* problem) {
  static_cast<void>(std::fprintf(
      stderr,
      "pep554-host: %s\nusage: pep554-host [--examine[=MILLISECONDS]] PLUGIN.so [key=value ...]\n",
      problem));
  return pep554::host::exit_usage;
}

bool parse_options(std::span<char*> arguments, pep554::host::Options& options) {
  for (const std::string_view argument : arguments) {
    const size_t equals = argument.find('=');
    if (equals == std::string_view::npos || equals == 0)
      return false;
    options.emplace_back(argument.substr(0, equals), argument.substr(equals + 1));
  }
  return true;
}

// Whether the word asks for an examination, with the deadline of its trials if it names one.
bool wants_examination(std::string_view word, pep554::host::ExamConfig& config) {
  constexpr std::string_view option = "--examine";
  if (word == option)
    return true;
  if (!word.starts_with(option) || word.size() < option.size() + 2 || word[option.size()] != '=')
    return false;
  const std::string_view number = word.substr(option.size() + 1);
  int milliseconds = 0;
  const auto [end, failure] =
      std::from_chars(number.data(), number.data() + number.size(), milliseconds);
  config.deadline = std::chrono::milliseconds(milliseconds);
  return failure == std::errc() && end == number.data() + number.size() && milliseconds > 0;
}

// The runtime is left as it is: its end would be an experiment of its own.
[[noreturn]] void leave(int code) {
#if defined(PEP554_COVERAGE)
  std::exit(code);
#else
  ::_exit(code);
#endif
}

int host_programs(const pep554::host::ExamConfig& config, const std::vector<std::string>& words,
                  pep554::host::Engine& engine) {
  pep554::host::TemporaryFolder folder;
  const pep554::host::SpawnCommand fresh(words);
  const pep554::host::HostContext context{folder, fresh, pep554::host::make_trace_pipe()};
  const pep554::host::Runtime runtime =
      pep554::host::introduce(config.plugin, config.options, context, engine);
  return pep554::host::serve(runtime, context, engine);
}

} // namespace

int main(int argc, char** argv) {
  std::span arguments = std::span(argv, static_cast<size_t>(argc)).subspan(1);
  pep554::host::ExamConfig config;
  const bool examines = !arguments.empty() && wants_examination(arguments[0], config);
  arguments = arguments.subspan(examines ? 1 : 0);
  if (arguments.empty())
    return usage("no plugin is given");
  std::string fresh;
  if (std::string_view(arguments[0]).starts_with(pep554::host::spawn_option)) {
    fresh = arguments[0];
    arguments = arguments.subspan(1);
  }
  if (arguments.empty() || std::string_view(arguments[0]).starts_with("--"))
    return usage("no plugin is given");
  config.plugin = arguments[0];
  if (!parse_options(arguments.subspan(1), config.options))
    return usage("an option is not key=value");
  if (!fresh.empty())
    pep554::host::run_spawned(fresh, config.plugin, config.options);
  std::signal(SIGPIPE, SIG_IGN); // NOLINT(cert-err33-c): a vanished engine is seen by write
  pep554::host::become_subreaper();
  pep554::host::has_own_shared_memory();
  pep554::host::Engine engine = pep554::host::take_standard_streams();
  try {
    if (examines)
      leave(pep554::host::examine(config, engine.writer));
    leave(host_programs(config, {argv, argv + argc}, engine));
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "pep554-host: %s\n", problem.what()); // NOLINT(cert-err33-c)
    leave(pep554::host::exit_refused);
  }
}
