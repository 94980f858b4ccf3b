// In the process of a program: it crashes, leaves, hangs, breaks at its end, floods, and harms its
// host.
#include <sys/ptrace.h>

#include "harness/testing/plugins/rows.h"

// In each slot.
FAULT(crash_in_each_slot, EACH_SLOT, crash(), "Each slot crashes.", CRASHES("SIGSEGV"), QUICK);
FAULT(abort_in_each_slot, EACH_SLOT, abort(), "Each slot aborts.", CRASHES("SIGABRT"));
FAULT(exit_in_each_slot, EACH_SLOT, _exit(0), "Each slot leaves the process with status 0.",
      CRASHES("exited with status 0"),
      .reason_at_stop = "the process left before the runtime was finalized");
FAULT(daemon_in_each_slot, EACH_SLOT, leave_a_daemon(),
      "Each slot leaves a daemon behind, in a session of its own.", PASSES);

// Ways to crash.
FAULT(overflow_the_stack, RUN, (void)recurse(0), "run recurses without end.", CRASHES("SIGSEGV"));

static void free_something_twice(void) {
  void* volatile something = malloc(24);
  void* volatile again = something;
  free(something);
  free(again);
}

FAULT(free_twice, DESTROY, free_something_twice(),
      "destroy frees something twice, and glibc aborts.", CRASHES("SIGABRT"),
      .stderr_tail = "free(): double free detected", QUICK);
FAULT(bad_instruction, RUN, __builtin_trap(), "run executes an invalid instruction.",
      CRASHES("SIGILL"));

static void read_beyond(void) {
  const int file = memfd_create("short", 0);
  const volatile char* mapping = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
  (void)mapping[100];
}

FAULT(read_beyond_a_file, RUN, read_beyond(),
      "run reads a mapping beyond the end of its file: SIGBUS.", CRASHES("SIGBUS"));
FAULT(crash_on_a_thread, RUN, pthread_join(on_a_thread(crash_on_thread), NULL),
      "A thread that run made crashes while run waits for it.", CRASHES("SIGSEGV"));
FAULT(crash_on_a_lane, LANE, crash(), "run crashes on the second lane of a program.",
      CRASHES("SIGSEGV"));
FAULT(crash_in_attach, ATTACH, crash(), "Crashes when a thread is attached.", CRASHES("SIGSEGV"));
FAULT(crash_in_detach, DETACH, crash(), "Crashes when a thread is detached.", CRASHES("SIGSEGV"));
FAULT(end_the_thread, RUN, pthread_exit(NULL),
      "run ends the thread that called it, and with it the process.",
      CRASHES("exited with status 0"));
FAULT(end_the_thread_of_a_lane, LANE, pthread_exit(NULL),
      "run ends the thread of the second lane, and the process goes on.", HANGS);
FAULT(kill_its_group, RUN, (void)kill(0, SIGKILL), "run kills its whole process group.",
      CRASHES("SIGKILL"));
FAULT(exit_with_status, RUN, exit(3),
      "run leaves the process by exit, with a status, while handlers run.",
      CRASHES("exited with status 3"));
FAULT(become_another_program, RUN, (void)execl("/bin/true", "true", (char*)NULL),
      "run replaces the process by a program that ends well.", CRASHES("exited with status 0"));

static void use_up_a_second(void) {
  const struct rlimit second = {1, 2};
  (void)setrlimit(RLIMIT_CPU, &second);
  loop();
}

FAULT(use_up_its_time, RUN, use_up_a_second(),
      "run lets the process compute for no more than a second, and computes.", CRASHES("SIGXCPU"));

// At the end.
FAULT(crash_in_stop, STOP, crash(), "The runtime crashes while it is finalized.",
      BREAKS_AT_EXIT("SIGSEGV"));
FAULT(exit_in_stop, STOP, _exit(0), "The process leaves with status 0 while it is finalized.",
      BREAKS_AT_EXIT("left before the runtime was finalized"), QUICK);
FAULT(hang_in_stop, STOP, sleep_for_ever(), "The runtime never finishes to be finalized.",
      HANGS_AT_EXIT);
FAULT(end_the_thread_in_stop, STOP, pthread_exit(NULL),
      "The runtime ends the thread that finalizes it.",
      BREAKS_AT_EXIT("ended the thread that finalizes it"));
FAULT(abort_at_exit, STOP, atexit(abort),
      "The runtime was finalized, and a handler that it left aborts at the exit.",
      BREAKS_AT_EXIT("SIGABRT"));
FAULT(hang_at_exit, STOP, atexit(sleep_for_ever),
      "The runtime was finalized, and a handler that it left never ends.", HANGS_AT_EXIT);

// Hanging.
FAULT(loop_without_end, RUN, loop(), "run computes for ever.", HANGS);
FAULT(sleep_past_the_deadline, CREATE, sleep(3600), "create sleeps for an hour.", HANGS);

static void lock_twice(void) {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&lock);
  pthread_mutex_lock(&lock);
}

FAULT(deadlock, DESTROY, lock_twice(), "destroy waits for a lock that it holds.", HANGS, QUICK);
FAULT(stop_itself, ENUMERATE, (void)raise(SIGSTOP), "enumerate stops its process by SIGSTOP.",
      HANGS);
