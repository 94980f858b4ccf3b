// Breaches of pep554_plugin.h that the doctor finds, each by one check.
#include <unwind.h>

#include "harness/testing/plugins/rows.h"

// Loading, and what is asked for before the start.
FATAL_DEFECT(load_crashes, LOAD, give_up("load"), "load.opens",
             "dlopen: the process was ended by SIGABRT");
DEFECT(name_not_utf8, LOAD, memcpy(plugin_name, "caf\xe9", 5), "table.texts", "name is \"caf");
DEFECT(version_empty, LOAD, plugin_version[0] = '\0', "table.texts", "version is \"\"");

static void hand_out(struct call* call, const char* name, const void* table) {
  if (strcmp(call->text, name) != 0)
    return;
  call->table = table;
  answer(call, PEP554_OK);
}

static const pep554_fork_t* hollow_table(void) {
  static pep554_fork_t table;
  table = forks;
  table.after_fork_parent = NULL;
  return &table;
}

static const pep554_thread_t* another_table(void) {
  static pep554_thread_t tables[2];
  static int asked;
  tables[asked % 2] = threads;
  return &tables[asked++ % 2];
}

FATAL_DEFECT(extension_needs_runtime, GET_EXTENSION,
             if (the_runtime.count == 0) give_up("there is no runtime yet"),
             "extension.before-start", "there is no runtime yet");
FATAL_DEFECT(extension_hollow, GET_EXTENSION, hand_out(call, PEP554_EXT_FORK, hollow_table()),
             "extension.complete", "function 2 of pep554.fork/1");
DEFECT(extension_by_prefix, GET_EXTENSION,
       if (strncmp(call->text, PEP554_EXT_EVAL, 11) == 0) hand_out(call, call->text, &evals),
       "extension.unknown", "\"pep554.eval/2\"");
DEFECT(extension_moves, GET_EXTENSION, hand_out(call, PEP554_EXT_THREAD, another_table()),
       "extension.same-table", "pep554.thread/1");
ODDITY(thread_unclaimed, GET_EXTENSION, hand_out(call, PEP554_EXT_THREAD, NULL),
       "extension.claimed", "it lacks pep554.thread/1");

// The start.
FATAL_DEFECT(start_hangs, START, sleep_for_ever(), "start.answers",
             "start did not come back within 1500 ms");
FATAL_DEFECT(start_crashes, START, give_up("start"), "start.answers",
             "start: the process was ended by SIGABRT");
FATAL_DEFECT(start_fails, START, fail(call, "there is no runtime here"), "start.answers",
             "there is no runtime here");
FATAL_DEFECT(runtime_null, SUCCEEDED, if (call->slot == START) call->started[0] = NULL,
             "start.runtime", "null");
FATAL_DEFECT(runtime_unwritten, START, if (call->size == 0) answer(call, PEP554_OK), "out.written",
             "*runtime");
DEFECT(option_taken, START, call->size = 0, "start.unknown-option", "no-such-option");
DEFECT(option_raises, START, if (call->size > 0) raise_error(call, "unknown option"),
       "start.answers", "PEP554_RAISED");
DEFECT(reason_of_two_lines, START, if (call->size > 0) fail(call, "one line\nanother"),
       "start.reason", "\"one line\\nanother\"");
DEFECT(start_process, SUCCEEDED, if (call->slot == START && fork() == 0) sleep_for_ever(),
       "start.processes", "child processes");
ODDITY(start_thread, SUCCEEDED, if (call->slot == START) on_a_thread(sleep_on_thread),
       "start.threads", "2 threads");
ODDITY(start_output, SUCCEEDED, if (call->slot == START) puts("hello"), "start.output",
       "\"hello\\n\"");
ODDITY(start_signal, SUCCEEDED, if (call->slot == START) signal(SIGTERM, SIG_IGN), "start.signals",
       "SIGTERM (handler)");
ODDITY(start_directory, SUCCEEDED, if (call->slot == START && chdir("/") != 0) abort(),
       "start.directory", "went to /");

// The facts.
DEFECT(describe_fails, DESCRIBE, fail(call, "it is beyond words"), "describe.answers",
       "it is beyond words");
DEFECT(fact_missing, FACT, if (strcmp(call->key, "version") == 0) answer(call, PEP554_OK),
       "describe.facts", "missing: version");
DEFECT(fact_twice, FACT,
       if (strcmp(call->key, "implementation") == 0)
           call->fact(call->context, call->key, call->value),
       "describe.facts", "implementation comes more than once");
DEFECT(fact_not_utf8, FACT, if (strcmp(call->key, "platform") == 0) call->value = "\xff",
       "describe.texts", "\"platform\"");

static atomic_int described;

DEFECT(fact_changes, FACT,
       if (strcmp(call->key, "build") == 0 && described++ > 0) call->value = "another",
       "describe.stable", "differ");

