#include "harness/repro/confirm.h"

#include <algorithm>
#include <fstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/engine/child_process.h"
#include "harness/isolation/remove_tree.h"

namespace pep554::repro {
namespace {

namespace fs = std::filesystem;

// A private folder, gone with the object, and in it a file for output. It is kept open: the script
// may put something else in its place.
class Scratch {
public:
  Scratch()
      : folder_(make_private_folder(fs::temp_directory_path().c_str(), "pep554-repro")),
        output_(folder_.fd < 0
                    ? -1
                    : ::openat(folder_.fd, "output", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
                               S_IRUSR | S_IWUSR)) {}
  ~Scratch() {
    ::close(output_);
    if (!folder_.path.empty())
      remove_tree(folder_.path.c_str());
    ::close(folder_.fd);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  bool is_there() const { return output_ >= 0; }
  const std::string& path() const { return folder_.path; }

  // The first MiB of what was written to the file.
  std::string output() const {
    std::string text(size_t{1} << 20U, '\0');
    const ssize_t count = ::pread(output_, text.data(), text.size(), 0);
    text.resize(static_cast<size_t>(std::max<ssize_t>(count, 0)));
    return text;
  }

private:
  PrivateFolder folder_;
  int output_;
};

ScriptTermination ending_of(int status, const Scratch& scratch) {
  ScriptTermination termination;
  termination.output = scratch.output();
  if (status > 128 && status < 128 + 65)
    termination.signal = status - 128;
  else
    termination.status = status;
  return termination;
}

bool write(const std::string& text, const fs::path& path) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  return static_cast<bool>(file.flush());
}

} // namespace

Result<> write_reproductions(const Subject& subject, const ScriptOptions& options,
                             const fs::path& folder) {
  for (const auto& [name, text] : {std::pair{"repro.py", python_script(subject, options)},
                                   std::pair{"repro.c", c_program(subject, options.on_plugin)}})
    if (!write(text, folder / name))
      return fail("cannot be written", {(folder / name).string()});
  return {};
}

Result<ScriptTermination> execute(const Execution& execution) {
  const Scratch scratch;
  if (!scratch.is_there())
    return fail("no temporary folder");
  if (scratch.path().empty())
    return fail("no temporary folder");
  // A lower limit that cannot be raised is kept. Both streams go to one file.
  std::string start = "{ ulimit -c 0; ulimit -f 524288; ";
  if (execution.memory_bytes > 0)
    start += fmt::format("ulimit -v {}; ", execution.memory_bytes >> 10U);
  start += "} 2>/dev/null; exec \"$@\" >\"$0\" 2>&1";
  std::vector<std::string> command{
      "/bin/sh",
      "-c",
      start,
      scratch.path() + "/output",
      "/usr/bin/env",
      "TMPDIR=" + scratch.path(),
      "PYTHONDONTWRITEBYTECODE=1"}; // as in a host: nothing is written beside a module
  for (const auto& [name, value] : execution.environment)
    command.push_back(fmt::format("{}={}", name, value));
  command.insert(command.end(), execution.command.begin(), execution.command.end());
  auto child = ChildProcess::start(command, scratch.path());
  if (!child)
    return tl::unexpected(child.error());
  const auto status = (*child)->wait(ChildProcess::Clock::now() + execution.deadline);
  if (status)
    return ending_of(*status, scratch);
  (*child)->end();
  ScriptTermination timed_out;
  timed_out.deadline = true;
  timed_out.output = scratch.output();
  return timed_out;
}

} // namespace pep554::repro
