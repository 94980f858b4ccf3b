// While the plugin is loaded, while its runtime starts, and around a fork.
#include <sys/wait.h>

#include "harness/testing/plugins/rows.h"

FAULT(no_fault, 0, (void)0, "No fault at all: the control.", PASSES, QUICK);

FAULT(crash_while_loading, LOAD, crash(), "A constructor that crashes.", CRASHES_AT_START, QUICK);
FAULT(abort_while_loading, LOAD, abort(), "A constructor that aborts.", CRASHES_AT_START);
FAULT(exit_while_loading, LOAD, exit(0),
      "A constructor that leaves the process as if all were well.", EXITS_AT_START);
FAULT(hang_while_loading, LOAD, sleep_for_ever(), "A constructor that never returns.",
      SLOW_AT_START);
FAULT(hang_in_start, START, sleep_for_ever(), "The runtime never comes up.", SLOW_AT_START);
FAULT(loop_in_start, START, loop(), "The runtime computes for ever while it starts.",
      SLOW_AT_START);
FAULT(crash_in_get_extension, GET_EXTENSION, crash(), "Crashes when it is asked for an extension.",
      CRASHES_AT_START);
FAULT(crash_in_start, START, crash(), "The runtime crashes while it starts.", CRASHES_AT_START);
FAULT(abort_in_start, START, ((void)fputs("the runtime cannot start\n", stderr), abort()),
      "The runtime aborts while it starts, with a word about it.", CRASHES_AT_START);
FAULT(exit_in_start, START, _exit(0), "The runtime leaves the process at once while it starts.",
      SILENT_AT_START, QUICK);
FAULT(kill_in_start, START, (void)raise(SIGKILL), "The runtime kills its process while it starts.",
      SILENT_AT_START);
FAULT(exec_in_start, START, (void)execl("/bin/true", "true", (char*)NULL),
      "The runtime becomes another program while it starts.", SILENT_AT_START);
FAULT(crash_on_a_thread_in_start, START, pthread_join(on_a_thread(crash_on_thread), NULL),
      "A thread that the starting runtime made crashes.", CRASHES_AT_START);
FAULT(overflow_the_stack_in_start, START, (void)recurse(0),
      "The runtime recurses without end while it starts: no handler has a stack to run on.",
      SILENT_AT_START);
FAULT(crash_in_describe, DESCRIBE, crash(), "Crashes in describe.", SILENT_AT_START);
FAULT(close_descriptors_in_start, START, closefrom(0),
      "The starting runtime closes every descriptor, the host's among them.", SILENT_AT_START);
FAULT(malformed_to_the_protocol_in_start, START,
      write_into_pipes_of(getpid(), "malformed, and then more.", 25),
      "The starting runtime writes to every pipe of the host.",
      DOES_NOT_START("sent malformed data instead of `hello`"));

FAULT(close_standard_streams_in_start, START, (close(0), close(1), close(2)),
      "The starting runtime closes descriptors 0, 1 and 2, as daemons do.", PASSES);
FAULT(daemon_in_start, START, leave_a_daemon(), "The starting runtime leaves a daemon behind.",
      PASSES);
FAULT(ignore_children_in_start, START, (void)signal(SIGCHLD, SIG_IGN),
      "The starting runtime ignores SIGCHLD: the system then reaps the host's children.", PASSES);

static void wait_for_all(int number) {
  (void)number;
  const int kept = errno;
  while (waitpid(-1, NULL, WNOHANG) > 0) {
  }
  errno = kept;
}

FAULT(steal_children_in_start, START, (void)signal(SIGCHLD, wait_for_all),
      "The starting runtime installs a handler that waits for every child of the process.", PASSES);
FAULT(block_signals_in_start, START, (block_signals(), ignore_signals(SIGCHLD)),
      "The starting runtime blocks every signal, and ignores those that it can.", PASSES);
FAULT(change_surroundings_in_start, START, change_surroundings("/proc"),
      "The starting runtime changes locale, folder, environment, time zone and umask.", PASSES);
FAULT(lower_limits_in_start, START, set_limit(RLIMIT_NOFILE, 8),
      "The starting runtime lets its process open no more descriptors.",
      NOT_RUN("Too many open files"), QUICK);

FAULT(refuse_with_escapes_in_start, START, fail(call, "\x1b]0;title\a\n\t\xe2\x80\xae\xc2\x9b\xff"),
      "The runtime refuses to start, with a text that acts on terminals.",
      DOES_NOT_START("\\x1b]0;title\\x07 \\t<U+202E><U+009B>\xef\xbf\xbd"));

FAULT(crash_before_fork, BEFORE_FORK, crash(),
      "The host itself crashes, in the hook before a fork.",
      MAKES_ITS_HOST_FAIL("SIGSEGV ended it"), QUICK);
FAULT(crash_after_fork_in_host, AFTER_FORK_PARENT, crash(),
      "The host itself crashes, in the hook after a fork.",
      MAKES_ITS_HOST_FAIL("SIGSEGV ended it"));
FAULT(crash_after_fork_in_child, AFTER_FORK_CHILD, crash(),
      "Each process crashes before its program begins.",
      PASSES_SAYING("differs when forked: crash"), QUICK);
