// A plugin without any Python, for tests of the host: a table of interpreters in memory, whose code
// is one word, and most words are misdeeds.
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/abi/pep554_plugin.h"

enum { MOST = 64 };

// A handle is the address of its interpreter's slot; there is nothing to release. Any thread.
struct pep554_interpreter {
  atomic_int id;
  atomic_int alive;
};

struct pep554_runtime {
  pthread_mutex_t lock; // of what adds, lists or takes interpreters
  struct pep554_interpreter interpreters[MOST];
  atomic_int count;
};

static struct pep554_runtime the_runtime = {PTHREAD_MUTEX_INITIALIZER, {{0, 1}}, 1};

static pep554_status_t raise_error(pep554_error_t* error, int32_t category, const char* message) {
  error->category = category;
  (void)snprintf(error->type, sizeof error->type, "FakeError");
  (void)snprintf(error->message, sizeof error->message, "%s", message);
  return PEP554_RAISED;
}

static pep554_status_t start(const pep554_option_t* options, size_t count,
                             pep554_runtime_t** runtime, pep554_error_t* error) {
  for (size_t i = 0; i < count; ++i) {
    if (strcmp(options[i].key, "start") != 0) {
      raise_error(error, PEP554_OTHER, "unknown option");
      return PEP554_FAILED;
    }
    if (strcmp(options[i].value, "abort") == 0)
      abort();
    if (strcmp(options[i].value, "exit") == 0)
      exit(0);
    if (strcmp(options[i].value, "null") == 0)
      return PEP554_OK;
  }
  puts("a plugin may print what it likes");
  *runtime = &the_runtime;
  return PEP554_OK;
}

static pep554_status_t stop(pep554_runtime_t* runtime, pep554_error_t* error) {
  (void)runtime;
  return raise_error(error, PEP554_OTHER, "stopped");
}

static pep554_status_t describe(pep554_runtime_t* runtime, pep554_fact_fn fact, void* context,
                                pep554_error_t* error) {
  (void)runtime;
  (void)error;
  fact(context, "implementation", "fake");
  fact(context, "version", "1");
  fact(context, "build", "1");
  fact(context, "platform", "any");
  fact(context, "module", "none");
  fact(context, "module_file", "none");
  return PEP554_OK;
}

static pep554_status_t enumerate(pep554_runtime_t* runtime, pep554_interpreter_t** interpreters,
                                 size_t capacity, size_t* count, pep554_error_t* error) {
  (void)error;
  size_t found = 0;
  pthread_mutex_lock(&runtime->lock);
  for (int i = 0; i < runtime->count; ++i)
    found += runtime->interpreters[i].alive ? 1 : 0;
  *count = found;
  for (int i = 0; found <= capacity && i < runtime->count; ++i)
    if (runtime->interpreters[i].alive)
      *interpreters++ = &runtime->interpreters[i];
  pthread_mutex_unlock(&runtime->lock);
  return PEP554_OK;
}

static pep554_status_t get_main(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                                pep554_error_t* error) {
  (void)error;
  *interpreter = &runtime->interpreters[0];
  return PEP554_OK;
}

static pep554_status_t create(pep554_runtime_t* runtime, pep554_interpreter_t** interpreter,
                              pep554_error_t* error) {
  pthread_mutex_lock(&runtime->lock);
  const int id = runtime->count < MOST ? runtime->count++ : -1;
  if (id >= 0) {
    runtime->interpreters[id].id = id;
    runtime->interpreters[id].alive = 1;
  }
  pthread_mutex_unlock(&runtime->lock);
  if (id < 0)
    return raise_error(error, PEP554_OTHER, "no more room");
  *interpreter = &runtime->interpreters[id];
  return PEP554_OK;
}