// Any slot.
static void throw_something(void) {
  static struct _Unwind_Exception exception;
  memcpy(&exception.exception_class, "FAULTFLT", 8);
  (void)_Unwind_RaiseException(&exception);
}

DEFECT(create_crashes, CREATE, give_up("create"), "slot.survives",
       "create: the process was ended by SIGABRT; standard error: \"faulty plugin: create\"");
DEFECT(run_crashes_when_code_raises, RUN, if (holds(call, "raise ")) give_up("run"),
       "slot.survives", "run: the process was ended by SIGABRT");
DEFECT(run_hangs, RUN, sleep_for_ever(), "slot.returns", "run did not come back within 1500 ms");
DEFECT(create_throws, CREATE, throw_something(), "slot.exceptions", "create threw");
DEFECT(status_unknown, DESTROY, answer(call, (pep554_status_t)9), "slot.status",
       "destroy answered 9");
DEFECT(is_running_fails, IS_RUNNING, fail(call, "who knows"), "slot.answers",
       "is_running answered PEP554_FAILED: \"who knows\"");
ODDITY(write_id_lacking, WRITE_ID,
       (void)refuse(call, PEP554_UNSUPPORTED, PEP554_OTHER, "there is no id to write"),
       "slot.supported", "write_id answered");

// The error record.
DEFECT(record_unfilled, REFUSING, answer(call, call->status), "error-record.filled",
       "left the error record as it was");
DEFECT(record_cleared, SUCCEEDED, memset(call->error->message, 0, sizeof call->error->message),
       "error-record.untouched-on-ok", "answered PEP554_OK");
DEFECT(record_written_first, GET_MAIN | GET_CURRENT,
       (void)snprintf(call->error->type, sizeof call->error->type, "nothing yet"),
       "error-record.untouched-on-ok", "get_main");
DEFECT(record_size, REFUSED, call->error->size = 0, "error-record.size", "to 0");
DEFECT(category_unknown, REFUSED, call->error->category = 77, "error-record.category",
       "the category 77");
DEFECT(message_unterminated, REFUSED,
       memset(call->error->message, 'm', sizeof call->error->message), "error-record.terminated",
       "message without a NUL");
DEFECT(message_not_utf8, REFUSED,
       (void)snprintf(call->error->message, sizeof call->error->message, "caf\xe9"),
       "error-record.text", "message is no UTF-8");
// Within a character: the record has room for the first byte of a last one.
DEFECT(message_cut, REFUSED,
       if (call->error->category == PEP554_SCRIPT_FAILED)
           memcpy(call->error->message + PEP554_MESSAGE_SIZE - 2, "\xc3", 2),
       "error-record.text", "run answered PEP554_RAISED");
DEFECT(record_overrun, REFUSED, memset((char*)call->error + sizeof *call->error, 0, 16),
       "error-record.bounds", "outside of the error record");

// Handles, and other answers.
DEFECT(current_unwritten, GET_CURRENT, answer(call, PEP554_OK), "out.written", "get_current");
DEFECT(current_null, GET_CURRENT, (*call->handles = NULL, answer(call, PEP554_OK)),
       "handle.not-null", "get_current handed out null");
DEFECT(out_on_failure, REFUSED, if (call->slot == CONSTRUCT) call->handles[0] = NULL,
       "out.only-on-ok", "construct answered PEP554_RAISED");

// Without threads, which would find the same.
static void share_handles(struct call* call) {
  if (call->slot == GET_EXTENSION)
    hand_out(call, PEP554_EXT_THREAD, NULL);
  else if (call->interpreter->released)
    give_up("this handle was released");
}

DEFECT(handle_shared, READ_ID | GET_EXTENSION, share_handles(call), "handle.independent",
       "this handle was released");
DEFECT(handle_dies, READ_ID, if (!call->interpreter->alive) give_up("this interpreter is gone"),
       "handle.outlives", "read_id: the process was ended by SIGABRT");
DEFECT(truth_of_two, IS_RUNNING, (*call->running = 2, answer(call, PEP554_OK)), "is_running.truth",
       "wrote 2");
DEFECT(construct_is_main, SUCCEEDED,
       if (call->slot == CONSTRUCT) call->handles[0] = &call->runtime->interpreters[0],
       "construct.own-id", "gave the interpreter \"0000\"");

static int is_small(const char* id) {
  const long number = strtol(id, NULL, 10);
  return number >= 0 && number <= 255;
}

DEFECT(id_out_of_range, CONSTRUCT, if (!is_small(call->text)) fail(call, "not a number"),
       "construct.unknown-id", "construct(\"987654321\")");

// Memory that is lent.
static int is_enumerated(const struct call* call, int fits) {
  return call->slot == ENUMERATE && (*call->length <= call->capacity) == fits;
}

static void write_what_fits(struct call* call) {
  struct pep554_interpreter* next = call->runtime->interpreters;
  for (size_t written = 0; written < call->capacity; ++next)
    if (next->alive)
      call->handles[written++] = next;
}

