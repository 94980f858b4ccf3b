// The plugin ABI, version 1.0: how a host drives one implementation of the `interpreters` module of
// PEP 554 (first draft, 2017-09-05). A plugin is a shared object that exports one symbol,
// `pep554_plugin`, a const pep554_plugin_t whose slots read like the PEP. C11, and C++ as well;
// layout and calls are those of the platform's C compiler. Version 1 is frozen: nothing in this
// header changes its size, its place or its meaning.
//
// Conventions, for every slot unless it says otherwise:
//
//   Processes  One plugin and one runtime a process. The runtime is started once; the host then
//              forks, and each child executes one program and ends. So every slot after start works
//              in a child that was forked while no slot was being executed. Threads that start made
//              are not in the child; what is to be done about it is for pep554.fork/1.
//   Threads    The runtime's thread is the one that called start; it is the main thread of the
//              process, and the thread that forks is the main thread of the child. [runtime] slots
//              are called there only. [any] slots are called there or on a thread attached through
//              the extension pep554.thread/1, by several threads at once, with the same handle too:
//              the plugin does whatever locking the implementation needs, and holds no lock of its
//              own while the implementation works, or two lanes could not overlap.
//   Status     PEP554_OK: it answered. PEP554_RAISED: the implementation refused, the error record
//              says how. PEP554_UNSUPPORTED: the implementation lacks this operation.
//              PEP554_FAILED: the plugin itself could not ask (it has no memory, it cannot express
//              the argument); the result says nothing about the implementation. A status that is
//              none of these is taken for PEP554_FAILED. A slot of the implementation may also end
//              the process or never return: that is recorded as what it is, and no plugin need
//              prevent it.
//   Errors     The error record is the caller's, never null, and empty when it comes: `size` is
//              set, `category` is PEP554_OTHER, both texts are "". The plugin fills it whenever the
//              status is not PEP554_OK (all of it with PEP554_RAISED, the message at least with the
//              others) and leaves it alone otherwise. It keeps no pointer to it. No C++ exception,
//              no Rust panic and no longjmp crosses a slot.
//   Results    Out parameters are never null. They are written when the status is PEP554_OK, and
//              only then; whatever they held before means nothing.
//   Ownership  A handle that a slot hands out is the caller's, to be given to release at most once
//              (the end of a process releases nothing). Each is a reference of its own: two handles
//              may denote one interpreter, and be equal or not. A handle outlives the interpreter
//              that it denotes: every slot takes it then too, and answers as the implementation
//              does about an interpreter that is gone. The runtime belongs to the plugin. Memory is
//              freed by the side that allocated it; buffers are always the caller's.
//   Texts      UTF-8. With a length where they may hold NUL (code), else NUL-terminated. What is
//              passed to a slot or a callback lives for that call only, unless it is said to live
//              as long as the process.
//   Null       Null pointers are never passed, and never handed out, not even for zero elements,
//              except where it says so. A null handle with PEP554_OK is taken for PEP554_FAILED.
//   Streams    Descriptors 1 and 2 are the output of the program, which is recorded; 0 is empty.
//              Whatever a plugin writes to them before the first fork is the user's to read, and no
//              other descriptor that the plugin did not open is its to use.
//
// Not supported: unloading a plugin; a second runtime in the process, or a restart after stop;
// cancelling a slot that hangs (the host kills the process); plugins that leave processes behind in
// start (the host ends every child it does not know).
//
// Versions. In all versions for all time a table begins with `size` and `abi_version`, and a host
// reads nothing else before it has judged these two. A table is never extended.
//
//   abi_version  Must be the host's: another version is refused, both versions named. The symbol
//                `pep554_plugin` is version 1's, and that of a later version N is
//                `pep554_plugin_N`. So a plugin of a later version serves hosts of version 1 by
//                exporting a table for each, and a host of a later version that still serves
//                version 1 looks for the latest symbol first. A plugin without the symbol of the
//                host's version is refused; the host names the later versions whose symbols it
//                finds.
//   size         At least the size that the version has: less is refused, since slots are missing;
//                of more, what follows belongs to the plugin and is ignored.
//   slots        None is null, in tables and extensions alike: one that is null is refused. A slot
//                for what the implementation lacks answers PEP554_UNSUPPORTED.
//   records      pep554_error_t too is as it is here in every call of version 1. `size` is never
//                less than that: a plugin need not look at it, and writes none of what follows the
//                two texts, however large the record of a later version may be.
//   extensions   What is new is an extension: a table named "owner.what/version", asked for through
//                get_extension, frozen as this one is, with a version that counts for itself alone.
//                "/1" and "/2" of one name are two extensions to both sides: a host asks for each
//                version that it knows, the latest first, and uses the first that it gets; a plugin
//                hands out what it has under exactly that name, and null for every other name,
//                known to it or not. An extension that only one side knows, or knows in other
//                versions only, is as if it were not there: the plugin is accepted, and the steps
//                that need the extension are answered with PEP554_UNSUPPORTED and its name. Names
//                that begin with "pep554." are this project's; others begin with a domain of their
//                owner.
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
  PEP554_FAILED = 3,
  PEP554_STATUS_WIDTH = 0x7fffffff // none: it makes this 32 bits wide under every compiler
} pep554_status_t;

