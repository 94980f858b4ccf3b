// pep554-host PLUGIN.so [key=value ...]: loads one plugin, starts its runtime once, and executes
// programs, each in a forked process. Speaks the protocol of PROTOCOL.md on standard input and
// output.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

#include <unistd.h>

#include "harness/host/reaper.h"
#include "harness/host/session.h"

namespace {

int usage(const char* problem) {
  static_cast<void>(std::fprintf(
      stderr, "pep554-host: %s\nusage: pep554-host PLUGIN.so [key=value ...]\n", problem));
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

// The runtime is left as it is: its end would be an experiment of its own.
[[noreturn]] void leave(int code) {
#if defined(PEP554_COVERAGE)
  std::exit(code);
#else
  ::_exit(code);
#endif
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2)
    return usage("no plugin is given");
  pep554::host::Options options;
  if (!parse_options(std::span(argv, static_cast<size_t>(argc)).subspan(2), options))
    return usage("an option is not key=value");
  std::signal(SIGPIPE, SIG_IGN); // NOLINT(cert-err33-c): a vanished engine is seen by write
  pep554::host::become_subreaper();
  pep554::host::Engine engine = pep554::host::take_standard_streams();
  try {
    const pep554::host::Runtime runtime = pep554::host::introduce(argv[1], options, engine);
    leave(pep554::host::serve(runtime, engine));
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "pep554-host: %s\n", problem.what()); // NOLINT(cert-err33-c)
    leave(pep554::host::exit_refused);
  }
}
