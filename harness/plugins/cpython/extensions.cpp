#include "harness/plugins/cpython/extensions.h"

#include <memory>
#include <string>
#include <string_view>

#include "harness/plugins/cpython/guard.h"
#include "harness/plugins/cpython/runtime.h"

namespace pep554::cpython {
namespace {

pep554_status_t eval(pep554_runtime_t* runtime, const char* source, size_t size,
                     pep554_error_t* error) {
  return guarded(error, [&] {
    const Ref result = execute({source, size}, "<eval>", runtime->names);
    return result ? PEP554_OK : raised(error, runtime->module);
  });
}

// The GIL is held from before the fork until after it, on both sides.
void before_fork(pep554_runtime_t* runtime) {
  py.PyEval_RestoreThread(runtime->main);
  py.PyOS_BeforeFork();
}

void after_fork_parent(pep554_runtime_t* runtime) {
  py.PyOS_AfterFork_Parent();
  runtime->main = py.PyEval_SaveThread();
}

void after_fork_child(pep554_runtime_t* runtime) {
  py.PyOS_AfterFork_Child();
  runtime->main = py.PyEval_SaveThread();
}

// The thread keeps its state between the slots, as a thread of Python's own would.
struct Attachment {
  PyGILState_STATE ensured;
  PyThreadState* state;
};

pep554_status_t attach(pep554_runtime_t* /*runtime*/, void** state, pep554_error_t* error) {
  try {
    auto attachment = std::make_unique<Attachment>();
    attachment->ensured = py.PyGILState_Ensure();
    attachment->state = py.PyEval_SaveThread();
    *state = attachment.release();
    return PEP554_OK;
  } catch (const std::exception& problem) {
    return set_error(error, PEP554_FAILED, problem.what());
  }
}

void detach(pep554_runtime_t* /*runtime*/, void* state) {
  const std::unique_ptr<Attachment> attachment(static_cast<Attachment*>(state));
  py.PyEval_RestoreThread(attachment->state);
  py.PyGILState_Release(attachment->ensured);
}

// The handlers need no interpreter, so the module need not stay.
void trace_to(pep554_runtime_t* /*runtime*/, int fd, int ask) {
  const std::string source = "import sys\nknown = 'faulthandler' in sys.modules\n"
                             "import faulthandler\n"
                             "faulthandler.enable(" +
                             std::to_string(fd) + ")\nfaulthandler.register(" +
                             std::to_string(ask) + ", " + std::to_string(fd) +
                             ", chain=True)\nif not known: del sys.modules['faulthandler']\n";
  pep554_error_t ignored{sizeof ignored, PEP554_OTHER, {}, {}};
  guarded(&ignored, [&] {
    const Ref names(py.PyDict_New());
    const Ref result = execute(source, "<traces>", names.get());
    if (!result)
      py.PyErr_Clear(); // a Python without the module has no traces
    return PEP554_OK;
  });
}

constexpr pep554_eval_t eval_table{eval};
constexpr pep554_fork_t fork_table{before_fork, after_fork_parent, after_fork_child};
constexpr pep554_thread_t thread_table{attach, detach};
constexpr pep554_trace_t trace_table{trace_to};

} // namespace

const void* find_extension(const char* name) {
  const std::string_view wanted = name;
  if (wanted == PEP554_EXT_EVAL)
    return &eval_table;
  if (wanted == PEP554_EXT_FORK)
    return &fork_table;
  if (wanted == PEP554_EXT_THREAD)
    return &thread_table;
  if (wanted == PEP554_EXT_TRACE)
    return &trace_table;
  return nullptr;
}

} // namespace pep554::cpython
