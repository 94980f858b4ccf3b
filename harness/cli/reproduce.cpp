#include "harness/cli/reproduce.h"

#include <fmt/format.h>

#include "harness/repro/confirm.h"

namespace pep554 {
namespace {

// A script has a deadline of its own, which is shorter.
constexpr std::chrono::seconds script_deadline{60};

} // namespace

Reproduced reproduce(const repro::Subject& subject, const std::optional<PlainPython>& python,
                     const std::string& on_plugin, const std::filesystem::path& folder) {
  const std::string script = std::filesystem::absolute(folder / "repro.py").string();
  repro::ScriptOptions options;
  if (python)
    options = {python->adapter, python->command("repro.py")};
  options.on_plugin = on_plugin;
  Reproduced made{"", repro::write_reproductions(subject, options, folder)};
  if (made.problem || !python)
    return made;
  const repro::Shows shows = repro::how_shown(*subject.result, subject.history->ending,
                                              subject.history->out + subject.history->err);
  if (shows.how == repro::Shows::How::never) {
    made.alone = fmt::format("{}: not executed: nothing would limit it", python->command(script));
    return made;
  }
  std::string error;
  const auto ending = repro::execute({{python->executable, script},
                                      python->environment,
                                      script_deadline,
                                      subject.subject.program.limits.memory_bytes},
                                     error);
  const bool shown = ending && repro::is_shown(shows, *ending);
  made.alone =
      fmt::format("{}: {}{}", python->command(script), shown ? "confirmed, " : "not confirmed, ",
                  ending ? repro::describe(*ending, shows) : error);
  return made;
}

} // namespace pep554
