// The frame of every slot: the GIL is held, and nothing is thrown out of it.
#pragma once

#include <exception>

#include "harness/plugins/cpython/errors.h"

namespace pep554::cpython {

template <typename Body>
pep554_status_t guarded(pep554_error_t* error, Body body) {
  try {
    const Gil gil;
    return body();
  } catch (const std::exception& problem) {
    return set_error(error, PEP554_FAILED, problem.what());
  }
}

} // namespace pep554::cpython
