#include "harness/engine/stop_signal.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

namespace pep554 {
namespace {

int make_event() {
  const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0)
    throw std::system_error(errno, std::generic_category(), "eventfd");
  return fd;
}

} // namespace

StopSignal::StopSignal(std::stop_token token) : token_(std::move(token)), fd_(make_event()) {
  callback_.emplace(token_, [fd = fd_] { static_cast<void>(::eventfd_write(fd, 1)); });
}

StopSignal::~StopSignal() {
  callback_.reset(); // waits for one that is under way
  ::close(fd_);
}

} // namespace pep554
