// Faults of resources: taken, left behind, changed, and leaked per repetition.
#include <sys/ipc.h>
#include <sys/shm.h>

#include "harness/testing/plugins/rows.h"

// Takes resources.
FAULT(open_until_refused, RUN, while (open("/dev/null", O_RDONLY) >= 0){},
      "run opens descriptors until it gets no more, and keeps them.", PASSES);

// Takes and uses all memory that there is: the last portion, which begins with where the one before
// is.
static void** take_all_memory(void) {
  const size_t portion = 1 << 20;
  void** last = NULL;
  for (void** more = malloc(portion); more != NULL; more = malloc(portion)) {
    memset(more, 1, portion);
    *more = last;
    last = more;
  }
  return last;
}

static void give_back(void** last) {
  while (last != NULL) {
    void** before = *last;
    free(last);
    last = before;
  }
}

FAULT(allocate_until_refused, RUN, ((void)take_all_memory(), abort()),
      "run takes and uses all memory that there is, and aborts when there is none.",
      EXCEEDS("memory"), .needs = NEEDS_MEMORY_LIMIT);
FAULT(say_there_is_no_memory, RUN, (give_back(take_all_memory()), fail(call, "there is no memory")),
      "run takes and uses all memory that there is, gives it back, and says that it could not run.",
      BLOCKED("the plugin failed: there is no memory"), .needs = NEEDS_MEMORY_LIMIT);

enum { FAR_TOO_MANY = 2000 };

static void fork_for_ever(void) {
  int* count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  while (__atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST) < FAR_TOO_MANY)
    (void)fork();
  sleep_for_ever();
}

FAULT(fork_without_end, RUN, fork_for_ever(),
      "run forks, and so does each child, for ever. A safety stop ends it long after any limit.",
      EXCEEDS("processes"));

static void fork_sessions_for_ever(void) {
  int* count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  while (__atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST) < FAR_TOO_MANY)
    if (fork() == 0)
      setsid();
  sleep_for_ever();
}

FAULT(fork_sessions_without_end, RUN, fork_sessions_for_ever(),
      "run forks for ever, each child in a session of its own.", EXCEEDS("processes"));

// Each child stays within the limit of one process.
static void share_memory_out(void) {
  const size_t portion = (size_t)40 << 20;
  for (int i = 0; i < 20; ++i)
    if (fork() == 0) {
      char* memory = malloc(portion);
      if (memory != NULL)
        memset(memory, 1, portion);
      sleep_for_ever();
    }
  sleep_for_ever();
}

FAULT(share_memory_out, RUN, share_memory_out(),
      "run starts 20 children, which use 40 MiB each, 300 MB being the limit.", EXCEEDS("memory"),
      QUICK, .needs = NEEDS_MEMORY_LIMIT);

static void nest_folders(void) {
  if (chdir(getenv("TMPDIR")) != 0)
    abort();
  for (int i = 0; i < 1100; ++i)
    if (mkdir("a-folder-in-a-folder", 0700) != 0 || chdir("a-folder-in-a-folder") != 0)
      abort();
}

FAULT(nest_folders, RUN, nest_folders(), "run leaves 1,100 nested folders in $TMPDIR.", PASSES,
      QUICK);

static void write_huge(void) {
  static const char text[1 << 20] = "and so on";
  char path[4096];
  const char* folder = getenv("TMPDIR");
  (void)snprintf(path, sizeof path, "%s/huge", folder != NULL ? folder : "/tmp");
  const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  for (int i = 0; i < 1024; ++i)
    write_all(file, text, sizeof text);
  close(file);
}

FAULT(write_a_huge_file, RUN, write_huge(), "run writes a file of 1 GiB to $TMPDIR.",
      CRASHES("SIGXFSZ"));

// Leaves something behind.
FAULT(leave_a_child, RUN, if (fork() == 0) sleep_for_ever(),
      "run leaves a child that has the event channel and both streams.", PASSES, QUICK);

static void leave_stubborn(void) {
  if (fork() != 0)
    return;
  ignore_signals(0);
  (void)raise(SIGSTOP);
  sleep_for_ever();
}

FAULT(leave_a_stubborn_child, RUN, leave_stubborn(),
      "run leaves a stopped child that ignores every signal.", PASSES);

static void leave_program(void) {
  if (fork() != 0)
    return;
  setsid();
  (void)execl("/bin/sleep", "sleep", "infinity", (char*)NULL);
  _exit(1);
}

FAULT(leave_another_program, RUN, leave_program(),
      "run leaves a process that has become another program, in a session of its own.", PASSES);
FAULT(adopt_its_daemons, RUN,
      ((void)prctl(PR_SET_CHILD_SUBREAPER, 1), leave_a_daemon(), leave_a_daemon()),
      "run becomes the parent of its orphans, and leaves daemons.", PASSES);
FAULT(leave_a_thread, RUN, (void)on_a_thread(sleep_on_thread),
      "run leaves a thread that never ends.", PASSES);
FAULT(leave_a_file, RUN, leave_a_file(0700), "run leaves files in $TMPDIR.", PASSES, QUICK);

// The test checks these names.
static void leave_shared(void) {
  close(shm_open("/pep554-faulty", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (shmget(0x7e9554, 4096, IPC_CREAT | 0600) < 0)
    abort();
}

FAULT(leave_shared_memory, RUN, leave_shared(),
      "run leaves shared memory: POSIX's in /dev/shm, and System V's.", PASSES,
      .needs = NEEDS_OWN_SHARED_MEMORY);

// Changes the surroundings.
FAULT(change_surroundings, RUN, (block_signals(), change_surroundings("/proc/self/fd")),
      "run changes locale, folder, environment, time zone, umask and signal mask.", PASSES);
FAULT(lower_limits, RUN,
      (set_limit(RLIMIT_NOFILE, 0), set_limit(RLIMIT_FSIZE, 0), set_limit(RLIMIT_NPROC, 0)),
      "run lets its process open and write nothing more.", PASSES);

// Leaks.
FAULT(leak_memory, RUN, leak_memory(), "run keeps 100 KiB each time.", LEAKS("memory"));
FAULT(leak_a_descriptor, RUN, (void)open("/dev/null", O_RDONLY),
      "run keeps a descriptor each time.", LEAKS("descriptor"), QUICK);
FAULT(leak_a_thread, RUN, (void)on_a_thread(sleep_on_thread), "run keeps a thread each time.",
      LEAKS("thread"));
FAULT(leak_a_child, RUN, if (fork() == 0) sleep_for_ever(), "run keeps a child each time.",
      LEAKS("process"));
FAULT(leak_shared_memory, RUN, (void)shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600),
      "run keeps an object of shared memory each time.", LEAKS("temporary file"), .unnamed = 1,
      .needs = NEEDS_OWN_SHARED_MEMORY);
