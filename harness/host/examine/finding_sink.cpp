#include "harness/host/examine/finding_sink.h"

#include <cstring>

#include <nlohmann/json.hpp>
#include <sys/socket.h>

#include "harness/host/wire.h"

namespace pep554::host {
namespace {

using nlohmann::json;

constexpr int most_observations = 3;  // of different words for one check
constexpr size_t longest_quote = 120; // bytes of a plugin's text

void send_record(int fd, const std::string& record) {
  static_cast<void>(::send(fd, record.data(), record.size(), MSG_NOSIGNAL));
}

json record(std::string_view kind, std::string_view check, std::string_view seen) {
  return {{"kind", kind}, {"check", check}, {"seen", seen}};
}

std::string visible(unsigned char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (byte == '\n')
    return "\\n";
  return {'\\', 'x', digits[byte >> 4U], digits[byte & 0xFU]};
}

} // namespace

void FindingSink::send(std::string_view kind, std::string_view check, std::string_view seen) {
  const std::scoped_lock lock(mutex_);
  const std::string words = encode(record(kind, check, seen));
  int& count = sent_[std::string(kind) + ' ' + std::string(check)];
  if (count >= (kind == "ok" ? 1 : most_observations) || sent_[words]++ > 0)
    return;
  ++count;
  send_record(fd_, words);
}

void FindingSink::ok(std::string_view check) {
  send("ok", check, "");
}

void FindingSink::absent(std::string_view check) {
  send("absent", check, "");
}

void FindingSink::note(std::string_view check, std::string_view seen) {
  send("note", check, seen);
}

void FindingSink::error(std::string_view check, std::string_view seen) {
  send("error", check, seen);
}

bool FindingSink::expect(bool holds, std::string_view check, std::string_view seen) {
  holds ? ok(check) : error(check, seen);
  return holds;
}

void FindingSink::report_status(std::string_view slot, pep554_status_t status) {
  send_record(fd_,
              encode({{"kind", "status"}, {"slot", slot}, {"status", static_cast<int>(status)}}));
}

void FindingSink::report_fact(std::string_view key, std::string_view value) {
  send_record(fd_, encode({{"kind", "fact"}, {"key", key}, {"value", value}}));
}

void FindingSink::finished() {
  send_record(fd_, encode({{"kind", "finished"}}));
}

void FindingSink::blocked(std::string_view why) {
  send_record(fd_, encode({{"kind", "blocked"}, {"why", why}}));
}

std::string error_finding(std::string_view check, std::string_view seen) {
  return encode(record("error", check, seen));
}

std::string escaped(std::string_view text) {
  std::string visible_text;
  for (const char c : text.substr(0, whole_characters(text.substr(0, longest_quote)))) {
    const auto byte = static_cast<unsigned char>(c);
    visible_text += byte < 0x20U || byte == 0x7FU ? visible(byte) : std::string(1, c);
  }
  return '"' + visible_text + (text.size() > longest_quote ? "...\"" : "\"");
}

std::string signal_name(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

bool is_utf8(std::string_view text) {
  try {
    static_cast<void>(json(text).dump()); // strict
    return true;
  } catch (const json::exception&) {
    return false;
  }
}

} // namespace pep554::host
