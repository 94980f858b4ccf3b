#include "harness/host/output.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include "harness/host/wire.h"

namespace pep554::host {

std::string OutputStream::read(OutputBudget& budget) {
  std::array<char, 65536> chunk; // NOLINT: filled by read
  const ssize_t got = fd_.open() ? ::read(fd_.get(), chunk.data(), chunk.size()) : 0;
  if (got < 0 && errno == EINTR)
    return {};
  drained_ = got <= 0;
  if (got == 0)
    fd_.reset();
  if (got <= 0)
    return {};
  const std::uint64_t room = budget.limit - std::min(budget.limit, budget.read);
  budget.read += static_cast<std::uint64_t>(got);
  carry_.append(chunk.data(), std::min(static_cast<std::uint64_t>(got), room));
  const size_t whole = whole_characters(carry_);
  std::string text = carry_.substr(0, whole);
  carry_.erase(0, whole);
  return text;
}

} // namespace pep554::host
