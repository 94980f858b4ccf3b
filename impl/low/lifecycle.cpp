// See lifecycle.h.
#include "impl/low/lifecycle.h"

#include "impl/low/finalization.h"
#include "impl/low/lookup.h"
#include "impl/low/registry.h"
#include "impl/low/runtime_access.h"

namespace pep554 {

int64_t create_interpreter() {
  if (Registry::instance().is_closed()) {
    PyErr_SetString(PyExc_RuntimeError, "cannot create an interpreter while the process exits");
    return -1;
  }
  PyThreadState* caller = PyThreadState_Get();
  // Its first thread state stays for its whole life: other users of the C API expect one to exist.
  const PyThreadState* first = in_python([] { return Py_NewInterpreter(); });
  const int64_t id = first != nullptr ? PyInterpreterState_GetID(first->interp) : -1;
  PyThreadState_Swap(caller);
  if (first != nullptr)
    Registry::instance().add_created(id);
  else if (!PyErr_Occurred()) // an audit hook that refuses has said why
    PyErr_NoMemory();         // GCOVR_EXCL_LINE: only without memory
  return id;
}

bool destroy_interpreter(int64_t id) {
  PyInterpreterState* interp = find_interpreter(id);
  if (interp == nullptr)
    return false;
  if (is_main(interp)) {
    PyErr_Format(PyExc_RuntimeError, "interpreter %lld is the main one and cannot be destroyed",
                 static_cast<long long>(id));
    return false;
  }
  const bool executing = is_executing(interp);
  const Claim claim(id, current_id());
  if (executing || !claim) {
    raise_busy(id);
    return false;
  }
  if (!finalize(interp, id))
    return false;
  Registry::instance().remove_created(id);
  return true;
}

void destroy_leftovers() {
  Registry::instance().close();
  for (const int64_t id : Registry::instance().created()) {
    if (destroy_interpreter(id))
      continue;
    PyErr_Clear();
    if (auto* interp = find_interpreter(id))
      pep554_unlist(interp);
    PyErr_Clear();
  }
}

} // namespace pep554
