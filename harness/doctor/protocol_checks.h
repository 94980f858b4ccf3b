// The checks of the host protocol, harness/host/PROTOCOL.md.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/doctor/finding.h"

namespace pep554 {

struct ProtocolCheck {
  std::string_view id; // stable, e.g. "program.messages"
  std::string_view title;
  std::string_view rule; // words of PROTOCOL.md
  std::string_view advice;
};

// All checks, in the order of the report.
std::span<const ProtocolCheck> protocol_checks();

// The findings, by check. Each check has the worst level, with at most three distinct observations.
class ProtocolFindings {
public:
  void ok(std::string_view check) { add(Level::ok, check, ""); }
  void note(std::string_view check, const std::string& seen) { add(Level::note, check, seen); }
  // `advice` is for what was seen; empty: the check's own.
  void error(std::string_view check, const std::string& seen, std::string_view advice = {}) {
    add(Level::error, check, seen, advice);
  }
  // ok or error; returns `holds`.
  bool expect(bool holds, std::string_view check, const std::string& seen,
              std::string_view advice = {});

  // Each check once; one without a finding is a note.
  std::vector<Finding> all() const;

private:
  struct Entry {
    Level level = Level::ok;
    std::vector<std::string> seen;
    std::string advice; // for the first
  };
  void add(Level level, std::string_view check, const std::string& seen,
           std::string_view advice = {});

  std::map<std::string, Entry, std::less<>> entries_;
};

} // namespace pep554