// The kind of an error. The draft names no exception types, so this is as far as a case may
// ask, and only where a clause supports it. A plugin names a category when the implementation says
// so itself (by type or by message), and otherwise PEP554_OTHER: it never guesses. A number that is
// none of these is taken for PEP554_OTHER.
typedef enum pep554_category {
  PEP554_OTHER = 0,
  PEP554_NOT_FOUND = 1,     // there is no such interpreter
  PEP554_BUSY = 2,          // the interpreter is running
  PEP554_BAD_ARGUMENT = 3,  // the argument is of the wrong type or out of range
  PEP554_SCRIPT_FAILED = 4, // the code given to run ended with an exception
  PEP554_NOT_SUPPORTED = 5  // the implementation says that it does not support this
} pep554_category_t;

// An error, in memory of the caller. Both texts are NUL-terminated: of a longer one what fits, cut
// at the boundary of a UTF-8 character; a NUL within one is replaced. A text without its NUL ends
// where its array does, and what is no UTF-8 becomes U+FFFD.
typedef struct pep554_error {
  uint32_t size;                     // of the caller's record, set by the caller
  int32_t category;                  // a pep554_category_t
  char type[PEP554_TYPE_SIZE];       // name of the exception's type, e.g. "RuntimeError"; may be ""
  char message[PEP554_MESSAGE_SIZE]; // its text; may be ""
} pep554_error_t;

// An option that the user gave as key=value. The key is not empty; the value may be.
typedef struct pep554_option {
  const char* key;
  const char* value;
} pep554_option_t;

typedef struct pep554_runtime pep554_runtime_t;         // the plugin's, opaque
typedef struct pep554_interpreter pep554_interpreter_t; // a handle, opaque

// Receives one fact, on the calling thread.
typedef void (*pep554_fact_fn)(void* context, const char* key, const char* value);

