#include "harness/doctor/plugin_examination.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "harness/doctor/protocol_connection.h"

namespace pep554 {
namespace {

using nlohmann::json;

// Some forty trials, each with a deadline of its own.
constexpr std::chrono::minutes timeout{15};
constexpr size_t most_findings = 1000;

void take_end(const json& message, Diagnosis& diagnosis) {
  diagnosis.started = message.at("started");
  diagnosis.reason = message.at("reason");
  const json& plugin = message.at("plugin");
  diagnosis.description = plugin.value("name", "");
  if (const std::string version = plugin.value("version", ""); !version.empty())
    diagnosis.description += ' ' + version;
}

} // namespace

std::optional<std::vector<std::string>> examining(std::vector<std::string> command,
                                                  std::chrono::milliseconds deadline) {
  const auto host = std::ranges::find_if(command, [](const std::string& word) {
    return std::filesystem::path(word).filename() == "pep554-host";
  });
  if (host == command.end())
    return std::nullopt;
  command.insert(host + 1, fmt::format("--examine={}", deadline.count()));
  return command;
}

Result<Diagnosis> examine_plugin(const std::vector<std::string>& command) {
  auto started = ProtocolConnection::start(command);
  if (!started)
    return tl::unexpected(started.error());
  const auto& host = *started;
  Diagnosis diagnosis;
  const auto until = ProtocolConnection::Clock::now() + timeout;
  while (const auto message = host->receive(until)) {
    if (message->value("msg", "") == "check" && diagnosis.findings.size() < most_findings) {
      diagnosis.findings.push_back(finding_from(*message));
    } else {
      take_end(*message, diagnosis);
      return diagnosis;
    }
  }
  const std::string stderr_line = host->last_stderr_line();
  return fail("the host did not come to the end of its examination" +
              (stderr_line.empty() ? "" : ": " + stderr_line));
}

} // namespace pep554
