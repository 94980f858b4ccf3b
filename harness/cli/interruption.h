// Ctrl-C, SIGTERM and SIGHUP, as requests. The first asks the run to stop, which ends its hosts in
// order and reports what is finished. The second ends pep554 at once, with all of its children.
// A signal that was ignored when pep554 started (nohup, a job in the background) stays ignored.
#pragma once

#include <stop_token>
#include <thread>

namespace pep554 {

class Interruption {
public:
  // From here on to the end of the process; before any other thread is started. Throws
  // std::system_error where the kernel refuses.
  Interruption();
  ~Interruption(); // later signals wait for ever
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  std::stop_source& stop() { return stop_; }

private:
  void wait();

  std::stop_source stop_;
  int signals_ = -1;
  int over_ = -1;
  std::jthread waiting_;
};

} // namespace pep554