typedef struct pep554_plugin {
  uint32_t size;        // sizeof(pep554_plugin_t) of the plugin's header
  uint32_t abi_version; // PEP554_ABI_VERSION of the plugin's header
  const char* name;     // of the plugin, e.g. "cpython"; lives as long as the process
  const char* version;  // of the plugin, in any form; lives as long as the process

  // Starts the runtime. Called once, before every other slot but get_extension, on the main thread,
  // while the process has no other. `options` are the user's, in order, `count` may be 0; a key may
  // occur twice. An option that is not known, or whose value is not understood, is an error that
  // says what was expected. `*runtime` lives as long as the process. On PEP554_FAILED (the only
  // other answer) the message is one clear line, and the process is of no further use.
  pep554_status_t (*start)(const pep554_option_t* options, size_t count, pep554_runtime_t** runtime,
                           pep554_error_t* error);

  // [runtime] Finalizes the runtime with whatever interpreters are alive, as the implementation
  // would at the end of a process. Called at most once (a process may end without), after every
  // attached thread was detached; no slot is called afterwards, but code that the process runs at
  // its exit is. Handles still held are never released: to the implementation they are the
  // variables of a program that ends, and the plugin sees to it that they look so. PEP554_RAISED
  // when the implementation says that its end went wrong, PEP554_UNSUPPORTED when it knows no end.
  pep554_status_t (*stop)(pep554_runtime_t* runtime, pep554_error_t* error);

  // [runtime] Tells what this runtime is, by calling `fact` with `context` for each fact before it
  // returns: implementation, version, build, platform, module, module_file, and whatever else
  // distinguishes it from another runtime, each key once, the same facts in the same order each
  // time. Called after start, before programs, which must not be able to tell that it was. An
  // answer that is not PEP554_OK ends the host: there is no judging what cannot be named.
  pep554_status_t (*describe)(pep554_runtime_t* runtime, pep554_fact_fn fact, void* context,
                              pep554_error_t* error);

  // [any] interpreters.enumerate(). `*count` becomes the number of interpreters. When that is at
  // most `capacity`, that many fresh handles are in `interpreters`, in the order of the answer;
  // otherwise none was made, `interpreters` is untouched, and the caller asks again with more room
  // (which enumerates again). `capacity` may be 0.
  pep554_status_t (*enumerate)(pep554_runtime_t* runtime, pep554_interpreter_t** interpreters,
                               size_t capacity, size_t* count, pep554_error_t* error);

  // [any] interpreters.get_current(), as asked by code of the main interpreter on this thread. A
  // fresh handle.
  pep554_status_t (*get_current)(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                                 pep554_error_t* error);

  // [any] interpreters.get_main(). A fresh handle.
  pep554_status_t (*get_main)(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                              pep554_error_t* error);

  // [any] interpreters.create(), on the calling thread. A fresh handle.
  pep554_status_t (*create)(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                            pep554_error_t* error);

  // [any] interpreters.Interpreter(id). `id` is a text that read_id wrote, or a decimal number of
  // any size, perhaps with a minus sign, that the implementation may never have given. An id that
  // the implementation refuses is PEP554_RAISED; one that the plugin cannot turn into an id at all
  // is PEP554_FAILED. A fresh handle.
  pep554_status_t (*construct)(pep554_runtime_t* runtime, const char* id,
                               pep554_interpreter_t** interpreter, pep554_error_t* error);

  // [any] interpreter.id, as text without NUL: equal for equal ids, different for different ones.
  // `*length` becomes its length in bytes, without the NUL. When that is less than `capacity`, the
  // text and a NUL are in `buffer`; otherwise `buffer` is untouched, and the caller asks again with
  // more room. `capacity` may be 0.
  pep554_status_t (*read_id)(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                             char* buffer, size_t capacity, size_t* length, pep554_error_t* error);

  // [any] interpreter.id = id, with an `id` as for construct. PEP554_OK says that the assignment
  // was accepted, which the draft forbids; PEP554_UNSUPPORTED that no such attribute can be
  // reached.
  pep554_status_t (*write_id)(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                              const char* id, pep554_error_t* error);

  // [any] interpreter.is_running(); `*running` becomes 0 or 1. Answers while the interpreter runs.
  pep554_status_t (*is_running)(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                                int32_t* running, pep554_error_t* error);

  // [any] interpreter.destroy(). The handle stays the caller's, whatever the answer.
  pep554_status_t (*destroy)(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                             pep554_error_t* error);

  // [any] interpreter.run(code), on the calling thread, which is blocked until it is done. `size`
  // bytes of UTF-8, NUL allowed, not NUL-terminated; `size` may be 0. A failure of the code itself
  // is PEP554_RAISED, with PEP554_SCRIPT_FAILED where the implementation tells it apart.
  pep554_status_t (*run)(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                         const char* code, size_t size, pep554_error_t* error);

  // [any] Drops the handle, as a program drops its reference; what that does to the interpreter is
  // the implementation's affair. It cannot fail. Not called while another thread uses the handle;
  // other handles of the same interpreter stay good.
  void (*release)(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter);

  // [any, also before start] The table of the extension that has exactly this name, or null when
  // the plugin has none. The table lives as long as the process. The same answer each time; asking
  // has no effect. That a table is there says that its slots work, not that the runtime is up.
  const void* (*get_extension)(const char* name);
} pep554_plugin_t;