// Of "null" it forgets to hand anything out.
static pep554_status_t construct(pep554_runtime_t* runtime, const char* id,
                                 pep554_interpreter_t** interpreter, pep554_error_t* error) {
  if (strcmp(id, "null") == 0)
    return PEP554_OK;
  const long number = strtol(id, NULL, 10);
  if (number < 0 || number >= runtime->count)
    return raise_error(error, PEP554_NOT_FOUND, "no such interpreter");
  *interpreter = &runtime->interpreters[number];
  return PEP554_OK;
}

// Interpreter 7 has an id that is longer than anyone expects.
static pep554_status_t read_id(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                               char* buffer, size_t capacity, size_t* length,
                               pep554_error_t* error) {
  (void)runtime;
  (void)error;
  char text[256];
  *length =
      (size_t)snprintf(text, sizeof text, interpreter->id == 7 ? "%0200d" : "%d", interpreter->id);
  if (*length < capacity)
    memcpy(buffer, text, *length + 1);
  return PEP554_OK;
}

static pep554_status_t write_id(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                                const char* id, pep554_error_t* error) {
  (void)runtime;
  (void)interpreter;
  (void)id;
  raise_error(error, PEP554_OTHER, "ids are not written");
  return PEP554_UNSUPPORTED;
}

static pep554_status_t is_running(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                                  int32_t* running, pep554_error_t* error) {
  (void)runtime;
  (void)error;
  *running = interpreter->id == 0;
  return PEP554_OK;
}

static pep554_status_t destroy(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                               pep554_error_t* error) {
  pthread_mutex_lock(&runtime->lock);
  const int was_alive = interpreter->alive;
  interpreter->alive = 0;
  pthread_mutex_unlock(&runtime->lock);
  return was_alive ? PEP554_OK : raise_error(error, PEP554_NOT_FOUND, "no such interpreter");
}

static void say(int fd, const char* text, size_t size) {
  while (size > 0) {
    const ssize_t written = write(fd, text, size);
    if (written < 0 && errno != EINTR)
      return;
    text += written > 0 ? written : 0;
    size -= written > 0 ? (size_t)written : 0;
  }
}

static void flood(void) {
  static const char text[4096] = "and so on";
  while (1)
    say(STDOUT_FILENO, text, sizeof text);
}

static void hang(void) {
  while (1)
    pause();
}

// A daemon as the books say: its parents are gone, its session and group are its own. The pipe
// makes sure that it is one before the program goes on.
static void leave_a_sleeper(void) {
  int ready[2];
  if (pipe(ready) != 0)
    abort();
  if (fork() == 0) {
    setsid();
    if (fork() == 0) {
      say(ready[1], "!", 1);
      hang();
    }
    _exit(0);
  }
  char byte = 0;
  while (read(ready[0], &byte, 1) < 0 && errno == EINTR) {
  }
}

// Writes to every socket of records that it can find, which is the event channel.
static void write_rubbish(void) {
  static const char* const rubbish[] = {"\xff\xfe", "{\"e\":", "[]",
                                        "{\"e\":\"called\",\"lane\":9}"};
  for (int fd = 3; fd < 1024; ++fd) {
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_SEQPACKET)
      continue;
    for (size_t i = 0; i < sizeof rubbish / sizeof *rubbish; ++i)
      say(fd, rubbish[i], strlen(rubbish[i]));
    send(fd, "", 0, 0);
  }
}

// Texts without an end, and numbers that mean nothing.
static pep554_status_t answer_oddly(pep554_error_t* error) {
  error->category = 99;
  memset(error->type, 't', sizeof error->type);
  memset(error->message, 'm', sizeof error->message);
  error->message[0] = '\xff';
  return (pep554_status_t)17;
}

// Writes it, so that it is held and not only promised.
static void leak_memory(void) {
  static void* volatile kept;
  kept = malloc(100 * 1024);
  if (kept != NULL)
    memset(kept, 1, 100 * 1024);
}

