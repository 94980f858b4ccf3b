// The plugin ABI, version 1: how the host drives one implementation of the `interpreters` module of
// PEP 554 (first draft, 2017-09-05). A plugin is a shared object that exports one symbol,
// `pep554_plugin`, a const pep554_plugin_t whose slots read like the PEP.
//
// Conventions, for every slot unless it says otherwise:
//
//   Processes  One plugin and one runtime a process. The runtime is started once; the host then
//              forks, and each child executes one program and ends. A slot must therefore work in a
//              child forked while no slot was being executed.
//   Threads    The runtime's thread is the one that called start; it is the main thread of the
//              process. [runtime] slots are called there only. [any] slots are called there or on a
//              thread attached through the extension pep554.thread/1, by several threads at once:
//              the plugin does whatever locking the implementation needs, and must not hold a lock
//              of its own while the implementation works, or two lanes could not overlap.
//   Status     PEP554_OK: it answered. PEP554_RAISED: the implementation refused, the error record
//              says how. PEP554_UNSUPPORTED: the implementation lacks this operation.
//              PEP554_FAILED: the plugin itself could not ask; the result says nothing about the
//              implementation.
//   Errors     The error record is the caller's, never null, `size` set by the caller. The plugin
//              fills it whenever the status is not PEP554_OK, and leaves it alone otherwise. No C++
//              exception and no longjmp crosses a slot.
//   Ownership  An interpreter handle that a slot hands out is the caller's, to be given to
//   `release`
//              once. Each is a reference of its own: two handles may denote one interpreter.
//              Handles outlive the interpreter they denote. The runtime belongs to the plugin.
//              Memory is freed by the side that allocated it; buffers are always the caller's.
//   Text       UTF-8. With a length where it may hold NUL (code), else NUL-terminated. Null
//   pointers
//              are never passed, and never returned, except where a slot says so.
//   Results    Out parameters are written when the status is PEP554_OK, and only then.
//
// Not supported: unloading a plugin; a second runtime in the process, or a restart after stop;
// cancelling a slot that hangs (the host kills the process); plugins that leave processes behind in
// start (the host ends every child it does not know).
//
// Growth: a table is never extended. What is new is an extension with a name and a version of its
// own, asked for through `get_extension`.
#ifndef PEP554_PLUGIN_H
#define PEP554_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PEP554_ABI_VERSION 1
#define PEP554_PLUGIN_SYMBOL "pep554_plugin"
#define PEP554_EXPORT __attribute__((visibility("default")))

enum { PEP554_TYPE_SIZE = 128, PEP554_MESSAGE_SIZE = 1024 };

typedef enum pep554_status {
  PEP554_OK = 0,
  PEP554_RAISED = 1,
  PEP554_UNSUPPORTED = 2,
  PEP554_FAILED = 3
} pep554_status_t;

// What kind of error it is. The draft names no exception types, so this is as far as a case may
// ask, and only where a clause supports it. A plugin names a category when the implementation says
// so itself (by type or by message), and otherwise PEP554_OTHER: it never guesses.
typedef enum pep554_category {
  PEP554_OTHER = 0,
  PEP554_NOT_FOUND = 1,     // there is no such interpreter
  PEP554_BUSY = 2,          // the interpreter is running
  PEP554_BAD_ARGUMENT = 3,  // the argument is of the wrong type or out of range
  PEP554_SCRIPT_FAILED = 4, // the code given to run ended with an exception
  PEP554_NOT_SUPPORTED = 5  // the implementation says that it does not support this
} pep554_category_t;

// An error, in memory of the caller, who sets `size` to sizeof(pep554_error_t). Both texts are
// NUL-terminated, a longer one is cut at the boundary of a UTF-8 character, and a NUL within one is
// replaced.
typedef struct pep554_error {
  uint32_t size;
  int32_t category;                  // a pep554_category_t
  char type[PEP554_TYPE_SIZE];       // name of the exception's type, e.g. "RuntimeError"; may be ""
  char message[PEP554_MESSAGE_SIZE]; // its text; may be ""
} pep554_error_t;

typedef struct pep554_option {
  const char* key;
  const char* value;
} pep554_option_t;

typedef struct pep554_runtime pep554_runtime_t;         // the plugin's, opaque
typedef struct pep554_interpreter pep554_interpreter_t; // a handle, opaque

// Receives one fact. Both texts live for the call only.
typedef void (*pep554_fact_fn)(void* context, const char* key, const char* value);

