// A plugin for tests of the host: its code is one word, and most words are faults. The build makes
// it a second time without threads.
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "harness/testing/plugins/core.h"
#include "harness/testing/plugins/fault_helpers.h"

char plugin_name[16] = "fake";
char plugin_version[8] = "1";
const char* const id_format = "%d";

// Whether there is a runtime to start.
static void start(struct call* call) {
  const char* value =
      call->size == 1 && strcmp(call->options->key, "start") == 0 ? call->options->value : "";
  if (strcmp(value, "abort") == 0)
    abort();
  if (strcmp(value, "exit") == 0)
    exit(0);
  if (strcmp(value, "null") == 0)
    answer(call, PEP554_OK);
  puts("a plugin may print what it likes");
}

// Interpreter 7 has an id that is longer than anyone expects.
static void read_id(struct call* call) {
  if (call->interpreter->id != 7)
    return;
  *call->length = 200;
  if (*call->length < call->capacity)
    (void)snprintf(call->buffer, call->capacity, "%0200d", 7);
  answer(call, PEP554_OK);
}

// Texts without an end, and numbers that mean nothing.
static void answer_oddly(struct call* call) {
  call->error->category = 99;
  memset(call->error->type, 't', sizeof call->error->type);
  memset(call->error->message, 'm', sizeof call->error->message);
  call->error->message[0] = '\xff';
  answer(call, (pep554_status_t)17);
}

static void leave_shared_memory(void) {
  close(shm_open("/pep554-fake-plugin", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  (void)shmget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
  (void)semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
  (void)msgget(IPC_PRIVATE, IPC_CREAT | 0600);
}

// Many, but a finite number in case it is not stopped.
static void become_many(void) {
  for (int i = 0; i < 400; ++i)
    if (fork() == 0)
      sleep_for_ever();
  sleep_for_ever();
}

static void run(struct call* call) {
  if (is(call, "crash"))
    (void)raise(SIGSEGV);
  else if (is(call, "hang"))
    sleep_for_ever();
  else if (is(call, "exceed"))
    write_for_ever(STDOUT_FILENO);
  else if (is(call, "exit"))
    exit(0);
  else if (is(call, "sleeper"))
    leave_a_daemon();
  else if (is(call, "malformed"))
    write_malformed_events();
  else if (is(call, "busy"))
    loop();
  else if (is(call, "stop"))
    (void)raise(SIGSTOP);
  else if (is(call, "leak-memory"))
    leak_memory();
  else if (is(call, "leak-descriptor"))
    (void)!dup(1);
  else if (is(call, "leak-child"))
    (void)(fork() == 0 ? (sleep_for_ever(), 0) : 0);
  else if (is(call, "leave-file"))
    leave_a_file(0);
  else if (is(call, "leave-shared-memory"))
    leave_shared_memory();
  else if (is(call, "become-many"))
    become_many();
  else if (is(call, "internet") && socket(AF_INET, SOCK_STREAM, 0) < 0)
    (void)refuse(call, PEP554_RAISED, PEP554_OTHER, strerror(errno));
  else if (is(call, "odd"))
    answer_oddly(call);
  else if (is(call, "fail"))
    (void)refuse(call, PEP554_RAISED, PEP554_SCRIPT_FAILED, "it failed");
  else
    write_all(STDOUT_FILENO, call->text, call->size);
}

void plugin_at(enum hook hook, struct call* call) {
  if (hook == START)
    start(call);
  else if (hook == READ_ID)
    read_id(call);
  else if (hook == SCRIPT)
    run(call);
  else if (hook == STOP)
    (void)refuse(call, PEP554_RAISED, PEP554_OTHER, "stopped");
  else if (hook == WRITE_ID)
    (void)refuse(call, PEP554_UNSUPPORTED, PEP554_OTHER, "ids are not written");
  else if (hook == CONSTRUCT && strcmp(call->text, "null") == 0)
    answer(call, PEP554_OK); // and forgets to give anything
  else if (hook == GET_EXTENSION && (!FAKE_THREADS || strcmp(call->text, PEP554_EXT_THREAD) != 0))
    answer(call, PEP554_OK);
}
