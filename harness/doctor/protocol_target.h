// A target under examination by the protocol: hosts of it are started, and asked for programs.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/doctor/conversation.h"
#include "harness/doctor/program_talk.h"
#include "harness/doctor/protocol_checks.h"

namespace pep554 {

// A step of a program; what is empty is absent.
nlohmann::json step(const char* op, const char* on = "", const char* as = "",
                    const char* text = "");

// How a step was answered, in words.
std::string answer_in_words(const Talk& talk, size_t lane, size_t step);

// The command is borrowed.
class ProtocolTarget {
public:
  ProtocolTarget(const std::vector<std::string>& command, std::chrono::milliseconds patience)
      : command_(command), patience_(patience) {}

  // A fresh host that has greeted. Null when it does not; `why` says so in one line.
  std::unique_ptr<Conversation> start(std::string& why);
  // ... which it did before, so that it is a finding when it does not.
  std::unique_ptr<Conversation> start();

  nlohmann::json program(const nlohmann::json& lanes) const;
  nlohmann::json one_lane(const nlohmann::json& steps) const;
  // Executes a program, and judges how its host told of it.
  Talk tell(Conversation& host, const nlohmann::json& program, const nlohmann::json& id = 1);

  const nlohmann::json& hello() const { return hello_; } // the last
  bool claims(const char* extension) const;
  ProtocolFindings& findings() { return findings_; }
  std::chrono::milliseconds patience() const { return patience_; }

private:
  const std::vector<std::string>& command_;
  std::chrono::milliseconds patience_;
  nlohmann::json hello_;
  ProtocolFindings findings_;
};

} // namespace pep554
