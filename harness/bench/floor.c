/* The floor: what a program costs that is isolated by a fork and by nothing else.
 *
 *   floor PLUGIN.so [key=value ...]
 *
 * Loads the plugin that the host loads and starts its runtime alike. For each line "NAME COUNT" on
 * standard input it executes the program NAME so many times, one after the other, each in a process
 * of its own: fork, the calls of the API through the slots of the plugin, _exit, waitpid. No pipe,
 * no protocol, no limits, nothing recorded. Answers with one line: the nanoseconds of each
 * execution, from before the fork until after the wait. A line "define" is followed by a program as
 * floor_script.h has it, which "script COUNT" from then on executes. Ends with its input; status 1
 * when a call of the API went wrong (of a script's, those that end its process), 2 when it could
 * not start.
 *
 * The programs are those of programs.cpp, in the calls that the host makes for them: an answer that
 * is an interpreter costs one read_id. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/abi/pep554_plugin.h"
#include "harness/bench/floor_script.h"

enum { MOST_OPTIONS = 64 };

static const pep554_plugin_t* api;
static const pep554_fork_t* hooks;
static pep554_runtime_t* runtime;
static script_t* current_script;

static void fail(int status, const char* what, const char* why) {
  fprintf(stderr, "floor: %s: %s\n", what, why);
  _exit(status);
}

static void check(pep554_status_t status, const char* what, const pep554_error_t* error) {
  if (status != PEP554_OK)
    fail(1, what, error->message);
}

static void start(const char* path, int count, char** words) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL)
    fail(2, path, dlerror());
  api = dlsym(library, PEP554_PLUGIN_SYMBOL);
  if (api == NULL || count > MOST_OPTIONS)
    fail(2, path, "no plugin, or too many options");
  pep554_option_t options[MOST_OPTIONS + 1];
  for (int i = 0; i < count; ++i) {
    char* equals = strchr(words[i], '=');
    if (equals == NULL)
      fail(2, words[i], "expected key=value");
    *equals = '\0';
    options[i].key = words[i];
    options[i].value = equals + 1;
  }
  pep554_error_t error = {.size = sizeof error};
  if (api->start(options, (size_t)count, &runtime, &error) != PEP554_OK)
    fail(2, path, error.message);
  hooks = api->get_extension(PEP554_EXT_FORK);
}

static void read_id(pep554_interpreter_t* interpreter) {
  pep554_error_t error = {.size = sizeof error};
  char id[64];
  size_t length = 0;
  check(api->read_id(runtime, interpreter, id, sizeof id, &length, &error), "read_id", &error);
}

/* Creates nothing. */
static void nothing(void) {
  pep554_error_t error = {.size = sizeof error};
  pep554_interpreter_t* interpreter = NULL;
  check(api->get_main(runtime, &interpreter, &error), "get_main", &error);
  read_id(interpreter);
}

/* Creates an interpreter, runs code there, destroys it. */
static void life(void) {
  static const char code[] = "x = 6 * 7";
  pep554_error_t error = {.size = sizeof error};
  pep554_interpreter_t* interpreter = NULL;
  check(api->create(runtime, &interpreter, &error), "create", &error);
  read_id(interpreter);
  check(api->run(runtime, interpreter, code, sizeof code - 1, &error), "run", &error);
  check(api->destroy(runtime, interpreter, &error), "destroy", &error);
}

/* Executes the script that was read last. */
static void script(void) {
  execute_script(current_script, api, runtime);
}

static void isolated(void (*program)(void)) {
  if (hooks != NULL)
    hooks->before_fork(runtime);
  const pid_t pid = fork();
  if (pid == 0) {
    if (hooks != NULL)
      hooks->after_fork_child(runtime);
    program();
    _exit(0);
  }
  if (hooks != NULL)
    hooks->after_fork_parent(runtime);
  int status = -1;
  if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
    fail(1, "fork", "a program did not end well");
}

static long long nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int argc, char** argv) {
  if (argc < 2)
    fail(2, "usage", "floor PLUGIN.so [key=value ...]");
  start(argv[1], argc - 2, argv + 2);
  char name[16];
  long count = 0;
  while (scanf("%15s", name) == 1) {
    if (strcmp(name, "define") == 0) {
      free_script(current_script);
      current_script = read_script(stdin);
      if (current_script == NULL)
        fail(2, "define", "this is no program");
      continue;
    }
    if (scanf("%ld", &count) != 1 || (current_script == NULL && strcmp(name, "script") == 0))
      fail(2, name, "expected a program's name and a number");
    void (*const program)(void) = strcmp(name, "life") == 0     ? life
                                  : strcmp(name, "script") == 0 ? script
                                                                : nothing;
    for (; count > 0; --count) {
      const long long before = nanoseconds();
      isolated(program);
      printf("%lld ", nanoseconds() - before);
    }
    puts("");
    fflush(stdout);
  }
  _exit(0); /* the runtime is left as it is */
}
