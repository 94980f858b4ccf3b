// See lookup.h.
#include "impl/low/lookup.h"

#include "impl/low/registry.h"
#include "impl/low/runtime_access.h"

#include <algorithm>

namespace pep554 {

int64_t current_id() {
  return PyInterpreterState_GetID(PyInterpreterState_Get());
}

int64_t main_id() {
  return PyInterpreterState_GetID(PyInterpreterState_Main());
}

static std::vector<int64_t> listed_ids() {
  std::vector<int64_t> ids;
  size_t count = 16;
  while (ids.size() < count) {
    ids.resize(count);
    count = pep554_list(ids.data(), ids.size());
    if (count <= ids.size())
      ids.resize(count);
  }
  std::reverse(ids.begin(), ids.end());
  return ids;
}

std::vector<int64_t> all_ids() {
  auto ids = listed_ids();
  Registry::instance().remove_hidden(&ids);
  return ids;
}

std::vector<int64_t> unfinished_ids() {
  auto ids = listed_ids();
  std::erase_if(ids, [](int64_t id) { return !Registry::instance().is_hidden(id); });
  return ids;
}

static bool convert_int(PyObject* index, int64_t* id) {
  int overflow = 0;
  const int64_t value = PyLong_AsLongLongAndOverflow(index, &overflow);
  if (overflow > 0) {
    PyErr_SetString(PyExc_OverflowError, "an interpreter ID must fit in 64 bits");
    return false;
  }
  if (overflow < 0 || value < 0) {
    PyErr_SetString(PyExc_ValueError, "an interpreter ID must not be negative");
    return false;
  }
  *id = value;
  return true;
}

bool convert_id(PyObject* object, int64_t* id) {
  if (PyLong_CheckExact(object))
    return convert_int(object, id);
  if (PyBool_Check(object) || !PyIndex_Check(object)) {
    PyErr_Format(PyExc_TypeError, "an interpreter ID must be an int, not %.200s",
                 Py_TYPE(object)->tp_name);
    return false;
  }
  const Ref index(in_python([&] { return PyNumber_Index(object); }));
  return index && convert_int(index.get(), id);
}

static void raise_unrecognized(int64_t id) {
  PyErr_Format(PyExc_RuntimeError, "unrecognized interpreter ID %lld", static_cast<long long>(id));
}

static pep554_view look(int64_t id) {
  if (Registry::instance().is_hidden(id))
    return {};
  return pep554_look(id, nullptr);
}

int ask_running(int64_t id) {
  const auto view = look(id);
  if (view.interp == nullptr) {
    raise_unrecognized(id);
    return -1;
  }
  return view.running != 0 || view.interp == PyInterpreterState_Get() ||
                 Registry::instance().is_active(id)
             ? 1
             : 0;
}

PyInterpreterState* find_idle(int64_t id) {
  const auto view = look(id);
  if (view.interp == nullptr)
    raise_unrecognized(id);
  else if (view.running != 0 || view.interp == PyInterpreterState_Get())
    raise_busy(id);
  else
    return view.interp;
  return nullptr;
}

void raise_busy(int64_t id) {
  if (look(id).interp == nullptr)
    raise_unrecognized(id);
  else
    PyErr_Format(PyExc_RuntimeError, "interpreter %lld is already running",
                 static_cast<long long>(id));
}

} // namespace pep554
