// Hosts for tests: pep554-host with a plugin of the build, through the engine's own client.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "harness/engine/host_process.h"

namespace pep554::test {

// The path of a file that the build made, e.g. "bin/pep554-host".
inline std::string built(const std::string& file) {
  return PEP554_BUILD_DIR "/" + file;
}

// The path of a plugin of harness/testing/plugins/, e.g. "pep554_fake_plugin".
inline std::string testing_plugin(const std::string& name) {
  return built("lib/testing/" + name + ".so");
}

// The command of a host with these arguments: a plugin, and options.
inline std::vector<std::string> host_with(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), built("bin/pep554-host"));
  return arguments;
}

// Starts a host with these arguments. Null, and a failure of the test, when it does not start.
inline std::unique_ptr<HostProcess> start_host(std::vector<std::string> arguments) {
  auto host = HostProcess::start(host_with(std::move(arguments)), std::chrono::seconds(60));
  EXPECT_TRUE(host) << host.error().message;
  return host ? std::move(*host) : nullptr;
}

// The reason why a host with these arguments does not start. It is a failure of the test if it
// does.
inline std::string refusal_of(std::vector<std::string> arguments) {
  const auto host = HostProcess::start(host_with(std::move(arguments)), std::chrono::seconds(60));
  EXPECT_FALSE(host);
  return host ? "" : host.error().message;
}

// Executes the program. It is a failure of the test if the host goes away.
inline History run_on(HostProcess& host, const Program& program, StartMode mode = StartMode::fork) {
  const auto history = host.run(program, mode);
  EXPECT_TRUE(host.alive()) << history->termination.note;
  return *history;
}

inline Answer answer(const History& history, size_t step, size_t lane = 0) {
  const Event* returned = history.returned({lane, step});
  EXPECT_NE(returned, nullptr) << "step " << step << " of lane " << lane << " did not return";
  return returned != nullptr ? returned->answer : Answer();
}

} // namespace pep554::test
