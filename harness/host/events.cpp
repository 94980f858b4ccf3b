#include "harness/host/events.h"

#include <cerrno>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "harness/host/wire.h"

namespace pep554::host {

using nlohmann::json;

json EventChannel::event(const char* kind) const {
  const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - fork_);
  return {{"e", kind}, {"us", elapsed.count()}};
}

json EventChannel::event(const char* kind, size_t lane, size_t step) const {
  json made = event(kind);
  made["lane"] = lane;
  made["step"] = step;
  return made;
}

bool EventChannel::write(const json& record) const {
  const std::string text = encode(record);
  if (text.size() > max_record)
    return false;
  while (::write(fd_, text.data(), text.size()) < 0) {
    if (errno == EMSGSIZE) // the system granted a smaller buffer
      return false;
    if (errno != EINTR)
      ::_exit(1); // the reader is gone
  }
  return true;
}

} // namespace pep554::host
