#include "harness/doctor/protocol_connection.h"

#include <utility>

namespace pep554 {

using nlohmann::json;
using std::chrono::milliseconds;
using Clock = ChildProcess::Clock;

std::unique_ptr<ProtocolConnection>
ProtocolConnection::start(const std::vector<std::string>& command, std::string& error) {
  auto process = ChildProcess::start(command, error);
  return process ? std::unique_ptr<ProtocolConnection>(new ProtocolConnection(std::move(process)))
                 : nullptr;
}

ProtocolConnection::~ProtocolConnection() {
  process_->close_input();
  process_->end();
}

bool ProtocolConnection::send(const json& message) {
  return send_bytes(encode_frame(message));
}

bool ProtocolConnection::send_bytes(const std::string& bytes) {
  return process_->write(bytes, Clock::now() + milliseconds(5'000));
}

std::optional<json> ProtocolConnection::receive(milliseconds timeout) {
  const Clock::time_point until = Clock::now() + timeout;
  while (state_ == State::open) {
    if (const auto body = frames_.next()) {
      json message = nesting_of(*body) > max_nesting ? json() : json::parse(*body, nullptr, false);
      if (!message.is_object()) {
        state_ = State::malformed;
        break;
      }
      return message;
    }
    if (frames_.broken()) {
      state_ = State::malformed;
      break;
    }
    const ChildProcess::ReadResult result = process_->read(frames_, until);
    if (result == ChildProcess::ReadResult::end_of_file)
      state_ = State::ended;
    else if (result == ChildProcess::ReadResult::timeout)
      state_ = State::silent;
  }
  return std::nullopt;
}

void ProtocolConnection::close_input() {
  process_->close_input();
}

std::optional<int> ProtocolConnection::wait(milliseconds timeout) {
  return process_->wait(Clock::now() + timeout);
}

std::string ProtocolConnection::last_stderr_line() {
  return process_->last_stderr_line();
}

} // namespace pep554