FAULT(block_signals_and_hang, RUN, (block_signals(), ignore_signals(0), sleep_for_ever()),
      "run blocks and ignores every signal, and sleeps.", HANGS);

static void ignore(int number) {
  (void)number;
}

FAULT(survive_its_crash, RUN, ((void)signal(SIGSEGV, ignore), crash()),
      "run crashes for ever: its handler of SIGSEGV returns to the fault.", HANGS);
FAULT(be_traced, RUN,
      ((void)ptrace(PTRACE_TRACEME, 0, 0, 0), (void)raise(SIGUSR1), sleep_for_ever()),
      "run asks its host to trace it, which is refused, and gets a signal.", CRASHES("SIGUSR1"));
FAULT(hang_on_a_lane, LANE, sleep_for_ever(),
      "run never returns on the second lane, while the first waits for it.", HANGS);
FAULT(hang_as_another_program, RUN, (void)execl("/bin/sleep", "sleep", "infinity", (char*)NULL),
      "run replaces the process by a program that never ends.", HANGS);

static void go_on_in_another_group(void) {
  if (fork() == 0)
    setsid();
  sleep_for_ever();
}

FAULT(leave_the_group_and_hang, RUN, go_on_in_another_group(),
      "run goes on in a child of its own session and group, holding every stream open.", HANGS);

// Floods.
FAULT(flood_stdout, RUN, write_for_ever(STDOUT_FILENO),
      "run writes to stdout for ever, far beyond 1 GiB.", EXCEEDS("bytes of output"), QUICK);
FAULT(flood_stderr, RUN, write_for_ever(STDERR_FILENO), "run writes to stderr for ever.",
      EXCEEDS("bytes of output"));
FAULT(flood_the_events, RUN, write_for_ever(event_channel(3)),
      "run writes records to the event channel for ever.", EXCEEDS(""));

// At the harness.
FAULT(close_descriptors, RUN, closefrom(0), "run closes every descriptor of its process.",
      CRASHES("exited with status 1"));

static void replace_all_descriptors(void) {
  const int nothing = open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 1024; ++fd)
    if (fd != nothing && fcntl(fd, F_GETFD) >= 0)
      (void)dup2(nothing, fd);
}

FAULT(replace_descriptors, RUN, replace_all_descriptors(),
      "run puts /dev/null in the place of every descriptor, so that nothing fails and nothing "
      "arrives.",
      CRASHES("exited with status 0"));
FAULT(close_standard_streams, RUN, (close(0), close(1), close(2)),
      "run closes descriptors 0, 1 and 2.", PASSES);
FAULT(malformed_to_the_streams, RUN,
      (write_all(1, "\xff\0\xc3\x28\x1b[2J", 9), write_all(2, "\xf0\x9f", 2)),
      "run writes bytes that are no UTF-8 to both streams.", PASSES);
FAULT(malformed_to_the_events, RUN, write_malformed_events(),
      "run writes malformed data to the event channel.", PASSES);
FAULT(malformed_to_the_protocol, RUN,
      (wait_until_heard(), write_into_pipes_of(getppid(), "malformed, and then more.", 25)),
      "run writes malformed data into the pipes between its host and pep554.",
      MAKES_ITS_HOST_FAIL("it sent malformed data"));
FAULT(pretend_to_be_done, RUN, (write_all(event_channel(3), "{\"e\":\"done\"}", 12), _exit(0)),
      "run writes the record that says that the program is done, and leaves.",
      CRASHES("exited with status 0"));
FAULT(kill_its_host, RUN, (wait_until_heard(), (void)kill(getppid(), SIGKILL), sleep_for_ever()),
      "run kills the host, and sleeps.", LOSES_ITS_HOST, QUICK);
// The reason cannot name the call: its events were still in the channel when the reader died.
FAULT(kill_its_host_at_once, RUN, ((void)kill(getppid(), SIGKILL), sleep_for_ever()),
      "run kills the host before the host can have read the call, and sleeps.", LOSES_ITS_HOST,
      .unnamed = 1);

static void kill_and_stay(void) {
  wait_until_heard();
  const pid_t host = getppid();
  if (fork() == 0) {
    setsid();
    if (fork() == 0) {
      (void)kill(host, SIGKILL);
      sleep_for_ever();
    }
  }
  sleep_for_ever();
}

FAULT(kill_its_host_and_stay, RUN, kill_and_stay(),
      "run kills the host, from a daemon that is tied to nothing and goes on.", LOSES_ITS_HOST);
// Only inside of a jail, whose first process it is.
static void kill_everything(void) {
  wait_until_heard();
  char name[32] = "";
  const int file = open("/proc/1/comm", O_RDONLY | O_CLOEXEC);
  const ssize_t size = read(file, name, sizeof name - 1);
  close(file);
  if (size > 0 && strncmp(name, "pep554-jail", 11) == 0)
    (void)kill(-1, SIGKILL);
  sleep_for_ever();
}

FAULT(kill_everything, RUN, kill_everything(), "run kills every process that it may, and sleeps.",
      LOSES_ITS_HOST, .needs = NEEDS_PID_NAMESPACE);
FAULT(stop_its_host, RUN, ((void)kill(getppid(), SIGSTOP), sleep_for_ever()),
      "run stops the host, which then keeps no deadline.", HANGS);
