// Starts pep554-host as the engine would, and talks to it. For tests.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/host/descriptor.h"
#include "harness/host/wire.h"

namespace pep554::host {

// The path of a file that the build made, e.g. "bin/pep554-host".
std::string built(const std::string& file);
// The path of a plugin of harness/testing/plugins/, e.g. "pep554_fake_plugin".
std::string testing_plugin(const std::string& name);
// A program of one lane for the fake plugin: get_main as m, then the words run there.
nlohmann::json running(const std::vector<std::string>& words);

// What one program sent: the messages between "run" and "end".
struct Messages {
  std::vector<nlohmann::json> all;

  const nlohmann::json& end() const { return all.back(); }
  std::vector<nlohmann::json> events(const std::string& kind) const;
  nlohmann::json answer(size_t lane, size_t step) const; // null when the step did not return
  std::vector<std::string> emitted() const;
  std::string output(int fd) const;
  std::string trace() const;
};

// One host. A wait for a message that never comes ends with the test's own timeout.
class HostProcess {
public:
  explicit HostProcess(std::vector<std::string> arguments);
  ~HostProcess(); // closes the connection and waits for the host's end
  HostProcess(const HostProcess&) = delete;
  HostProcess& operator=(const HostProcess&) = delete;

  const nlohmann::json& hello() const { return hello_; } // or "refused"; null when it said nothing
  Messages run(const nlohmann::json& program, bool fresh = false);
  void send(const nlohmann::json& message);
  nlohmann::json receive(); // null at the end of the stream
  void hang_up();
  int wait(); // the exit code of the host
  pid_t pid() const { return pid_; }

private:
  pid_t pid_ = -1;
  int exit_code_ = -1;
  int next_id_ = 1;
  Descriptor in_;
  Descriptor out_;
  FrameReader reader_;
  nlohmann::json hello_;
};

} // namespace pep554::host
