// Answers that a plugin may not give, and answers that are not the same each time.
#include <stdint.h>

#include "harness/testing/plugins/rows.h"

FAULT(null_handle, CREATE, (*call->handles = NULL, answer(call, PEP554_OK)),
      "create answers ok, and gives no handle.", GIVES_NO_HANDLE, QUICK);
FAULT(no_handle, CREATE, answer(call, PEP554_OK), "create answers ok, and writes nothing.",
      GIVES_NO_HANDLE);
FAULT(wild_handle, CREATE, (*call->handles = (pep554_interpreter_t*)16, answer(call, PEP554_OK)),
      "create gives a handle that is none.", CRASHES("SIGSEGV"));
FAULT(handle_of_another, CREATE,
      (*call->handles = &call->runtime->interpreters[0], answer(call, PEP554_OK)),
      "create gives the main interpreter's handle.", FAILS("expected"), QUICK);

static int times_read = 100;

FAULT(ids_that_change, READ_ID,
      (*call->length = (size_t)snprintf(call->buffer, call->capacity, "%d", ++times_read),
       answer(call, PEP554_OK)),
      "read_id gives another id each time.", FAILS("expected"));
FAULT(id_without_end, READ_ID, (*call->length = call->capacity, answer(call, PEP554_OK)),
      "read_id says each time that it needs one byte more.",
      BLOCKED("another number at each call"));
FAULT(id_beyond_memory, READ_ID, (*call->length = SIZE_MAX - 1, answer(call, PEP554_OK)),
      "read_id requires more bytes than any memory has.", BLOCKED("the plugin reports"));
FAULT(count_beyond_memory, ENUMERATE, (*call->length = SIZE_MAX / 2, answer(call, PEP554_OK)),
      "enumerate says that there are more interpreters than any memory holds.",
      BLOCKED("the plugin reports"));
FAULT(count_without_end, ENUMERATE, (*call->length = call->capacity + 1, answer(call, PEP554_OK)),
      "enumerate says each time that there is one more than it had room for.",
      BLOCKED("another number at each call"));
FAULT(count_without_handles, ENUMERATE, (*call->length = 2, answer(call, PEP554_OK)),
      "enumerate counts two, and gives no handles.", GIVES_NO_HANDLE);
FAULT(error_without_end, DESTROY,
      (memset(call->error->type, 't', sizeof call->error->type),
       memset(call->error->message, '\xff', sizeof call->error->message),
       answer(call, PEP554_RAISED)),
      "destroy raises, and fills both texts to the last byte, without a NUL.",
      FAILS("raised tttttttt"));
FAULT(unknown_category, DESTROY,
      (void)refuse(call, PEP554_RAISED, (pep554_category_t)-7, "of no kind"),
      "destroy raises with a category that does not exist.", FAILS("of no kind"));
FAULT(unknown_status, IS_RUNNING, answer(call, (pep554_status_t)17),
      "is_running answers with a status that does not exist.", BLOCKED("the plugin failed"));
FAULT(truth_of_seven, IS_RUNNING, (*call->running = 7, answer(call, PEP554_OK)),
      "is_running answers 7, which is no truth.", FAILS("got: True"));
FAULT(attach_fails, ATTACH, fail(call, "no room for a thread"), "No thread can be attached.",
      BLOCKED("no room for a thread"));

// How often it was called before: counts in the file that the option names, whatever process it is
// called in.
static long calls_before(const char* path) {
  const int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const off_t before = lseek(file, 0, SEEK_END);
  write_all(file, "!", 1);
  close(file);
  return before;
}

static void lie(struct call* call) {
  *call->running = 1;
  answer(call, PEP554_OK);
}

FAULT(wrong_once_in_ten, IS_RUNNING, if (calls_before(state_file) % 10 == 0) lie(call),
      "is_running lies the first of ten times, counted in a file.", FLAKY, QUICK);
FAULT(crash_once_in_ten, DESTROY, if (calls_before(state_file) % 10 == 0) crash(),
      "destroy crashes the first of ten times, counted in a file.", FLAKY);
FAULT(crash_the_first_two_times, DESTROY, if (calls_before(state_file) < 2) crash(),
      "destroy crashes twice, forked, and never again: as a fault that comes and goes may.", FLAKY,
      QUICK);
FAULT(wrong_in_a_fork, IS_RUNNING, if (getpid() != the_runtime.process) lie(call),
      "is_running lies in every process but the one that the runtime was started in.",
      PASSES_SAYING("differs when forked: fail"));
