#include "harness/host/event_socket.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/socket.h>

#include "harness/host/events.h"

namespace pep554::host {
namespace {

// The events of a program that the host has not read yet; the system may grant less.
constexpr int event_buffer = 4 << 20;

} // namespace

Ends make_event_socket() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot make the event socket");
  ::setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &event_buffer, sizeof event_buffer);
  // Every record then comes with its sender's credentials, and the end of the stream without: an
  // empty record, which any code can write, is not taken for the end.
  const int on = 1;
  ::setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
  ::shutdown(ends[0], SHUT_WR);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

ReceivedRecord receive_record(int fd, char* buffer) {
  iovec vector{buffer, max_record};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> credentials{};
  msghdr message{};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = credentials.data();
  message.msg_controllen = credentials.size();
  ssize_t got = 0;
  do {
    got = ::recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0)
    return {errno == EAGAIN ? ReceivedRecord::none : ReceivedRecord::end, 0};
  if (got == 0 && message.msg_controllen == 0)
    return {ReceivedRecord::end, 0};
  return {ReceivedRecord::record, static_cast<size_t>(got)};
}

} // namespace pep554::host
