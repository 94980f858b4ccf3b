// Actions that several faults of the test plugins share. Functions do not return unless stated.
#ifndef PEP554_TESTING_FAULT_HELPERS_H
#define PEP554_TESTING_FAULT_HELPERS_H

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HELPER __attribute__((unused)) static

// A true fault, not a signal that is sent.
HELPER void crash(void) {
  int* volatile nowhere = NULL;
  *nowhere = 1;
}

HELPER void loop(void) {
  for (volatile unsigned i = 0;; ++i) {
  }
}

HELPER void sleep_for_ever(void) {
  while (1)
    pause();
}

// Writes all of it, unless it is refused. Returns.
HELPER void write_all(int fd, const void* bytes, size_t size) {
  const char* at = bytes;
  while (size > 0) {
    const ssize_t written = write(fd, at, size);
    if (written < 0 && errno != EINTR)
      return;
    at += written > 0 ? written : 0;
    size -= written > 0 ? (size_t)written : 0;
  }
}

HELPER void write_for_ever(int fd) {
  static const char text[65536] = "and so on";
  while (1)
    write_all(fd, text, sizeof text);
}

// Returns, having left a process that sleeps in a session of its own, its parents gone. The pipe
// makes sure that it is there.
HELPER void leave_a_daemon(void) {
  int ready[2];
  if (pipe(ready) != 0)
    abort();
  if (fork() == 0) {
    setsid();
    if (fork() == 0) {
      write_all(ready[1], "!", 1);
      sleep_for_ever();
    }
    _exit(0);
  }
  close(ready[1]);
  char byte = 0;
  while (read(ready[0], &byte, 1) < 0 && errno == EINTR) {
  }
  close(ready[0]);
}

// The first descriptor from `from` on that is a socket of records: the event channel. -1 at none.
HELPER int event_channel(int from) {
  for (int fd = from; fd < 1024; ++fd) {
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET)
      return fd;
  }
  return -1;
}

// Returns when the host has read all events, and sleeps again: then it has passed them on.
HELPER void wait_until_heard(void) {
  const int channel = event_channel(3);
  char path[64];
  (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)getppid());
  for (char state = 'R'; state != 'S';) {
    int unread = 1;
    while (ioctl(channel, SIOCOUTQ, &unread) == 0 && unread > 0)
      usleep(1000);
    FILE* stat = fopen(path, "r");
    if (stat == NULL || fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
      abort();
    (void)fclose(stat);
  }
}

// Writes to each pipe of another process that can be written to. Returns.
HELPER void write_into_pipes_of(pid_t process, const void* bytes, size_t size) {
  for (int fd = 0; fd < 1024; ++fd) {
    char path[64];
    struct stat what;
    (void)snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)process, fd);
    if (stat(path, &what) != 0 || !S_ISFIFO(what.st_mode))
      continue;
    const int pipe_end = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (pipe_end < 0)
      continue;
    write_all(pipe_end, bytes, size);
    close(pipe_end);
  }
}

// Runs a function on a new thread. Returns.
HELPER pthread_t on_a_thread(void* (*function)(void*)) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, function, NULL) != 0)
    abort();
  return thread;
}

HELPER void* crash_on_thread(void* nothing) {
  (void)nothing;
  crash();
  return NULL;
}

HELPER void* sleep_on_thread(void* nothing) {
  (void)nothing;
  sleep_for_ever();
  return NULL;
}

// Returns, as do the next two.
HELPER void block_signals(void) {
  sigset_t all;
  sigfillset(&all);
  (void)pthread_sigmask(SIG_BLOCK, &all, NULL);
}

// All that can be, but one.
HELPER void ignore_signals(int but) {
  for (int number = 1; number < NSIG; ++number)
    if (number != but)
      (void)signal(number, SIG_IGN);
}

// Sets both limits of a resource.
HELPER void set_limit(int resource, rlim_t most) {
  const struct rlimit limit = {most, most};
  (void)setrlimit(resource, &limit);
}

// Runs for ever unless it is stopped.
HELPER int recurse(int level) {
  static volatile int depth;
  char room[4096];
  depth = level;
  memset(room, level, sizeof room);
  return level < 0 ? 0 : recurse(level + 1) + room[depth % 4096];
}

// Changes locale, folder, environment, time zone and umask. Returns.
HELPER void change_surroundings(const char* folder) {
  setenv("LC_ALL", "C.UTF-8", 1);
  if (setlocale(LC_ALL, "") == NULL || chdir(folder) != 0)
    abort();
  clearenv();
  setenv("TZ", "Antarctica/Troll", 1);
  tzset();
  umask(0777);
}

// Returns, having written what is no record to the event channel, five times.
HELPER void write_malformed_events(void) {
  static const char* const malformed[] = {"\xff\xfe", "{\"e\":", "[]",
                                          "{\"e\":\"called\",\"lane\":9}"};
  for (size_t i = 0; i < sizeof malformed / sizeof *malformed; ++i)
    write_all(event_channel(3), malformed[i], strlen(malformed[i]));
  (void)send(event_channel(3), "", 0, 0);
}

// Returns, having left a folder of that mode with a file in $TMPDIR.
HELPER void leave_a_file(mode_t mode) {
  const char* temporary = getenv("TMPDIR");
  char folder[4096];
  char path[4104];
  (void)snprintf(folder, sizeof folder, "%s/pep554-faulty-XXXXXX",
                 temporary != NULL ? temporary : "/tmp");
  if (mkdtemp(folder) == NULL)
    abort();
  (void)snprintf(path, sizeof path, "%s/a-file", folder);
  close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0));
  (void)chmod(folder, mode);
}

// Returns, having kept 100 KiB. Writes them, so that they are held and not only promised.
HELPER void leak_memory(void) {
  const size_t size = 100 << 10;
  void* volatile kept = malloc(size);
  memset(kept, 1, size);
}

#endif // PEP554_TESTING_FAULT_HELPERS_H
