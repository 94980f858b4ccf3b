// See stack.h.
#include "impl/low/stack.h"

#include "impl/common/python.h"

#include <pthread.h>

#include <algorithm>
#include <cstdint>

namespace pep554 {

namespace {

// The stack of this thread. Empty where the system does not report it.
struct Stack {
  uintptr_t lowest = 0;
  uintptr_t end = 0;

  Stack() {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
      return; // GCOVR_EXCL_LINE: only without memory
    void* address = nullptr;
    size_t size = 0;
    if (pthread_attr_getstack(&attributes, &address, &size) == 0) {
      lowest = reinterpret_cast<uintptr_t>(address);
      end = lowest + size;
    }
    pthread_attr_destroy(&attributes);
  }
};

} // namespace

bool check_stack() {
  constexpr uintptr_t kRoom = uintptr_t{256} * 1024; // what making an interpreter takes, and more
  static thread_local const Stack stack;
  const auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  // A program may also have switched to a stack of its own, of which nothing is known.
  const bool known = here >= stack.lowest && here < stack.end;
  if (!known || here - stack.lowest > std::min(kRoom, (stack.end - stack.lowest) / 2))
    return true;
  PyErr_SetString(PyExc_RecursionError, "interpreters are nested too deeply");
  return false;
}

} // namespace pep554