DEFECT(count_cut, SUCCEEDED, if (is_enumerated(call, 0)) call->length[0] = call->capacity,
       "enumerate.count", "counted 0 of 2");
DEFECT(enumerate_null_at_end, SUCCEEDED,
       if (is_enumerated(call, 1)) call->handles[*call->length] = NULL, "enumerate.capacity",
       "capacity of 2 wrote beyond");
DEFECT(enumerate_partial, SUCCEEDED, if (is_enumerated(call, 0)) write_what_fits(call),
       "enumerate.all-or-none", "capacity of 1 wrote handles");

// As long as it says, and `more`; with so many bytes of NUL.
static void give_id(struct call* call, const char* form, size_t more, size_t nul) {
  char text[32] = {0};
  *call->length = (size_t)snprintf(text, sizeof text, form, call->interpreter->id) + more;
  if (*call->length < call->capacity)
    memcpy(call->buffer, text, *call->length + nul);
  answer(call, PEP554_OK);
}

static atomic_int ids_read;

DEFECT(id_changes, READ_ID, give_id(call, ids_read++ % 2 != 0 ? "%05d" : "%04d", 0, 1),
       "read_id.stable", "another the second time");
DEFECT(id_length_with_nul, READ_ID, give_id(call, "%04d", 1, 1), "read_id.text",
       "the id is \"0001\\x00\"");
DEFECT(id_without_nul, READ_ID, give_id(call, "%04d", 0, 0), "read_id.text", "no NUL");
DEFECT(id_overrun, SUCCEEDED,
       if (call->slot == READ_ID && *call->length < call->capacity)
           call->buffer[call->capacity] = '\0',
       "read_id.capacity", "wrote beyond it");
DEFECT(id_cut, SUCCEEDED,
       if (call->slot == READ_ID && *call->length >= call->capacity && call->capacity > 0)
           snprintf(call->buffer, call->capacity, "%04d", call->interpreter->id),
       "read_id.short", "the id has 4 bytes");

// Code.
DEFECT(run_needs_code, RUN, if (call->size == 0) fail(call, "no code"), "run.empty", "size of 0");
DEFECT(run_strlen, RUN, if (call->size > 0) call->size = strlen(call->text), "run.size",
       "beyond the 4 bytes");
DEFECT(run_refuses_nul, RUN, if (memchr(call->text, '\0', call->size) != NULL) fail(call, "NUL"),
       "run.nul", "PEP554_FAILED: \"NUL\"");

static atomic_int inside_run;

static void overlap(void) {
  if (inside_run++ > 0)
    give_up("two threads at once");
  usleep(20000);
  --inside_run;
}

DEFECT(run_not_thread_safe, RUN, overlap(), "thread.together", "two threads at once");
DEFECT(eval_lacking, EVAL, (void)refuse(call, PEP554_UNSUPPORTED, PEP554_OTHER, "no eval"),
       "eval.works", "PEP554_UNSUPPORTED");
DEFECT(eval_strlen, EVAL, if (call->size > 0) call->size = strlen(call->text), "eval.works",
       "beyond the size");
DEFECT(eval_swallows, EVAL, if (holds(call, "raise") || holds(call, "1/0")) answer(call, PEP554_OK),
       "eval.raises", "\"1/0\" answered PEP554_OK");
DEFECT(eval_without_module, EVAL,
       if (holds(call, "interpreters")) raise_error(call, "there is no such name"), "eval.module",
       "\"interpreters\" answered PEP554_RAISED");
DEFECT(eval_forgets, EVAL,
       if (holds(call, "doctor_was_here") && !holds(call, "doctor_was_here ="))
           raise_error(call, "there is no such name"),
       "eval.names", "doctor_was_here");

// Threads, forks and the end.
static atomic_int attached;

DEFECT(attach_once, ATTACH, if (attached++ > 0) fail(call, "one thread is enough"), "thread.attach",
       "one thread is enough");
DEFECT(thread_fails, GET_CURRENT,
       if (!pthread_equal(pthread_self(), the_runtime.thread))
           fail(call, "this thread is a stranger"),
       "thread.slots", "get_current on an attached thread");
DEFECT(fork_child_fails, CREATE,
       if (getpid() != the_runtime.process) fail(call, "this process is a stranger"), "fork.child",
       "create in a forked child answered PEP554_FAILED");
DEFECT(fork_hook_crashes, AFTER_FORK_CHILD, give_up("fork"), "fork.child",
       "ended by SIGABRT in after_fork_child");
DEFECT(fork_parent_fails, CREATE,
       if (the_runtime.forking) fail(call, "it is not over that fork yet"), "fork.parent",
       "create after a fork answered");
DEFECT(stop_fails, STOP, fail(call, "it goes on"), "stop.answers", "it goes on");

static void give_up_at_exit(void) {
  give_up("exit");
}

DEFECT(exit_crashes, STOP, (void)atexit(give_up_at_exit), "stop.exit",
       "exit: the process was ended by SIGABRT");
