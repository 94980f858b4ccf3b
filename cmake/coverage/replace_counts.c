// Linked into everything that is built for gcovr: a file of counts (.gcda) is replaced as a whole.
//
// libgcov adds a process's counts to the file in place. Programs under test are killed, also while
// they do that, and a file that was half written is refused by every later process: its counts are
// lost, and each says so on its standard error ("Merge mismatch"). So libgcov reads from the file
// as it is and writes to FILE.new, which takes its name once it is closed. FILE.lock is held from
// the one to the other: libgcov's own lock is on the file that is replaced.
//
// libgcov opens its files by fdopen(fd, "r+b"); the linker leads that here (--wrap=fdopen).
// Errors: a file that cannot be completed stays unchanged, and libgcov reports files that it cannot
// open. Threads: as libgcov, which writes one file at a time.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

FILE* __real_fdopen(int fd, const char* mode); // NOLINT(bugprone-reserved-identifier)
FILE* __wrap_fdopen(int fd, const char* mode); // NOLINT(bugprone-reserved-identifier)

typedef struct {
  char name[PATH_MAX];
  char fresh_name[PATH_MAX + sizeof(".new")];
  int taken; // the descriptor that libgcov opened: closed with the stream
  int lock;
  int counts;
  int fresh;
  bool written;
  bool failed;
} Replacement;

// The name that a descriptor was opened by, also when another file has it since.
static bool name_of(int fd, char* name) {
  static const char gone[] = " (deleted)";
  char link[sizeof("/proc/self/fd/") + 3 * sizeof fd];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link, name, PATH_MAX - 1);
  if (size <= 0)
    return false;
  name[size] = '\0';
  const size_t cut = sizeof gone - 1;
  if ((size_t)size > cut && strcmp(name + size - cut, gone) == 0)
    name[(size_t)size - cut] = '\0';
  return true;
}

// A lock of the process, not of the descriptor: a child that is forked meanwhile does not hold it.
static int locked(const char* name) {
  char lock_name[PATH_MAX + sizeof(".lock")];
  snprintf(lock_name, sizeof lock_name, "%s.lock", name);
  const int fd = open(lock_name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0)
    return -1;
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  while (fcntl(fd, F_SETLKW, &whole) != 0)
    if (errno != EINTR) {
      close(fd);
      return -1;
    }
  return fd;
}

static ssize_t read_counts(void* cookie, char* bytes, size_t size) {
  return read(((Replacement*)cookie)->counts, bytes, size);
}

static ssize_t write_fresh(void* cookie, const char* bytes, size_t size) {
  Replacement* const it = cookie;
  it->written = true;
  for (size_t done = 0; done < size;) {
    const ssize_t count = write(it->fresh, bytes + done, size - done);
    if (count < 0 && errno != EINTR) {
      it->failed = true;
      return 0;
    }
    done += count > 0 ? (size_t)count : 0;
  }
  return (ssize_t)size;
}

// libgcov goes to the beginning alone, between reading and writing.
static int seek(void* cookie, off64_t* offset, int whence) {
  Replacement* const it = cookie;
  if (*offset != 0 || whence != SEEK_SET)
    return -1;
  return lseek(it->counts, 0, SEEK_SET) == 0 && lseek(it->fresh, 0, SEEK_SET) == 0 ? 0 : -1;
}

static void let_go(Replacement* it) {
  close(it->counts);
  close(it->fresh);
  close(it->taken);
  close(it->lock); // the last: with it goes the right to the names
  free(it);
}

static int replace(void* cookie) {
  Replacement* const it = cookie;
  const bool whole = it->written && !it->failed;
  const int status = whole ? rename(it->fresh_name, it->name) : unlink(it->fresh_name);
  const bool failed = it->failed;
  let_go(it);
  return failed ? -1 : status;
}

static FILE* replacing(int fd) {
  Replacement* it = calloc(1, sizeof *it);
  if (it == NULL)
    return NULL;
  it->taken = fd;
  it->counts = it->fresh = -1;
  if (!name_of(fd, it->name) || (it->lock = locked(it->name)) < 0) {
    free(it);
    return NULL;
  }
  snprintf(it->fresh_name, sizeof it->fresh_name, "%s.new", it->name);
  // The file that has the name now: another process may have replaced what fd is.
  it->counts = open(it->name, O_RDONLY | O_CLOEXEC);
  it->fresh = open(it->fresh_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  const cookie_io_functions_t functions = {read_counts, write_fresh, seek, replace};
  FILE* stream = it->counts >= 0 && it->fresh >= 0 ? fopencookie(it, "r+b", functions) : NULL;
  if (stream == NULL) {
    it->taken = -1; // libgcov closes it
    let_go(it);
  }
  return stream;
}

FILE* __wrap_fdopen(int fd, const char* mode) { // NOLINT(bugprone-reserved-identifier)
  return strcmp(mode, "r+b") == 0 ? replacing(fd) : __real_fdopen(fd, mode);
}
