// The program pep554: reads its command line, does the command, ends with its exit code.
#include <csignal>
#include <exception>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "harness/cli/application.h"
#include "harness/cli/print.h"
#include "harness/engine/child_process.h"
#include "harness/engine/surroundings.h"

namespace {

using pep554::Exit;

Exit run(int argc, char** argv) {
  const auto asked = pep554::read_command_line(argc, argv);
  if (const auto* code = std::get_if<Exit>(&asked))
    return *code;
  const auto paths = pep554::find_paths();
  if (!paths)
    return pep554::print_error(Exit::harness_fault, paths.error());
  if (pep554::is_jailed())
    pep554::start_through(paths->jail.native());
  return std::get<pep554::Action>(asked)(*paths);
}

// A standard stream that was closed must not become a file of ours, or a pipe to a host.
void keep_standard_streams() {
  for (int fd = ::open("/dev/null", O_RDWR); fd >= 0; fd = ::open("/dev/null", O_RDWR))
    if (fd > STDERR_FILENO) {
      ::close(fd);
      return;
    }
}

} // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  // A host that goes away is seen by its pipe, and a file that may not grow by its write.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
  pep554::raise_soft_limits();
  try {
    const Exit code = run(argc, argv);
    return static_cast<int>(pep554::output_is_complete() ? code : Exit::harness_fault);
  } catch (const std::system_error& error) {
    const std::string limit = pep554::shortage({});
    pep554::print(stderr, "pep554: internal error: {}{}{}\n", error.what(),
                  limit.empty() ? "" : "; ", limit);
    return static_cast<int>(Exit::harness_fault);
  } catch (const std::exception& error) {
    pep554::print(stderr, "pep554: internal error: {}\n", error.what());
    return static_cast<int>(Exit::harness_fault);
  }
}