static void leave_a_file(void) {
  const char* folder = getenv("TMPDIR");
  char path[4096];
  (void)snprintf(path, sizeof path, "%s/left", folder != NULL ? folder : "");
  (void)mkdir(path, 0700);
  (void)snprintf(path, sizeof path, "%s/left/file", folder != NULL ? folder : "");
  close(open(path, O_CREAT | O_WRONLY, 0600));
  (void)snprintf(path, sizeof path, "%s/left", folder != NULL ? folder : "");
  (void)chmod(path, 0);
}

// Many, but not without end, should nobody stop it.
static void leave_shared_memory(void) {
  close(shm_open("/pep554-fake-plugin", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  (void)shmget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
  (void)semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
  (void)msgget(IPC_PRIVATE, IPC_CREAT | 0600);
}

static void become_many(void) {
  for (int i = 0; i < 400; ++i)
    if (fork() == 0)
      hang();
  hang();
}

static int is(const char* word, const char* code, size_t size) {
  return strlen(word) == size && memcmp(word, code, size) == 0;
}

static pep554_status_t run(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter,
                           const char* code, size_t size, pep554_error_t* error) {
  (void)runtime;
  (void)interpreter;
  if (is("crash", code, size))
    (void)raise(SIGSEGV);
  else if (is("hang", code, size))
    hang();
  else if (is("flood", code, size))
    flood();
  else if (is("exit", code, size))
    exit(0);
  else if (is("sleeper", code, size))
    leave_a_sleeper();
  else if (is("rubbish", code, size))
    write_rubbish();
  else if (is("busy", code, size))
    for (volatile int n = 0; n >= 0; n = 0)
      ;
  else if (is("stop", code, size))
    (void)raise(SIGSTOP);
  else if (is("leak-memory", code, size))
    leak_memory();
  else if (is("leak-descriptor", code, size))
    (void)!dup(1);
  else if (is("leak-child", code, size))
    (void)(fork() == 0 ? (hang(), 0) : 0);
  else if (is("leave-file", code, size))
    leave_a_file();
  else if (is("leave-shared-memory", code, size))
    leave_shared_memory();
  else if (is("become-many", code, size))
    become_many();
  else if (is("internet", code, size))
    return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? PEP554_OK
                                                : raise_error(error, PEP554_OTHER, strerror(errno));
  else if (is("odd", code, size))
    return answer_oddly(error);
  else if (is("fail", code, size))
    return raise_error(error, PEP554_SCRIPT_FAILED, "it failed");
  else
    say(STDOUT_FILENO, code, size);
  return PEP554_OK;
}

static void release(pep554_runtime_t* runtime, pep554_interpreter_t* interpreter) {
  (void)runtime;
  (void)interpreter;
}

static pep554_status_t attach(pep554_runtime_t* runtime, void** state, pep554_error_t* error) {
  (void)runtime;
  (void)error;
  *state = NULL;
  return PEP554_OK;
}

static void detach(pep554_runtime_t* runtime, void* state) {
  (void)runtime;
  (void)state;
}

// Built a second time without threads.
static const void* get_extension(const char* name) {
  static const pep554_thread_t thread = {attach, detach};
#ifdef FAKE_WITHOUT_THREADS
  (void)name;
  (void)thread;
  return NULL;
#else
  return strcmp(name, PEP554_EXT_THREAD) == 0 ? &thread : NULL;
#endif
}

PEP554_EXPORT extern const pep554_plugin_t pep554_plugin;
const pep554_plugin_t pep554_plugin = {
    .size = sizeof(pep554_plugin_t),
    .abi_version = PEP554_ABI_VERSION,
    .name = "fake",
    .version = "1",
    .start = start,
    .stop = stop,
    .describe = describe,
    .enumerate = enumerate,
    .get_current = get_main,
    .get_main = get_main,
    .create = create,
    .construct = construct,
    .read_id = read_id,
    .write_id = write_id,
    .is_running = is_running,
    .destroy = destroy,
    .run = run,
    .release = release,
    .get_extension = get_extension,
};
