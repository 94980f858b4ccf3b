#include "harness/cli/print.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

namespace pep554 {
namespace {

std::atomic<int> lost{0}; // the number of the first error of standard output

void note(std::FILE* stream, bool failed) {
  int none = 0;
  if (failed && stream == stdout)
    lost.compare_exchange_strong(none, errno);
}

} // namespace

void put(std::FILE* stream, std::string_view text) {
  errno = 0;
  note(stream, std::fwrite(text.data(), 1, text.size(), stream) != text.size());
}

void flush(std::FILE* stream) {
  errno = 0;
  note(stream, std::fflush(stream) != 0);
}

void print_lines(std::FILE* stream, std::string_view prefix, std::string_view text) {
  for (size_t from = 0; from < text.size();) {
    const size_t end = std::min(text.find('\n', from), text.size());
    print(stream, "{}{}\n", prefix, text.substr(from, end - from));
    from = end + 1;
  }
}

void print_warning(std::string_view text) {
  if (!text.empty())
    print(stderr, "pep554: {}\n", text);
}

Exit print_error(Exit code, std::string_view problem) {
  print(stderr, "pep554: {}\n", problem);
  return code;
}

Exit print_error(Exit code, const Error& error) {
  return print_error(code, to_string(error));
}

bool output_is_complete() {
  flush(stdout);
  if (lost == 0 || lost == EPIPE)
    return true;
  put(stderr, fmt::format("pep554: cannot write standard output: {}\n", std::strerror(lost)));
  return false;
}

} // namespace pep554
