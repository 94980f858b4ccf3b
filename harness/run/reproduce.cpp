#include "harness/run/reproduce.h"

#include <fmt/format.h>

#include "harness/repro/confirm.h"

namespace pep554 {
namespace {

// A script has a deadline of its own, which is shorter.
constexpr std::chrono::seconds script_deadline{60};

} // namespace

Result<std::string> reproduce(const repro::Subject& subject,
                              const std::optional<PlainPython>& python,
                              const std::string& on_plugin, const std::filesystem::path& folder) {
  const std::string script = std::filesystem::absolute(folder / "repro.py").string();
  repro::ScriptOptions options;
  if (python)
    options = {python->adapter, python->command("repro.py")};
  options.on_plugin = on_plugin;
  if (const auto written = repro::write_reproductions(subject, options, folder); !written)
    return tl::unexpected(written.error());
  if (!python)
    return "";
  const repro::ExpectedExit expected =
      repro::expected_exit_of(*subject.result, subject.history->termination);
  if (expected.kind == repro::ExpectedExit::Kind::not_possible)
    return fmt::format("{}: not run: a script cannot enforce this limit", python->command(script));
  const auto termination = repro::execute({{python->executable, script},
                                           python->environment,
                                           script_deadline,
                                           subject.subject.program.limits.memory_bytes});
  const bool reproduced = termination && repro::is_reproduced(expected, *termination);
  return fmt::format(
      "{}: {}, {}", python->command(script), reproduced ? "confirmed" : "not confirmed",
      termination ? repro::describe(*termination, expected) : termination.error().message);
}

} // namespace pep554
