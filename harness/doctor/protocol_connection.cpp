#include "harness/doctor/protocol_connection.h"

#include <utility>

namespace pep554 {

using nlohmann::json;
using std::chrono::milliseconds;

Result<std::unique_ptr<ProtocolConnection>>
ProtocolConnection::start(const std::vector<std::string>& command) {
  return ChildProcess::start(command).map([](std::unique_ptr<ChildProcess> process) {
    return std::unique_ptr<ProtocolConnection>(new ProtocolConnection(std::move(process)));
  });
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

std::optional<json> ProtocolConnection::receive(Clock::time_point until) {
  while (state_ == State::open) {
    if (Clock::now() >= until) { // whatever arrives
      state_ = State::late;
      break;
    }
    if (const auto body = frames_.next())
      return take(*body);
    if (frames_.broken()) {
      state_ = State::malformed;
      break;
    }
    if (process_->read(frames_, until) == ChildProcess::ReadResult::end_of_file)
      state_ = State::ended;
  }
  return std::nullopt;
}

std::optional<json> ProtocolConnection::take(const std::string& body) {
  json message;
  try {
    message = parse_body(body);
  } catch (const json::exception&) {
    message = json();
  }
  if (!message.is_object()) {
    state_ = State::malformed;
    return std::nullopt;
  }
  return message;
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
