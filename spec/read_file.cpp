#include "spec/read_file.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace pep554 {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = std::uintmax_t{1} << 30U;

// Why it is not read; empty where it is.
std::string unfit(const fs::path& path) {
  std::error_code failure;
  switch (fs::status(path, failure).type()) {
  case fs::file_type::regular:
    return fs::file_size(path, failure) > most_bytes && !failure ? "is larger than 1 GiB" : "";
  case fs::file_type::not_found:
    return "there is no such file";
  case fs::file_type::directory:
    return "is a folder";
  case fs::file_type::fifo:
    return "is a pipe";
  case fs::file_type::character:
  case fs::file_type::block:
    return "is a device";
  case fs::file_type::socket:
    return "is a socket";
  default:
    return "cannot be read: " + failure.message();
  }
}

} // namespace

Result<std::string> read_file(const fs::path& path, const std::string& expected) {
  const auto refuse = [&](const std::string& problem) {
    return fail(problem + (expected.empty() ? "" : ": expected " + expected), {path.string()});
  };
  if (const std::string problem = unfit(path); !problem.empty())
    return refuse(problem);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  std::string text;
  std::array<char, 65536> portion; // NOLINT: filled by read
  ssize_t size = file < 0 ? -1 : 1;
  while (size > 0 && text.size() <= most_bytes) {
    size = ::read(file, portion.data(), portion.size());
    if (size > 0)
      text.append(portion.data(), static_cast<size_t>(size));
  }
  const int failure = size < 0 ? errno : 0;
  if (file >= 0)
    ::close(file);
  if (failure != 0)
    return refuse(std::string("cannot be read: ") + std::strerror(failure));
  if (text.size() > most_bytes)
    return refuse("is larger than 1 GiB");
  return text;
}

} // namespace pep554
