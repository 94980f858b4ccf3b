// What the process of a trial tells the examiner: one record for each thing, through the socket of
// event_socket.h, so that what was found before a crash is not lost.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "harness/abi/pep554_plugin.h"

namespace pep554::host {

// Any thread. The descriptor is borrowed.
class Findings {
public:
  explicit Findings(int fd) : fd_(fd) {}

  // Each names a check by its id. The same is said once.
  void ok(std::string_view check);
  void note(std::string_view check, std::string_view seen);
  void mend(std::string_view check, std::string_view seen);
  // The check is about something that the plugin does not claim: it is left out.
  void absent(std::string_view check);
  // ok or mend; answers with `holds`.
  bool expect(bool holds, std::string_view check, std::string_view seen);

  // How a slot answers when nothing special is asked of it.
  void usual(std::string_view slot, pep554_status_t status);
  // A fact about the plugin, for the report: "plugin", "version", or "reason" of not starting.
  void tell(std::string_view key, std::string_view value);
  // The last record of a trial: it came to its end, or could not go on, and why.
  void finished();
  void blocked(std::string_view why);

  int fd() const { return fd_; }

private:
  void say(std::string_view kind, std::string_view check, std::string_view seen);

  int fd_;
  std::mutex mutex_;
  std::map<std::string, int, std::less<>> said_; // records of a kind and check
};

// The record of a mend, for a signal handler to send.
std::string mend_record(std::string_view check, std::string_view seen);

// A plugin's text as a report shows it: in quotes, cut, newlines and the like made visible.
std::string shown(std::string_view text);

bool is_utf8(std::string_view text);

std::string signal_name(int signal); // e.g. "SIGSEGV"

} // namespace pep554::host
