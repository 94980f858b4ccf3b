#include "harness/engine/patience.h"

#include <algorithm>
#include <fstream>
#include <string>

namespace pep554 {
namespace {

using std::chrono::nanoseconds;

constexpr int most_lengths = 10;

nanoseconds waited_for_processor(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/schedstat");
  nanoseconds::rep ran = 0;
  nanoseconds::rep waited = 0;
  return file >> ran >> waited ? nanoseconds(waited) : nanoseconds{0};
}

} // namespace

Patience::Patience(pid_t process, std::chrono::milliseconds length)
    : process_(process), begin_(Clock::now()), length_(length),
      waited_before_(waited_for_processor(process)), until_(begin_ + length) {}

bool Patience::extend() {
  const nanoseconds waited =
      std::max(nanoseconds{0}, waited_for_processor(process_) - waited_before_);
  until_ = begin_ + std::min<nanoseconds>(length_ + waited, most_lengths * nanoseconds(length_));
  return Clock::now() < until_;
}

} // namespace pep554
