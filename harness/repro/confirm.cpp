#include "harness/repro/confirm.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

#include "harness/engine/child_process.h"

namespace pep554::repro {
namespace {

namespace fs = std::filesystem;

// A folder that is gone with the object.
class Scratch {
public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "pep554-repro-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr)
      path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty())
      fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

private:
  fs::path path_;
};

std::string read(const fs::path& path) {
  constexpr std::streamsize most = 1 << 20;
  std::ifstream file(path, std::ios::binary);
  std::string text(most, '\0');
  file.read(text.data(), most);
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

ScriptTermination ending_of(int status, const fs::path& output) {
  ScriptTermination termination;
  termination.output = read(output);
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
  if (scratch.path().empty())
    return fail("no temporary folder");
  const fs::path output = scratch.path() / "output";
  // A lower limit that cannot be raised is kept. Both streams go to one file.
  std::string start = "{ ulimit -c 0; ulimit -f 524288; ";
  if (execution.memory_bytes > 0)
    start += fmt::format("ulimit -v {}; ", execution.memory_bytes >> 10U);
  start += "} 2>/dev/null; exec \"$@\" >\"$0\" 2>&1";
  std::vector<std::string> command{
      "/bin/sh",
      "-c",
      start,
      output.string(),
      "/usr/bin/env",
      "TMPDIR=" + scratch.path().string(),
      "PYTHONDONTWRITEBYTECODE=1"}; // as in a host: nothing is written beside a module
  for (const auto& [name, value] : execution.environment)
    command.push_back(fmt::format("{}={}", name, value));
  command.insert(command.end(), execution.command.begin(), execution.command.end());
  auto child = ChildProcess::start(command, scratch.path().string());
  if (!child)
    return tl::unexpected(child.error());
  const auto status = (*child)->wait(ChildProcess::Clock::now() + execution.deadline);
  if (status)
    return ending_of(*status, output);
  (*child)->end();
  ScriptTermination timed_out;
  timed_out.deadline = true;
  timed_out.output = read(output);
  return timed_out;
}

} // namespace pep554::repro
