// The text that all C programs share.
#pragma once

namespace pep554::repro::c {

inline constexpr const char* includes = R"c(#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pep554_plugin.h"
)c";

// Between literals of C; an expression of Python without a quote.
inline constexpr const char* posix_macro = R"c(
// Pipes are the process's: code in every interpreter can write to them.
#define POSIX "__import__(bytes((112,111,115,105,120)).decode())"
)c";
inline constexpr const char* emit_macro =
    R"c(#define EMIT(step) "(lambda v: " POSIX ".write({}, (str(" #step ") + chr(32) + str(v)[:1500])" \
  ".encode() + bytes((10,))))"
)c";
inline constexpr const char* open_macro =
    R"c(#define OPEN(fd) POSIX ".write(" #fd ", bytes((33,)))"
)c";
inline constexpr const char* wait_macro =
    R"c(#define WAIT(in, out) "(lambda p: p.write(" #out ", p.read(" #in ", 1)))(" POSIX ")"
)c";

inline constexpr const char* basics = R"c(
#define MAYBE static __attribute__((unused)) // of what follows not every program uses all

static void leave(int status, const char* word, const char* step, const char* what) {
  printf("%s: %s%s%s\n", word, step, *step ? ": " : "", what);
  fflush(NULL);
  _exit(status);
}

MAYBE void reproduced(const char* step, const char* expected) {
  printf("%s: expected: %s\n", step, expected);
  leave(1, "reproduced", step, "see its answer above");
}

MAYBE void not_tried(const char* why) { leave(2, "not tried", "", why); }

MAYBE void must(pep554_status_t status, const char* step) {
  if (status != PEP554_OK)
    leave(2, "not tried", step, "a preparing step failed");
}

MAYBE void answered(const char* step, pep554_status_t status, const pep554_error_t* error) {
  static const char* const words[] = {"ok", "raised", "unsupported", "failed"};
  printf("%s: %s", step, (unsigned)status < 4 ? words[status] : "an unknown status");
  if (status != PEP554_OK)
    printf(" %s: %s", error->type, error->message);
  puts("");
  fflush(stdout);
  if (status == PEP554_UNSUPPORTED || status == PEP554_FAILED)
    leave(2, "not tried", step, error->message);
}

MAYBE void too_late(int number) {
  static const char word[] = "reproduced: no answer in time\n";
  (void)number;
  if (write(1, word, sizeof word - 1) < 0)
    _exit(2);
  _exit(1);
}

MAYBE void make_pipe(int reading) {
  int ends[2];
  if (pipe(ends) != 0 || dup2(ends[0], reading) < 0 || dup2(ends[1], reading + 1) < 0)
    not_tried("no pipe");
  close(ends[0]);
  close(ends[1]);
}

static void start(int argc, char** argv) {
  static pep554_option_t options[64];
  if (argc < 2 || argc > 65)
    leave(2, "usage", "", "repro PLUGIN.so [key=value ...]");
  void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL)
    not_tried(dlerror());
  api = dlsym(library, PEP554_PLUGIN_SYMBOL);
  if (api == NULL)
    not_tried("no plugin");
  for (int i = 2; i < argc; ++i) {
    char* equals = strchr(argv[i], '=');
    if (equals == NULL)
      not_tried("an option is key=value");
    *equals = '\0';
    options[i - 2] = (pep554_option_t){argv[i], equals + 1};
  }
  pep554_error_t error = {.size = sizeof error};
  if (api->start(options, (size_t)(argc - 2), &runtime, &error) != PEP554_OK)
    not_tried(error.message);
}
)c";

inline constexpr const char* read_id = R"c(
MAYBE pep554_status_t read_id(pep554_interpreter_t* interpreter, char id[64],
                               pep554_error_t* error) {
  size_t length = 0;
  const pep554_status_t status = api->read_id(runtime, interpreter, id, 64, &length, error);
  if (status == PEP554_OK && length >= 64)
    not_tried("an id is too long");
  return status;
}
)c";

inline constexpr const char* one = R"c(
static _Thread_local char last_id[64];

// An answer that is one interpreter. Without a name for it, it is let go.
MAYBE pep554_status_t one(pep554_status_t status, pep554_interpreter_t* made,
                           pep554_interpreter_t** handle, char* id, pep554_error_t* error) {
  if (status != PEP554_OK)
    return status;
  status = read_id(made, last_id, error);
  if (status == PEP554_OK)
    printf("  id %s\n", last_id);
  if (handle == NULL) {
    api->release(runtime, made);
    return status;
  }
  if (*handle != NULL)
    api->release(runtime, *handle);
  *handle = made;
  strcpy(id, last_id);
  return status;
}
)c";

inline constexpr const char* enumerate = R"c(
static _Thread_local char ids[256][64];
static _Thread_local size_t listed;

MAYBE pep554_status_t list(pep554_error_t* error) {
  pep554_interpreter_t* all[256];
  pep554_status_t status = api->enumerate(runtime, all, 256, &listed, error);
  if (status == PEP554_OK && listed > 256)
    not_tried("too many interpreters");
  for (size_t i = 0; status == PEP554_OK && i < listed; ++i) {
    status = read_id(all[i], ids[i], error);
    api->release(runtime, all[i]);
    printf("  id %s\n", ids[i]);
  }
  return status;
}
)c";