typedef struct pep554_plugin {
  uint32_t size;        // sizeof(pep554_plugin_t) of the plugin's header
  uint32_t abi_version; // PEP554_ABI_VERSION of the plugin's header
  const char* name;     // of the plugin, e.g. "cpython"
  const char* version;  // of the plugin

  // Starts the runtime. Called once, before every other slot but get_extension, while the process
  // has one thread. `options` are the user's, in order; a key may occur twice. An option that is
  // not known is an error. The calling thread becomes the runtime's thread. On PEP554_FAILED (the
  // only other answer) the message is one clear line, and the process is of no further use.
  pep554_status_t (*start)(const pep554_option_t* options, size_t count, pep554_runtime_t** runtime,
                           pep554_error_t* error);

  // [runtime] Finalizes the runtime with whatever interpreters are alive, as the implementation
  // would at the end of a process. Called at most once, after every attached thread was detached;
  // nothing is called afterwards. Handles still held are never released: to the implementation
  // they are the variables of a program that ends, and the plugin sees to it that they look so.
  pep554_status_t (*stop)(pep554_runtime_t* runtime, pep554_error_t* error);

  // [runtime] Tells what this runtime is, in a stable order: implementation, version, build,
  // platform, module, module_file, and whatever else distinguishes it from another runtime.
  pep554_status_t (*describe)(pep554_runtime_t* runtime, pep554_fact_fn fact, void* context,
                              pep554_error_t* error);

  // [any] interpreters.enumerate(). `*count` becomes the number of interpreters. When that is at
  // most `capacity`, that many fresh handles are in `interpreters`, in the order of the answer;
  // otherwise there are none, and the caller asks again with more room (which enumerates again).
  pep554_status_t (*enumerate)(pep554_runtime_t* runtime, pep554_interpreter_t** interpreters,
                               size_t capacity, size_t* count, pep554_error_t* error);

  // [any] interpreters.get_current(), as asked by code of the main interpreter on this thread.
  pep554_status_t (*get_current)(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                                 pep554_error_t* error);

  // [any] interpreters.get_main()
  pep554_status_t (*get_main)(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                              pep554_error_t* error);

  // [any] interpreters.create()
  pep554_status_t (*create)(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                            pep554_error_t* error);

  // [any] interpreters.Interpreter(id). `id` is a text that read_id wrote, or a decimal number that
  // the implementation may never have given.
  pep554_status_t (*construct)(pep554_runtime_t* runtime, const char* id,
                               pep554_interpreter_t** interpreter, pep554_error_t* error);

  // [any] interpreter.id, as text without NUL that is equal for equal ids. `*length` becomes its
  // length in bytes. When that is less than `capacity`, the text and a NUL are in `buffer`;
  // otherwise `buffer` is untouched, and the caller asks again with more room.
  pep554_status_t (*read_id)(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                             char* buffer, size_t capacity, size_t* length, pep554_error_t* error);

  // [any] interpreter.id = id
  pep554_status_t (*write_id)(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                              const char* id, pep554_error_t* error);

  // [any] interpreter.is_running(); `*running` becomes 0 or 1.
  pep554_status_t (*is_running)(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                                int32_t* running, pep554_error_t* error);

  // [any] interpreter.destroy(). The handle stays the caller's.
  pep554_status_t (*destroy)(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                             pep554_error_t* error);

  // [any] interpreter.run(code), on the calling thread, which is blocked until it is done. `size`
  // bytes of UTF-8, NUL allowed, not NUL-terminated. A failure of the code itself is
  // PEP554_RAISED, with PEP554_SCRIPT_FAILED where the implementation tells it apart.
  pep554_status_t (*run)(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                         const char* code, size_t size, pep554_error_t* error);

  // [any] Drops the handle, as a program drops its reference; what that does to the interpreter is
  // the implementation's affair. Not called while another thread uses the handle.
  void (*release)(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter);

  // [any, also before start] The table of the extension `name`, which lives as long as the process,
  // or null when the plugin lacks it.
  const void* (*get_extension)(const char* name);
} pep554_plugin_t;

// Evaluation of Python source in the main interpreter: the module's surface (names, signatures,
// attributes), which the slots above cannot reach.
#define PEP554_EXT_EVAL "pep554.eval/1"
typedef struct pep554_eval {
  // [any] Executes `size` bytes of UTF-8 as the body of a module in the main interpreter, in a
  // namespace that no program before has used, kept between calls, and where the implementation's
  // module is bound as `interpreters`. An uncaught exception is PEP554_RAISED.
  pep554_status_t (*eval)(pep554_runtime_t* runtime, const char* source, size_t size,
                          pep554_error_t* error);
} pep554_eval_t;

// What the runtime wants done around a fork. Without it the host forks all the same.
#define PEP554_EXT_FORK "pep554.fork/1"
typedef struct pep554_fork {
  void (*before_fork)(pep554_runtime_t* runtime);       // [runtime]
  void (*after_fork_parent)(pep554_runtime_t* runtime); // [runtime] also when the fork failed
  void (*after_fork_child)(pep554_runtime_t* runtime);  // [runtime] the child's only thread
} pep554_fork_t;

// Threads that the runtime did not start. Without it a program has one lane.
#define PEP554_EXT_THREAD "pep554.thread/1"
typedef struct pep554_thread {
  // Makes the calling thread one on which [any] slots may be called; `*state` is the plugin's.
  pep554_status_t (*attach)(pep554_runtime_t* runtime, void** state, pep554_error_t* error);
  // Undoes it, on the same thread, with the state that attach gave.
  void (*detach)(pep554_runtime_t* runtime, void* state);
} pep554_thread_t;

#ifdef __cplusplus
} // extern "C"
#endif

#endif // PEP554_PLUGIN_H
