#include "harness/doctor/conversation.h"

#include <utility>

namespace pep554 {

using nlohmann::json;
using std::chrono::milliseconds;
using Clock = ChildProcess::Clock;

std::unique_ptr<Conversation> Conversation::start(const std::vector<std::string>& command,
                                                  std::string& error) {
  auto process = ChildProcess::start(command, error);
  return process ? std::unique_ptr<Conversation>(new Conversation(std::move(process))) : nullptr;
}

Conversation::~Conversation() {
  process_->close_input();
  process_->end(program_);
}

bool Conversation::send(const json& message) {
  return send_bytes(encode_frame(message));
}

bool Conversation::send_bytes(const std::string& bytes) {
  return process_->write(bytes, Clock::now() + milliseconds(5'000));
}

std::optional<json> Conversation::receive(milliseconds patience) {
  const Clock::time_point until = Clock::now() + patience;
  while (state_ == State::talking) {
    if (const auto body = frames_.next()) {
      json message = nesting_of(*body) > max_nesting ? json() : json::parse(*body, nullptr, false);
      if (!message.is_object()) {
        state_ = State::rubbish;
        break;
      }
      if (message.contains("pid") && message["pid"].is_number_integer())
        program_ = message["pid"].get<pid_t>();
      else if (message.value("msg", json()) == "end")
        program_ = -1; // the number may soon be another's
      return message;
    }
    if (frames_.broken()) {
      state_ = State::rubbish;
      break;
    }
    const ChildProcess::Heard heard = process_->read(frames_, until);
    if (heard == ChildProcess::Heard::end)
      state_ = State::ended;
    else if (heard == ChildProcess::Heard::nothing)
      state_ = State::silent;
  }
  return std::nullopt;
}

void Conversation::hang_up() {
  process_->close_input();
}

std::optional<int> Conversation::wait(milliseconds patience) {
  return process_->wait(Clock::now() + patience);
}

std::string Conversation::last_words() {
  return process_->last_line_said();
}

} // namespace pep554