// Every plugin defines this symbol, with C linkage: a C++ plugin that includes this header need not
// say more than `const pep554_plugin_t pep554_plugin = {...};`. Lives as long as the process, is
// never changed.
PEP554_EXPORT extern const pep554_plugin_t pep554_plugin;

// Evaluation of Python source in the main interpreter: the module's surface (names, signatures,
// attributes), which the slots above cannot reach.
#define PEP554_EXT_EVAL "pep554.eval/1"
typedef struct pep554_eval {
  // [any] Executes `size` bytes of UTF-8 (which may hold NUL, or be 0) as the body of a module in
  // the main interpreter, on the calling thread, in a namespace that no program before has used,
  // kept between calls, and where the implementation's module is bound as `interpreters`. An
  // uncaught exception is PEP554_RAISED.
  pep554_status_t (*eval)(pep554_runtime_t* runtime, const char* source, size_t size,
                          pep554_error_t* error);
} pep554_eval_t;

// Called around a fork. Without it the host forks all the same. None of these
// can fail. They are called in this order for each fork: before, then after_fork_parent in the
// parent (also when the fork failed) and after_fork_child in the child, before any other slot
// there.
#define PEP554_EXT_FORK "pep554.fork/1"
typedef struct pep554_fork {
  void (*before_fork)(pep554_runtime_t* runtime);       // [runtime]
  void (*after_fork_parent)(pep554_runtime_t* runtime); // [runtime]
  void (*after_fork_child)(pep554_runtime_t* runtime);  // [runtime] the child's only thread
} pep554_fork_t;

// Threads that the runtime did not start. Without it a program has one lane.
#define PEP554_EXT_THREAD "pep554.thread/1"
typedef struct pep554_thread {
  // Makes the calling thread one on which [any] slots may be called, until it is detached. Called
  // by several threads at once, never by the runtime's thread, never by one that is attached.
  // `*state` is the plugin's, for that thread, and may be null. Otherwise PEP554_FAILED: then the
  // thread calls no slot, detach neither.
  pep554_status_t (*attach)(pep554_runtime_t* runtime, void** state, pep554_error_t* error);
  // Undoes it, on the same thread, with the state that attach gave. It cannot fail.
  void (*detach)(pep554_runtime_t* runtime, void* state);
} pep554_thread_t;

// The runtime's own stack traces at a crash or a hang. Without it there is only a native backtrace.
#define PEP554_EXT_TRACE "pep554.trace/1"
typedef struct pep554_trace {
  // [runtime] Called once, after start and describe. From now on, in this process and in those that
  // are forked from it, a signal that says that the process is at fault (SIGABRT, SIGSEGV, SIGBUS,
  // SIGILL, SIGFPE), and the signal `ask`, have the runtime write to descriptor `fd`, in lines of
  // text for people, where its threads are; then the handler that was set before has its turn. `fd`
  // is open, never blocks for long, and is another file in each forked process. The signal may come
  // at any moment, on any thread. It cannot fail.
  void (*trace_to)(pep554_runtime_t* runtime, int fd, int ask);
} pep554_trace_t;

#ifdef __cplusplus
} // extern "C"
#endif

#endif // PEP554_PLUGIN_H
