// A plugin that is correct but for one fault; see fault.h. Of code it knows what programs and the
// doctor say: "arm SLOT" to eval, the name doctor_was_here, and "fail", "raise" and "1/0".
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/testing/plugins/rows.h"

char plugin_name[16] = "faulty";
char plugin_version[8] = "1";
const char* const id_format = "%04d";
const char* state_file = "";

static const struct fault* the_fault; // null: none
static int armed;                     // a hook, or 0
static atomic_int doctor_was_here;

#define MAIN "{ do = 'get_main', as = 'main' }"
#define CREATED "{ do = 'create', as = 'a' }"
const struct slot faulty_slots[14] = {
    {ENUMERATE, "enumerate", "interpreters.enumerate()", MAIN,
     "{ do = 'enumerate', expect = { exactly = ['main'] } }", NULL},
    {GET_CURRENT, "get-current", "interpreters.get_current()", MAIN,
     "{ do = 'get_current', expect = { same = 'main' } }", NULL},
    {GET_MAIN, "get-main", "interpreters.get_main()", "{ do = 'get_current', as = 'current' }",
     "{ do = 'get_main', expect = { same = 'current' } }", NULL},
    {CREATE, "create", "a = interpreters.create()", MAIN,
     "{ do = 'create', as = 'a', expect = { differs = ['main'] } }", "create.distinct"},
    {CONSTRUCT, "construct", "b = interpreters.Interpreter(main.id)", MAIN,
     "{ do = 'construct', on = 'main', as = 'b', expect = { same = 'main' } }", NULL},
    {READ_ID, "read-id", "a.id", CREATED,
     "{ do = 'read_id', on = 'a', expect = { same = 'a' } },"
     "{ do = 'read_id', on = 'a', expect = { same = 'a' } }",
     NULL},
    {WRITE_ID, "write-id", "a.id = 7", CREATED,
     "{ do = 'write_id', on = 'a', value = '7', expect = 'raises' }", NULL},
    {IS_RUNNING, "is-running", "a.is_running()", CREATED,
     "{ do = 'is_running', on = 'a', expect = { is = false } }", NULL},
    {DESTROY, "destroy", "a.destroy()", CREATED, "{ do = 'destroy', on = 'a', expect = 'ok' }",
     NULL},
    {RUN, "run", "a.run('fine')", CREATED, "{ do = 'run', on = 'a', code = 'fine', expect = 'ok' }",
     NULL},
    {RELEASE, "release", "del a", CREATED, "{ do = 'release', on = 'a', expect = 'ok' }", NULL},
    {EVAL, "eval", "exec('fine')", "", "{ do = 'eval', code = 'fine', expect = 'ok' }", NULL},
    {STOP, "stop", "the runtime could not be finalized",
     "{ do = 'create', as = 'a', expect = 'ok' }", "", "exit.clean"},
    {LANE, "lane", "a.run('fine')", CREATED,
     "{ do = 'open', gate = 'go' }, { do = 'wait', gate = 'done' },"
     "{ do = 'destroy', on = 'a', expect = 'ok' } ], ["
     "{ do = 'wait', gate = 'go' }, { do = 'run', on = 'a', code = 'fine', expect = 'ok' },"
     "{ do = 'open', gate = 'done' }",
     NULL},
};

// Set by the linker, around the section that ROW fills.
extern const struct fault* const __start_faults[] __attribute__((visibility("hidden")));
extern const struct fault* const __stop_faults[] __attribute__((visibility("hidden")));

const struct fault* const* faulty_plugin_faults(size_t* count) {
  *count = (size_t)(__stop_faults - __start_faults);
  return __start_faults;
}

void give_up(const char* why) {
  (void)fprintf(stderr, "faulty plugin: %s\n", why);
  abort();
}

void fail(struct call* call, const char* why) {
  (void)refuse(call, PEP554_FAILED, PEP554_OTHER, why);
}

void raise_error(struct call* call, const char* message) {
  (void)refuse(call, PEP554_RAISED, PEP554_OTHER, message);
}

int holds(const struct call* call, const char* text) {
  return memmem(call->text, call->size, text, strlen(text)) != NULL;
}

static void find_the_fault(void) {
  const char* name = getenv("PEP554_FAULT");
  if (name == NULL || *name == '\0')
    return;
  for (const struct fault* const* row = __start_faults; row < __stop_faults; ++row)
    if (strcmp((*row)->name, name) == 0)
      the_fault = *row;
  if (the_fault == NULL)
    give_up("PEP554_FAULT names no fault");
}

// Leaves the options that are not known, beginning with one.
static void take_options(struct call* call) {
  for (; call->size > 0 && strcmp(call->options->key, "state") == 0; ++call->options, --call->size)
    state_file = strdup(call->options->value); // lives as long as the process
}

// Handles the code "arm NAME" of eval.
static void arm(const struct call* call) {
  char code[32];
  for (size_t i = 0; i < sizeof faulty_slots / sizeof *faulty_slots; ++i) {
    (void)snprintf(code, sizeof code, "arm %s", faulty_slots[i].name);
    armed = is(call, code) ? (int)faulty_slots[i].hook : armed;
  }
}

// A message longer than a record has room for, cut between two characters.
static void script_failed(struct call* call) {
  char text[PEP554_MESSAGE_SIZE - 1];
  for (size_t i = 0; i + 1 < sizeof text; ++i)
    text[i] = "\xc3\xa9"[i % 2];
  text[sizeof text - 1] = '\0';
  (void)refuse(call, PEP554_RAISED, PEP554_SCRIPT_FAILED, text);
}

static void execute(struct call* call) {
  if (call->slot == EVAL)
    arm(call);
  if (call->slot == EVAL && holds(call, "doctor_was_here ="))
    doctor_was_here = 1;
  else if (call->slot == EVAL && holds(call, "doctor_was_here") && !doctor_was_here)
    raise_error(call, "there is no such name");
  else if (is(call, "fail") || holds(call, "raise") || (call->slot == EVAL && holds(call, "1/0")))
    script_failed(call);
}

// Leaves a file beside that of the option "state": so a test knows that the fault did act.
static void leave_a_mark(void) {
  char path[4096];
  (void)snprintf(path, sizeof path, "%s.acted", state_file);
  const int mark = *state_file == '\0' ? -1 : open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (mark >= 0)
    close(mark);
}

void plugin_at(enum hook hook, struct call* call) {
  if (hook == LOAD)
    find_the_fault();
  if (hook == START)
    take_options(call);
  const int needs_arming =
      (hook & (EACH_SLOT | LANE)) != 0 && the_fault != NULL && the_fault->severity == NOT_EXAMINED;
  if (the_fault != NULL && (the_fault->at & hook) != 0 && (!needs_arming || armed == (int)hook)) {
    leave_a_mark();
    the_fault->act(call);
  }
  if (hook == SCRIPT && !call->answered)
    execute(call);
}
