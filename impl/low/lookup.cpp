// See lookup.h.
#include "impl/low/lookup.h"

#include "impl/common/version.h"
#include "impl/low/registry.h"

#include <algorithm>

namespace pep554 {

int64_t current_id() {
  return PyInterpreterState_GetID(PyInterpreterState_Get());
}

int64_t main_id() {
  return PyInterpreterState_GetID(PyInterpreterState_Main());
}

bool is_main(PyInterpreterState* interp) {
  return interp == PyInterpreterState_Main();
}

std::vector<int64_t> all_ids() {
  std::vector<int64_t> ids;
  for (auto* interp = PyInterpreterState_Head(); interp; interp = PyInterpreterState_Next(interp))
    ids.push_back(PyInterpreterState_GetID(interp));
  std::sort(ids.begin(), ids.end());
  return ids;
}

int convert_id(PyObject* object, void* id) {
  if (PyBool_Check(object) || !PyIndex_Check(object)) {
    PyErr_Format(PyExc_TypeError, "an interpreter ID must be an int, not %.200s",
                 Py_TYPE(object)->tp_name);
    return 0;
  }
  const Ref index(in_python([&] { return PyNumber_Index(object); }));
  if (!index)
    return 0;
  int overflow = 0;
  const int64_t value = PyLong_AsLongLongAndOverflow(index.get(), &overflow);
  if (overflow > 0) {
    PyErr_SetString(PyExc_OverflowError, "an interpreter ID must fit in 64 bits");
    return 0;
  }
  if (overflow < 0 || value < 0) {
    PyErr_SetString(PyExc_ValueError, "an interpreter ID must not be negative");
    return 0;
  }
  *static_cast<int64_t*>(id) = value;
  return 1;
}

PyInterpreterState* find_interpreter(int64_t id) {
  for (auto* interp = PyInterpreterState_Head(); interp; interp = PyInterpreterState_Next(interp))
    if (PyInterpreterState_GetID(interp) == id)
      return interp;
  PyErr_Format(PyExc_RuntimeError, "unrecognized interpreter ID %lld", static_cast<long long>(id));
  return nullptr;
}

// Of a subinterpreter only the oldest thread state is asked: the one it was made with, in which the
// C API and other modules run code. Of the main one all, since its threads are the process's own.
static bool has_foreign_frame(PyInterpreterState* interp) {
  if (!is_main(interp)) {
    const auto* oldest = oldest_thread(interp, nullptr);
    return oldest != nullptr && has_frame(oldest);
  }
  for (auto* state = PyInterpreterState_ThreadHead(interp); state;
       state = PyThreadState_Next(state))
    if (has_frame(state))
      return true;
  return false;
}

bool is_executing(PyInterpreterState* interp) {
  return interp == PyInterpreterState_Get() ||
         Registry::instance().is_active(PyInterpreterState_GetID(interp)) ||
         has_foreign_frame(interp);
}

int count_threads(PyInterpreterState* interp, const PyThreadState* own) {
  int count = 0;
  for (auto* state = PyInterpreterState_ThreadHead(interp); state;
       state = PyThreadState_Next(state))
    count += state != own ? 1 : 0;
  return count;
}

PyThreadState* oldest_thread(PyInterpreterState* interp, const PyThreadState* own) {
  PyThreadState* oldest = nullptr; // the list has the newest first
  for (auto* state = PyInterpreterState_ThreadHead(interp); state;
       state = PyThreadState_Next(state))
    oldest = state != own ? state : oldest;
  return oldest;
}

void raise_busy(int64_t id) {
  PyErr_Format(PyExc_RuntimeError, "interpreter %lld is already running",
               static_cast<long long>(id));
}

} // namespace pep554
