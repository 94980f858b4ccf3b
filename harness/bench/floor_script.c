#include "harness/bench/floor_script.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_STEPS = 10000, MOST_LISTED = 256, ID_SIZE = 64 };

typedef struct step {
  char op[16];
  int on; /* -1: none */
  int as;
  size_t size;
  char* text; /* NUL-terminated */
} step_t;

struct script {
  int count;
  int names;
  int finalize;
  step_t steps[];
};

typedef struct world {
  const pep554_plugin_t* api;
  pep554_runtime_t* runtime;
  pep554_interpreter_t** handles; /* by name; null: none */
} world_t;

static int read_step(FILE* in, int names, step_t* step) {
  if (fscanf(in, "%15s %d %d %zu", step->op, &step->on, &step->as, &step->size) != 4 ||
      fgetc(in) != '\n' || step->on >= names || step->as >= names || step->size > 1U << 20U)
    return 0;
  step->text = calloc(step->size + 1, 1);
  return step->text != NULL && fread(step->text, 1, step->size, in) == step->size;
}

script_t* read_script(FILE* in) {
  int count = 0;
  int names = 0;
  int finalize = 0;
  if (fscanf(in, "%d %d %d", &count, &names, &finalize) != 3 || count < 0 || count > MOST_STEPS ||
      names < 0 || names > MOST_STEPS)
    return NULL;
  script_t* script = calloc(1, sizeof *script + (size_t)count * sizeof script->steps[0]);
  if (script == NULL)
    return NULL;
  script->names = names;
  script->finalize = finalize;
  for (; script->count < count; ++script->count) {
    if (!read_step(in, names, &script->steps[script->count])) {
      free_script(script);
      return NULL;
    }
  }
  return script;
}

void free_script(script_t* script) {
  for (int i = 0; script != NULL && i < script->count; ++i)
    free(script->steps[i].text);
  free(script);
}

static pep554_status_t read_id(const world_t* world, pep554_interpreter_t* one, char* id) {
  pep554_error_t error = {.size = sizeof error};
  size_t length = 0;
  return world->api->read_id(world->runtime, one, id, ID_SIZE, &length, &error);
}

static void answer(const world_t* world, int as, pep554_interpreter_t* one) {
  char id[ID_SIZE];
  read_id(world, one, id);
  pep554_interpreter_t* unnamed = one;
  if (as >= 0) {
    unnamed = world->handles[as];
    world->handles[as] = one;
  }
  if (unnamed != NULL)
    world->api->release(world->runtime, unnamed);
}

static void enumerate(const world_t* world) {
  pep554_error_t error = {.size = sizeof error};
  pep554_interpreter_t* all[MOST_LISTED];
  size_t count = 0;
  if (world->api->enumerate(world->runtime, all, MOST_LISTED, &count, &error) != PEP554_OK)
    return;
  for (size_t i = 0; i < count && i < MOST_LISTED; ++i)
    answer(world, -1, all[i]);
}

static void construct(const world_t* world, const step_t* step) {
  pep554_error_t error = {.size = sizeof error};
  pep554_interpreter_t* made = NULL;
  char id[ID_SIZE];
  const char* wanted = step->text;
  if (step->on >= 0) {
    if (world->handles[step->on] == NULL ||
        read_id(world, world->handles[step->on], id) != PEP554_OK)
      return;
    wanted = id;
  }
  if (world->api->construct(world->runtime, wanted, &made, &error) == PEP554_OK)
    answer(world, step->as, made);
}

static void eval(const world_t* world, const step_t* step) {
  pep554_error_t error = {.size = sizeof error};
  const pep554_eval_t* extension = world->api->get_extension(PEP554_EXT_EVAL);
  if (extension != NULL)
    extension->eval(world->runtime, step->text, step->size, &error);
}

static void on_handle(const world_t* world, const step_t* step, pep554_interpreter_t* one) {
  const pep554_plugin_t* api = world->api;
  pep554_error_t error = {.size = sizeof error};
  int32_t running = 0;
  char id[ID_SIZE];
  if (strcmp(step->op, "read_id") == 0)
    read_id(world, one, id);
  else if (strcmp(step->op, "write_id") == 0)
    api->write_id(world->runtime, one, step->text, &error);
  else if (strcmp(step->op, "is_running") == 0)
    api->is_running(world->runtime, one, &running, &error);
  else if (strcmp(step->op, "destroy") == 0)
    api->destroy(world->runtime, one, &error);
  else if (strcmp(step->op, "run") == 0)
    api->run(world->runtime, one, step->text, step->size, &error);
  else if (strcmp(step->op, "release") == 0) {
    world->handles[step->on] = NULL;
    api->release(world->runtime, one);
  }
}

static void perform(const world_t* world, const step_t* step) {
  const pep554_plugin_t* api = world->api;
  pep554_error_t error = {.size = sizeof error};
  pep554_interpreter_t* one = NULL;
  pep554_status_t status = PEP554_FAILED;
  if (strcmp(step->op, "enumerate") == 0)
    enumerate(world);
  else if (strcmp(step->op, "construct") == 0)
    construct(world, step);
  else if (strcmp(step->op, "eval") == 0)
    eval(world, step);
  else if (strcmp(step->op, "get_current") == 0)
    status = api->get_current(world->runtime, &one, &error);
  else if (strcmp(step->op, "get_main") == 0)
    status = api->get_main(world->runtime, &one, &error);
  else if (strcmp(step->op, "create") == 0)
    status = api->create(world->runtime, &one, &error);
  else if (step->on >= 0 && world->handles[step->on] != NULL)
    on_handle(world, step, world->handles[step->on]);
  if (status == PEP554_OK)
    answer(world, step->as, one);
}

void execute_script(const script_t* script, const pep554_plugin_t* api, pep554_runtime_t* runtime) {
  world_t world = {api, runtime, calloc((size_t)script->names + 1, sizeof(pep554_interpreter_t*))};
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (world.handles == NULL || nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0 ||
      dup2(nowhere, STDERR_FILENO) < 0)
    _exit(1);
  for (int i = 0; i < script->count; ++i)
    perform(&world, &script->steps[i]);
  if (!script->finalize)
    _exit(0);
  pep554_error_t error = {.size = sizeof error};
  api->stop(runtime, &error);
  exit(0);
}
