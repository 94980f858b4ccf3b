// What several hostile plugins do. Nothing here returns unless it says so.
#ifndef PEP554_MISDEEDS_H
#define PEP554_MISDEEDS_H

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define MISDEED __attribute__((unused)) static

// A true fault, not a signal that is sent.
MISDEED void crash(void) {
  int* volatile nowhere = NULL;
  *nowhere = 1;
}

MISDEED void loop(void) {
  for (volatile unsigned i = 0;; ++i) {
  }
}

MISDEED void sleep_for_ever(void) {
  while (1)
    pause();
}

// Writes all of it, unless it is refused. Returns.
MISDEED void write_all(int fd, const void* bytes, size_t size) {
  const char* at = bytes;
  while (size > 0) {
    const ssize_t written = write(fd, at, size);
    if (written < 0 && errno != EINTR)
      return;
    at += written > 0 ? written : 0;
    size -= written > 0 ? (size_t)written : 0;
  }
}

MISDEED void write_for_ever(int fd) {
  static const char text[65536] = "and so on";
  while (1)
    write_all(fd, text, sizeof text);
}

// Returns, having left a process that sleeps in a session of its own, its parents gone. The pipe
// makes sure that it is there.
MISDEED void leave_a_daemon(void) {
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
MISDEED int event_channel(int from) {
  for (int fd = from; fd < 1024; ++fd) {
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET)
      return fd;
  }
  return -1;
}

// Returns when the host has read all events, and sleeps again: then it has passed them on.
MISDEED void wait_until_heard(void) {
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
MISDEED void write_into_pipes_of(pid_t process, const void* bytes, size_t size) {
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
MISDEED pthread_t on_a_thread(void* (*function)(void*)) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, function, NULL) != 0)
    abort();
  return thread;
}

MISDEED void* crash_on_thread(void* nothing) {
  (void)nothing;
  crash();
  return NULL;
}

MISDEED void* sleep_on_thread(void* nothing) {
  (void)nothing;
  sleep_for_ever();
  return NULL;
}

#endif // PEP554_MISDEEDS_H
