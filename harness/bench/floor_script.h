/* Programs for the floor: lists of operations for one thread. */
#ifndef PEP554_BENCH_FLOOR_SCRIPT_H
#define PEP554_BENCH_FLOOR_SCRIPT_H

#include <stdio.h>

#include "harness/abi/pep554_plugin.h"

typedef struct script script_t;

/* Reads what FloorProcess::send writes: "STEPS NAMES FINALIZE", then STEPS times "OP ON AS LENGTH"
 * and in the next line LENGTH bytes of text. OP is the name of an operation as a table has it; ON
 * and AS are numbers of names below NAMES, or -1; FINALIZE is 1 when the runtime is finalized at
 * the end. Null when it is something else. */
script_t* read_script(FILE* in);
void free_script(script_t* script); /* null is nothing */

/* Executes it in this process, ignores the answers, and leaves the process
 * with status 0. As the host does it: a handle that nothing names is released at once, and an
 * answer that is interpreters costs a read_id for each. What it prints goes nowhere. */
_Noreturn void execute_script(const script_t* script, const pep554_plugin_t* api,
                              pep554_runtime_t* runtime);

#endif
