// A target whose protocol is examined: starts hosts, and runs programs on them.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/doctor/protocol_checks.h"
#include "harness/doctor/protocol_connection.h"
#include "harness/doctor/run_messages.h"

namespace pep554 {

// A step of a program; what is empty is absent.
nlohmann::json step(const char* op, const char* on = "", const char* as = "",
                    const char* text = "");

// The answer to a step, in words.
std::string describe_answer(const RunMessages& run, size_t lane, size_t step);

// The command is borrowed.
class ProtocolTarget {
public:
  ProtocolTarget(const std::vector<std::string>& command, std::chrono::milliseconds timeout)
      : command_(command), timeout_(timeout) {}

  // A new host that has sent `hello`; never null.
  Result<std::unique_ptr<ProtocolConnection>> try_start();
  // The same, after a successful start: a failure is a finding, and null.
  std::unique_ptr<ProtocolConnection> start();

  nlohmann::json program(const nlohmann::json& lanes) const;
  nlohmann::json one_lane(const nlohmann::json& steps) const;
  // Executes a program, and checks its messages.
  RunMessages run(ProtocolConnection& host, const nlohmann::json& program,
                  const nlohmann::json& id = 1);

  const nlohmann::json& hello() const { return hello_; } // the last
  bool claims(const char* extension) const;
  ProtocolFindings& findings() { return findings_; }
  std::chrono::milliseconds timeout() const { return timeout_; }

private:
  const std::vector<std::string>& command_;
  std::chrono::milliseconds timeout_;
  nlohmann::json hello_;
  ProtocolFindings findings_;
};

} // namespace pep554
