// See lifecycle.h.
#include "impl/low/lifecycle.h"

#include "impl/common/version.h"
#include "impl/low/finalization.h"
#include "impl/low/gate.h"
#include "impl/low/lookup.h"
#include "impl/low/registry.h"
#include "impl/low/runtime_access.h"
#include "impl/low/session.h"
#include "impl/low/stack.h"

namespace pep554 {

namespace {

// Hides the interpreter while it is being made.
class Creation {
public:
  Creation() { Registry::instance().begin_creation(next_id_); }
  Creation(const Creation&) = delete;
  Creation& operator=(const Creation&) = delete;
  ~Creation() { Registry::instance().end_creation(next_id_); }

private:
  int64_t next_id_ = pep554_next_id();
};

// Its first thread state: on 3.11 it stays for the interpreter's whole life, since other users of
// the C API expect one to exist, and CPython cannot make another first one. From 3.12 on they
// expect that there is none.
void leave_new_interpreter(PyThreadState* first, PyThreadState* caller) {
  if (!kKeepsFirstState)
    in_python([first] { PyThreadState_Clear(first); });
  in_python([caller] { PyThreadState_Swap(caller); });
  if (!kKeepsFirstState)
    PyThreadState_Delete(first);
}

} // namespace

int64_t create_interpreter() {
  if (!check_stack())
    return -1;
  const Change change;
  // After the process's exit no callback would be left to destroy it.
  if (!change || is_gate_closed()) {
    PyErr_Format(PyExc_RuntimeError, "cannot create an interpreter while the process %s",
                 change ? "exits" : change.refusal());
    return -1;
  }
  PyThreadState* caller = PyThreadState_Get();
  const Creation creation;
  PyThreadState* first = new_interpreter();
  if (first == nullptr) {
    if (!PyErr_Occurred()) // an audit hook that refuses has set an error
      PyErr_NoMemory();    // GCOVR_EXCL_LINE: only without memory
    return -1;
  }
  const int64_t id = PyInterpreterState_GetID(first->interp);
  leave_new_interpreter(first, caller);
  Registry::instance().add_created(id);
  return id;
}

bool destroy_interpreter(int64_t id) {
  if (id == main_id()) {
    PyErr_Format(PyExc_RuntimeError, "interpreter %lld is the main one and cannot be destroyed",
                 static_cast<long long>(id));
    return false;
  }
  const Claim claim(id, current_id());
  if (!claim) {
    raise_busy(id);
    return false;
  }
  auto* interp = find_idle(id);
  if (interp == nullptr || !finalize(interp, id, claim.record()))
    return false;
  Registry::instance().remove_created(id);
  return true;
}

// Code under a GIL of its own would go on while the runtime is finalized. Where an end takes too
// long, because a destructor blocks, its thread may come to its end before the
// process does; else it is stopped as it comes back for the GIL.
static void abandon(int64_t id) {
  auto* interp = pep554_look(id, nullptr).interp;
  const bool ending = Registry::instance().is_ending(id);
  if (interp == nullptr || (ending && kUnlistsLate))
    return;
  if (kOwnGil && (!ending || kHoldsEnding)) {
    hold_forever(interp);
    pep554_stop_threads(interp);
  }
  pep554_unlist(interp);
}

void destroy_leftovers() {
  close_gate();
  for (const int64_t id : Registry::instance().created()) {
    if (destroy_interpreter(id))
      continue;
    PyErr_Clear();
    abandon(id);
  }
}

static void unlist(const std::vector<int64_t>& ids) {
  for (const int64_t id : ids)
    if (auto* interp = pep554_look(id, nullptr).interp)
      pep554_unlist(interp);
}

void unlist_leftovers() {
  unlist(Registry::instance().created());
  unlist(unfinished_ids());
}

} // namespace pep554
