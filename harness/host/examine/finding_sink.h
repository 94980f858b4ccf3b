// Sends the findings of a trial's process to the examiner: one record each, through the socket of
// event_socket.h, so that a crash loses none of the earlier ones.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "harness/abi/pep554_plugin.h"

namespace pep554::host {

// Any thread. The descriptor is borrowed.
class FindingSink {
public:
  explicit FindingSink(int fd) : fd_(fd) {}

  // Each names a check by its id. Duplicates are dropped.
  void ok(std::string_view check);
  void note(std::string_view check, std::string_view seen);
  void error(std::string_view check, std::string_view seen);
  // The check is about an extension that the plugin does not have: it is left out.
  void absent(std::string_view check);
  // ok or error; returns `holds`.
  bool expect(bool holds, std::string_view check, std::string_view seen);

  // The status of a slot with ordinary arguments.
  void report_status(std::string_view slot, pep554_status_t status);
  // A fact about the plugin, for the report: "plugin", "version", or "reason" of not starting.
  void report_fact(std::string_view key, std::string_view value);
  // The last record of a trial: it finished, or could not continue, and why.
  void finished();
  void blocked(std::string_view why);

  int fd() const { return fd_; }

private:
  void send(std::string_view kind, std::string_view check, std::string_view seen);

  int fd_;
  std::mutex mutex_;
  std::map<std::string, int, std::less<>> sent_; // records of a kind and check
};

// The record of an error, for a signal handler to send.
std::string error_finding(std::string_view check, std::string_view seen);

// A plugin's text for a report: in quotes, truncated, control characters escaped.
std::string escaped(std::string_view text);

bool is_utf8(std::string_view text);

std::string signal_name(int signal); // e.g. "SIGSEGV"

} // namespace pep554::host
