#include "harness/doctor/protocol_examination.h"

#include "harness/doctor/protocol_trials.h"

namespace pep554 {

Diagnosis examine_protocol(const std::vector<std::string>& command,
                           std::chrono::milliseconds timeout) {
  ProtocolTarget target(command, timeout);
  Diagnosis diagnosis;
  if (const auto host = target.try_start(); !host) {
    diagnosis.reason = host.error().message;
    return diagnosis;
  }
  diagnosis.started = true;
  for (const auto trial :
       {&judge_hello, &try_operations, &try_names, &try_emitting, &try_surrogates, &try_eval,
        &try_processes, &try_lanes, &try_finalize, &try_deadline, &try_bad_programs,
        &try_unknown_fields, &try_ahead, &try_ends})
    trial(target);
  const nlohmann::json plugin = target.hello().value("plugin", nlohmann::json::object());
  diagnosis.description = text_at(plugin, "name") + ' ' + text_at(plugin, "version");
  try {
    diagnosis.hello = hello_from(target.hello());
  } catch (const nlohmann::json::exception&) {
    diagnosis.hello = {}; // a finding says so
  }
  diagnosis.findings = target.findings().all();
  return diagnosis;
}

} // namespace pep554