inline constexpr const char* count = R"c(
static size_t times(const char* id) {
  size_t count = 0;
  for (size_t i = 0; i < listed; ++i)
    count += strcmp(ids[i], id) == 0;
  return count;
}
)c";

// Lines "STEP TEXT" from the pipe.
inline constexpr const char* emissions = R"c(
static char emitted_lines[1 << 16];
static size_t emitted_size, skipped;

MAYBE void read_emissions(void) {
  fcntl(500, F_SETFL, O_NONBLOCK);
  ssize_t size = 0;
  while ((size = read(500, emitted_lines + emitted_size, sizeof emitted_lines - 1 - emitted_size)) > 0)
    emitted_size += (size_t)size;
}

// Whether the code of the step has emitted these lines, and no others.
MAYBE int has_emitted(int step, const char* lines) {
  char head[16];
  const size_t length = (size_t)snprintf(head, sizeof head, "%d ", step);
  read_emissions();
  for (const char* line = emitted_lines; *line != '\0'; line = strchr(line, '\n') + 1) {
    const size_t size = (size_t)(strchr(line, '\n') + 1 - line);
    if (strncmp(line, head, length) != 0)
      continue;
    if (strncmp(lines, line + length, size - length) != 0)
      return 0;
    lines += size - length;
  }
  return *lines == '\0';
}

MAYBE void skip(void) {
  read_emissions();
  skipped = emitted_size;
}

// Whether any code has emitted the line since skip().
MAYBE int was_emitted(const char* text) {
  read_emissions();
  for (const char* line = emitted_lines + skipped; *line != '\0'; line = strchr(line, '\n') + 1) {
    const char* emitted_text = strchr(line, ' ') + 1;
    if (strncmp(emitted_text, text, strlen(text)) == 0 && emitted_text[strlen(text)] == '\n')
      return 1;
  }
  return 0;
}
)c";

// Expected values of this run: ids of its interpreters, and its threads.
inline constexpr const char* filled = R"c(
MAYBE const char* thread_id(void) {
  static _Thread_local char id[24];
  snprintf(id, sizeof id, "%ld", (long)gettid());
  return id;
}

__attribute__((format(printf, 1, 2))) static const char* filled(const char* format, ...) {
  static _Thread_local char text[1 << 16];
  va_list values;
  va_start(values, format);
  vsnprintf(text, sizeof text, format, values);
  va_end(values);
  return text;
}
)c";

inline constexpr const char* gate = R"c(
MAYBE void open_gate(int writing) {
  if (write(writing, "!", 1) != 1)
    not_tried("a gate cannot be opened");
}

MAYBE void wait_gate(int reading) { // writes the byte back for the next lane
  char token = 0;
  if (read(reading, &token, 1) != 1)
    not_tried("a gate cannot be waited for");
  open_gate(reading + 1);
}
)c";

inline constexpr const char* attach =
    R"c(  const pep554_thread_t* thread = api->get_extension(PEP554_EXT_THREAD);
  void* state = NULL;
  {
    pep554_error_t error = {.size = sizeof error};
    if (thread->attach(runtime, &state, &error) != PEP554_OK)
      not_tried(error.message);
  }
)c";
inline constexpr const char* detach = R"c(  thread->detach(runtime, state);
  return none;
}
)c";

inline constexpr const char* finalize = R"c(  {
    pep554_error_t error = {.size = sizeof error};
    const pep554_status_t status = api->stop(runtime, &error);
    answered("the end", status, &error);
    if (status != PEP554_OK)
      reproduced("the end", "answers");
  }
)c";

inline constexpr const char* held = R"c(
static long entries(const char* folder) {
  long count = 0;
  DIR* opened = opendir(folder);
  while (opened != NULL && readdir(opened) != NULL)
    ++count;
  if (opened != NULL)
    closedir(opened);
  return count;
}

// KiB of memory that are no file's.
static long memory(void) {
  char line[256];
  long kib = 0;
  FILE* status = fopen("/proc/self/status", "r");
  while (status != NULL && fgets(line, sizeof line, status) != NULL)
    if (sscanf(line, "RssAnon: %ld", &kib) == 1)
      break;
  if (status != NULL)
    fclose(status);
  return kib;
}
)c";

// Resources that grow in each quarter.
inline constexpr const char* repeated = R"c(  enum {{ TIMES = {} }};
  static long after[3][TIMES];
  for (int i = 0; i < TIMES; ++i) {{
    once();
    after[0][i] = memory();
    after[1][i] = entries("/proc/self/fd");
    after[2][i] = entries("/proc/self/task");
  }}
  static const char* const words[] = {{"memory", "descriptors", "threads"}};
  for (int what = 0; what < 3; ++what) {{
    long least = what == 0 ? 256 : TIMES / 16;
    int grows = 1;
    for (int quarter = 1; quarter < 4; ++quarter)
      grows = grows && after[what][TIMES * (quarter + 1) / 4 - 1] - after[what][TIMES * quarter / 4 - 1] >= least;
    if (grows)
      reproduced(words[what], "no growth");
  }}
)c";

} // namespace pep554::repro::c
