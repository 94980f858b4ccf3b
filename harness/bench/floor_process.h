// A running floor (floor.c), asked through pipes. One thread at a time may use an object.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "harness/engine/program.h"

namespace pep554::bench {

class FloorProcess {
public:
  // `plugin`: the shared object and its options. Throws std::system_error when there is no process.
  FloorProcess(const std::string& executable, const std::vector<std::string>& plugin);
  ~FloorProcess(); // ends its input, and waits for it
  FloorProcess(const FloorProcess&) = delete;
  FloorProcess& operator=(const FloorProcess&) = delete;

  // Asks for `count` executions; they begin at once.
  void ask(const std::string& program, int count);
  // Sends the program that the name "script" denotes from now on: that of one lane, without gates
  // and macros.
  void send(const Program& program);
  // Waits for them: microseconds of each. Throws std::runtime_error when the floor has gone.
  std::vector<double> answer();

private:
  struct Close {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
  };
  using File = std::unique_ptr<std::FILE, Close>;

  pid_t pid_ = -1;
  File in_;
  File out_;
};

} // namespace pep554::bench
